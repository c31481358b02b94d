import Synchronization

/// A value that many tasks change, one at a time. `Mutex` can't be copied, and so not be held by
/// what is; this can.
public final class Guarded<Value>: Sendable {
  private let mutex: Mutex<Value>

  public init(_ value: sending Value) {
    mutex = Mutex(value)
  }

  public func withLock<Result: Sendable>(
    _ body: (inout Value) throws -> Result
  ) rethrows -> Result {
    try mutex.withLock { value in
      try body(&value)
    }
  }
}
