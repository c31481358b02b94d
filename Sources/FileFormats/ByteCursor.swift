/// Takes values of a fixed form from a page's bytes, little end first.
struct ByteCursor {
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var left: Int { bytes.endIndex - position }

  /// - Throws: `FormatError` where there are not so many.
  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw FormatError("a page ends too early") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func byte() throws -> UInt8 {
    guard left > 0 else { throw FormatError("a page ends too early") }
    defer { position += 1 }
    return bytes[position]
  }

  /// A number of `count` bytes, at most eight.
  mutating func number(_ count: Int) throws -> UInt64 {
    guard count <= left else { throw FormatError("a page ends too early") }
    var value: UInt64 = 0
    for place in 0..<count { value |= UInt64(bytes[position + place]) << UInt64(8 * place) }
    position += count
    return value
  }

  /// Seven bits in each byte.
  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      if shift == 63, next > 1 { break }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
    }
    throw FormatError("a page has a number of more than 64 bits")
  }

  mutating func zigzag() throws -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

/// Numbers of a few bits each, packed from the lowest bit of the first byte on.
struct PackedBits {
  private let bytes: ArraySlice<UInt8>
  private let width: Int
  private var position: Int
  private var buffer: UInt64 = 0
  private var held = 0

  /// - Parameter width: bits of each number, 0 to 64.
  init(_ bytes: ArraySlice<UInt8>, width: Int) {
    self.bytes = bytes
    self.width = width
    position = bytes.startIndex
  }

  /// Zeros behind the last byte.
  mutating func next() -> UInt64 {
    if width > 56 { return wide() }
    while held < width {
      let byte = position < bytes.endIndex ? bytes[position] : 0
      position += 1
      buffer |= UInt64(byte) << UInt64(held)
      held += 8
    }
    let value = buffer & (UInt64(1) << UInt64(width) - 1)
    buffer >>= UInt64(width)
    held -= width
    return value
  }

  /// What does not fit the buffer beside other bits is taken bit by bit.
  private mutating func wide() -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<width {
      let bit = position + held / 8
      if bit < bytes.endIndex, bytes[bit] >> UInt8(held % 8) & 1 == 1 {
        value |= UInt64(1) << UInt64(place)
      }
      held += 1
    }
    position += held / 8
    held %= 8
    return value
  }
}
