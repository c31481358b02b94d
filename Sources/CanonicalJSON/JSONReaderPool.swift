import Foundation

/// Readers between two uses, with their buffers.
///
/// It stands on the system's own lock and not on the standard library's `Mutex`, whose locking the
/// thread sanitizer does not see on Linux.
// Sendable because the list is only touched with the lock held, and a reader is in it only while
// nobody uses it.
private final class IdleReaders: @unchecked Sendable {
  private let lock = NSLock()
  private var readers: [JSONReader] = []

  func take() -> JSONReader {
    lock.withLock { readers.popLast() } ?? JSONReader()
  }

  func giveBack(_ reader: JSONReader) {
    lock.withLock { readers.append(reader) }
  }
}

private let idle = IdleReaders()

extension JSONReader {
  /// Lends a reader that nobody else uses meanwhile. Its buffers stay as large as they once became,
  /// and there are as many readers as were ever used at once.
  public static func pooled<Result, Failure: Error>(
    _ body: (JSONReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let reader = idle.take()
    defer { idle.giveBack(reader) }
    return try body(reader)
  }
}
