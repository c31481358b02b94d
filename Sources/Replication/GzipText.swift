import CZlib

/// Inflates gzip as it comes, one stream or several in a row. Not for two threads at once.
final class GzipText {
  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  private let handle: OpaquePointer
  private var output = [UInt8](repeating: 0, count: 256 << 10)
  private var isAtEnd = false

  /// - Throws: `Damage` where zlib has no memory.
  init() throws {
    guard let handle = czlib_open(CZLIB_GZIP) else {
      throw Damage(description: "zlib has no memory for it")
    }
    self.handle = handle
  }

  deinit {
    czlib_close(handle)
  }

  /// Calls `body` with every stretch that comes of the bytes.
  /// - Throws: `Damage`, and what `body` throws.
  func inflate(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    guard !bytes.isEmpty else { return }
    var offset = 0
    while true {
      let (result, consumed, written) = next(bytes[offset...])
      offset += consumed
      guard result == CZLIB_DONE || result == CZLIB_FULL else {
        throw Damage(description: "its gzip data is damaged")
      }
      isAtEnd = result == CZLIB_DONE
      if written > 0 { try body(output[..<written]) }
      // What zlib still has comes out as long as it fills all the room.
      let isDry = consumed == 0 && written == 0
      if offset == bytes.count, isAtEnd || written < output.count { return }
      if isDry { throw Damage(description: "its gzip data is damaged") }
    }
  }

  /// - Throws: `Damage` where the data ends in the middle.
  func finish() throws {
    guard isAtEnd else { throw Damage(description: "its gzip data ends too early") }
  }

  private func next(
    _ bytes: ArraySlice<UInt8>
  ) -> (result: czlib_result, consumed: Int, written: Int) {
    var (consumed, written) = (0, 0)
    let room = output.count
    let result = bytes.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        czlib_next(
          handle, source.baseAddress, source.count, &consumed, target.baseAddress, room, &written)
      }
    }
    return (result, consumed, written)
  }
}
