/// Values one after the other: those of a page, or of a dictionary.
enum ParquetTable: Sendable {
  case truths([Bool])
  case integers([Int64])
  case bytes([UInt8], spans: [Span])

  /// Where one value lies among the bytes.
  struct Span: Sendable {
    let start: UInt32
    let end: UInt32
  }

  /// What one table may hold, in bytes.
  static let most = 128 << 20

  var count: Int {
    switch self {
    case .truths(let values): values.count
    case .integers(let values): values.count
    case .bytes(_, let spans): spans.count
    }
  }

  subscript(index: Int) -> ParquetValue {
    switch self {
    case .truths(let values): .truth(values[index])
    case .integers(let values): .integer(values[index])
    case .bytes(let bytes, let spans):
      .bytes(bytes[Int(spans[index].start)..<Int(spans[index].end)])
    }
  }

  // MARK: - PLAIN

  /// Reads `count` values that fill the bytes.
  /// - Throws: `FormatError`, also for a type that is not read.
  static func plain(_ bytes: [UInt8], from start: Int, _ kind: ParquetColumn.Kind, count: Int)
    throws -> ParquetTable
  {
    var cursor = ByteCursor(bytes[start...])
    let table: ParquetTable
    switch kind {
    case .boolean:
      var bits = PackedBits(try cursor.take((count + 7) / 8), width: 1)
      table = .truths((0..<count).map { _ in bits.next() == 1 })
    case .int32: table = .integers(try integers(&cursor, count) { (value: Int32) in Int64(value) })
    case .int64: table = .integers(try integers(&cursor, count) { (value: Int64) in value })
    case .byteArray:
      var spans: [Span] = []
      guard count <= cursor.left / 4 else { throw FormatError("a page ends too early") }
      spans.reserveCapacity(count)
      for _ in 0..<count {
        let span = try cursor.take(Int(try cursor.number(4)))
        spans.append(Span(start: UInt32(span.startIndex), end: UInt32(span.endIndex)))
      }
      table = .bytes(bytes, spans: spans)
    case .int96, .float, .double, .fixedLengthByteArray:
      throw FormatError("its type \(kind) is not read")
    }
    guard cursor.left == 0 else { throw FormatError("a page has bytes behind its values") }
    return table
  }

  private static func integers<Raw: FixedWidthInteger>(
    _ cursor: inout ByteCursor, _ count: Int, _ value: (Raw) -> Int64
  ) throws -> [Int64] {
    let width = MemoryLayout<Raw>.size
    guard count <= cursor.left / width else { throw FormatError("a page ends too early") }
    return try cursor.take(count * width).withUnsafeBytes { bytes in
      (0..<count).map { index in
        value(Raw(littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: Raw.self)))
      }
    }
  }
}
