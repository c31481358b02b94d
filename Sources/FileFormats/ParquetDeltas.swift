/// The format's DELTA encodings: numbers as differences, lengths apart from bytes, prefixes shared.
enum ParquetDeltas {
  /// DELTA_BINARY_PACKED: `count` numbers.
  /// - Parameter bits: 32 or 64; sums wrap around at it.
  static func numbers(_ cursor: inout ByteCursor, count: Int, bits: Int) throws -> [Int64] {
    let (block, parts) = (try cursor.varint(), try cursor.varint())
    let total = try cursor.varint()
    let first = try cursor.zigzag()
    guard (1...1024).contains(parts), block % (parts * 8) == 0, block > 0, block <= 1 << 20 else {
      throw FormatError("a page has blocks of an impossible size")
    }
    guard total == UInt64(count) else {
      throw FormatError("a page has \(total) values, and its header says otherwise")
    }
    var values: [Int64] = []
    values.reserveCapacity(count)
    if count > 0 { values.append(first) }
    while values.count < count {
      try addBlock(&cursor, Int(block / parts), Int(parts), bits, count, to: &values)
    }
    return bits == 32 ? values.map { Int64(Int32(truncatingIfNeeded: $0)) } : values
  }

  private static func addBlock(
    _ cursor: inout ByteCursor, _ size: Int, _ parts: Int, _ bits: Int, _ count: Int,
    to values: inout [Int64]
  ) throws {
    let least = try cursor.zigzag()
    let widths = try cursor.take(parts)
    for width in widths where values.count < count {
      guard width <= bits else { throw FormatError("a page has numbers of \(width) bits") }
      let wanted = min(size, count - values.count)
      // The last part of the last block may lack the bytes of what it does not hold.
      guard cursor.left >= (wanted * Int(width) + 7) / 8 else {
        throw FormatError("a page ends too early")
      }
      var packed = PackedBits(
        try cursor.take(min(size * Int(width) / 8, cursor.left)), width: Int(width))
      for _ in 0..<wanted {
        let delta = least &+ Int64(bitPattern: packed.next())
        values.append((values.last ?? 0) &+ delta)
      }
    }
  }

  /// DELTA_LENGTH_BYTE_ARRAY: lengths, then the bytes of all.
  static func strings(_ cursor: inout ByteCursor, count: Int) throws -> ParquetTable {
    let lengths = try numbers(&cursor, count: count, bits: 32)
    var spans: [ParquetTable.Span] = []
    spans.reserveCapacity(count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(cursor.left)
    for length in lengths {
      let start = UInt32(bytes.count)
      bytes += try cursor.take(Int(length))
      spans.append(.init(start: start, end: UInt32(bytes.count)))
    }
    return .bytes(bytes, spans: spans)
  }

  /// DELTA_BYTE_ARRAY: how many bytes each has in common with the one before, then the rest of each.
  /// - Parameter limit: bytes that it may grow to.
  static func prefixed(
    _ cursor: inout ByteCursor, count: Int, limit: Int = ParquetTable.most
  ) throws -> ParquetTable {
    let shared = try numbers(&cursor, count: count, bits: 32)
    guard case .bytes(let rests, let parts) = try strings(&cursor, count: count) else {
      throw FormatError("a page is damaged")
    }
    var bytes: [UInt8] = []
    var spans: [ParquetTable.Span] = []
    spans.reserveCapacity(count)
    var last = 0..<0
    for (shared, part) in zip(shared, parts) {
      guard shared >= 0, shared <= last.count else {
        throw FormatError("a page has a value that shares more than there is")
      }
      let start = bytes.count
      bytes += bytes[last.lowerBound..<last.lowerBound + Int(shared)]
      bytes += rests[Int(part.start)..<Int(part.end)]
      guard bytes.count <= limit else {
        throw FormatError("a page grows beyond \(limit) bytes")
      }
      last = start..<bytes.count
      spans.append(.init(start: UInt32(start), end: UInt32(bytes.count)))
    }
    return .bytes(bytes, spans: spans)
  }
}
