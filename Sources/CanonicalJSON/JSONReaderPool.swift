import Synchronization

/// Readers between two uses, with their buffers.
private struct IdleReaders: ~Copyable, Sendable {
  // A reader is in the list only while nobody uses it.
  private struct Idle: @unchecked Sendable {
    let reader: JSONReader
  }

  private let readers = Mutex<[Idle]>([])

  func take() -> JSONReader {
    readers.withLock { $0.popLast()?.reader } ?? JSONReader()
  }

  func giveBack(_ reader: JSONReader) {
    let idle = Idle(reader: reader)
    readers.withLock { $0.append(idle) }
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
