import Foundation

/// A value that one thread at a time can reach.
///
/// It stands on the system's own lock and not on the standard library's `Mutex`, whose locking
/// the thread sanitizer does not see on Linux: it would report every use as a race.
// Sendable because the value is only ever touched with the lock held.
final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
  }

  /// Must not be called from within itself.
  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
