/// The format's hybrid of runs and packed bits: levels, indices of a dictionary, truth values.
enum ParquetRuns {
  /// Reads `count` numbers of `width` bits, 32 at most.
  /// - Throws: `FormatError` where there are fewer, or one is above `most`.
  static func numbers(
    _ cursor: inout ByteCursor, width: Int, count: Int, most: Int
  ) throws -> [Int32] {
    guard (0...32).contains(width) else { throw FormatError("a page has numbers of \(width) bits") }
    var numbers: [Int32] = []
    numbers.reserveCapacity(count)
    while numbers.count < count {
      let header = try cursor.varint()
      let length = header >> 1
      guard length > 0, length <= 1 << 32 else { throw FormatError("a page has an empty run") }
      let left = count - numbers.count
      if header & 1 == 1 {
        try unpack(&cursor, width: width, groups: Int(length), left: left, most, into: &numbers)
      } else {
        let value = try cursor.number((width + 7) / 8)
        try check(value, most)
        numbers.append(contentsOf: repeatElement(Int32(value), count: min(Int(length), left)))
      }
    }
    return numbers
  }

  /// Groups of eight; what the last one has too many does not count, nor need its bytes be there.
  private static func unpack(
    _ cursor: inout ByteCursor, width: Int, groups: Int, left: Int, _ most: Int,
    into numbers: inout [Int32]
  ) throws {
    let wanted = min(groups * 8, left)
    let needed = (wanted * width + 7) / 8
    guard needed <= cursor.left else { throw FormatError("a page ends too early") }
    var bits = PackedBits(try cursor.take(min(groups * width, cursor.left)), width: width)
    for _ in 0..<wanted {
      let value = bits.next()
      try check(value, most)
      numbers.append(Int32(value))
    }
  }

  private static func check(_ value: UInt64, _ most: Int) throws {
    guard value <= UInt64(min(most, Int(Int32.max))) else {
      throw FormatError("a page has the number \(value), where \(most) is the highest")
    }
  }
}
