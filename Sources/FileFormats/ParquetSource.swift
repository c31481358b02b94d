/// Where the bytes of a Parquet file come from.
public protocol ParquetSource: Sendable {
  /// Bytes from `offset` on, at most `count`, fewer only at the file's end; and the size of the whole
  /// file in bytes.
  func read(from offset: Int, count: Int) async throws -> (bytes: [UInt8], size: Int)
}

/// Reads pieces of a file, and keeps its beginning and its end, so that a small file is asked for once.
struct ParquetPieces: Sendable {
  /// Bytes that are read first.
  static let first = 1 << 20
  /// Bytes from the end on that are read with the footer of a larger file.
  private static let last = 64 << 10

  private let source: any ParquetSource
  private let head: [UInt8]
  let size: Int

  /// - Throws: what the source throws, and `FormatError`.
  init(_ source: any ParquetSource) async throws {
    self.source = source
    (head, size) = try await source.read(from: 0, count: Self.first)
    guard head.count == min(size, Self.first) else { throw FormatError("it ends too early") }
  }

  /// Exactly these bytes.
  func bytes(from offset: Int, count: Int) async throws -> ArraySlice<UInt8> {
    guard offset >= 0, count >= 0, count <= size - offset else {
      throw FormatError("it ends too early")
    }
    if offset + count <= head.count { return head[offset..<offset + count] }
    let (bytes, size) = try await source.read(from: offset, count: count)
    guard size == self.size else { throw FormatError("it changed while it was read") }
    guard bytes.count == count else { throw FormatError("it ends too early") }
    return bytes[...]
  }

  /// The footer without its length and the mark behind it, and where it begins.
  /// - Parameter most: bytes that it may have.
  func footer(most: Int) async throws -> (bytes: ArraySlice<UInt8>, start: Int) {
    let mark = Array("PAR1".utf8)
    guard size >= 12, head.starts(with: mark) else {
      let isEncrypted = head.starts(with: Array("PARE".utf8))
      throw FormatError(isEncrypted ? "it is encrypted" : "it is no Parquet file")
    }
    let tail = min(size, Self.last)
    let end = try await bytes(from: size - tail, count: tail)
    guard end.suffix(4).elementsEqual(mark) else {
      let isEncrypted = end.suffix(4).elementsEqual("PARE".utf8)
      throw FormatError(isEncrypted ? "it is encrypted" : "it has no Parquet footer at its end")
    }
    let length = end.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= most else {
      throw FormatError("its footer has \(length) bytes, more than \(most) are not read")
    }
    let start = size - 8 - length
    guard start >= 4 else { throw FormatError("its footer is longer than it is itself") }
    if length + 8 <= tail { return (end.dropLast(8).suffix(length), start) }
    return (try await bytes(from: start, count: length), start)
  }
}
