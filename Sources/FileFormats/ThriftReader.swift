/// Reads Thrift's compact protocol, in which Parquet writes its metadata, from bytes that nobody
/// vouches for.
struct ThriftReader {
  /// The bytes end in the middle of a value.
  struct TooShort: Error {}

  /// The compact protocol's types, as they stand in a field's header.
  enum Kind: UInt8 {
    case isTrue = 1
    case isFalse, byte, short, int, long, double, binary, list, set, map, structure
  }

  private static let deepest = 32

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// How many bytes have been read.
  var read: Int { position - bytes.startIndex }
  private var left: Int { bytes.endIndex - position }

  // MARK: - Structures

  /// Gives every field of a structure to `field`, which reads its value or skips it.
  /// - Throws: `FormatError`, `TooShort`, and what `field` throws.
  mutating func structure(
    _ field: (_ id: Int, _ kind: Kind, _ reader: inout ThriftReader) throws -> Void
  ) throws {
    try deeper()
    var last = 0
    while true {
      let header = try byte()
      guard header != 0 else { break }
      let delta = Int(header >> 4)
      let id = delta == 0 ? Int(try zigzag()) : last + delta
      guard (1...Int(Int16.max)).contains(id) else {
        throw FormatError("its metadata has a field without a number")
      }
      last = id
      try field(id, try kind(header & 0x0f), &self)
    }
    depth -= 1
  }

  /// A list's items, each read by `item`.
  /// - Parameter least: the bytes that each takes.
  mutating func list<Item>(
    of wanted: Kind, as kind: Kind, least: Int = 1, _ item: (inout ThriftReader) throws -> Item
  ) throws -> [Item] {
    let (found, count) = try listHeader(kind)
    guard count <= left / least else { throw TooShort() }
    guard count == 0 || found == wanted else { throw mistyped }
    var items: [Item] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try item(&self)) }
    return items
  }

  mutating func skip(_ kind: Kind) throws {
    switch kind {
    case .isTrue, .isFalse: break
    case .byte: _ = try byte()
    case .short, .int, .long: _ = try zigzag()
    case .double: _ = try take(8)
    case .binary: _ = try take(try length())
    case .structure: try structure { _, kind, reader in try reader.skip(kind) }
    case .list, .set: try skipList(kind)
    case .map: try skipMap()
    }
  }

  private mutating func skipList(_ kind: Kind) throws {
    try deeper()
    let (item, count) = try listHeader(kind)
    for _ in 0..<count { try skipItem(item) }
    depth -= 1
  }

  private mutating func skipMap() throws {
    try deeper()
    let count = try length()
    if count > 0 {
      let kinds = try byte()
      let (key, value) = (try kind(kinds >> 4), try kind(kinds & 0x0f))
      for _ in 0..<count {
        try skipItem(key)
        try skipItem(value)
      }
    }
    depth -= 1
  }

  /// In lists and maps a truth value takes a byte.
  private mutating func skipItem(_ kind: Kind) throws {
    if kind == .isTrue || kind == .isFalse { _ = try byte() } else { try skip(kind) }
  }

  private mutating func listHeader(_ kind: Kind) throws -> (Kind, count: Int) {
    guard kind == .list || kind == .set else { throw mistyped }
    let header = try byte()
    let item = try self.kind(header & 0x0f)
    let short = Int(header >> 4)
    // Every item takes a byte at least.
    let count = short == 15 ? try length() : short
    guard count <= left else { throw TooShort() }
    return (item, count)
  }

  // MARK: - Values

  mutating func integer(_ kind: Kind) throws -> Int64 {
    guard [.short, .int, .long].contains(kind) else { throw mistyped }
    return try zigzag()
  }

  /// A number that counts or measures something: neither negative nor beyond what memory can hold.
  mutating func count(_ kind: Kind) throws -> Int {
    let value = try integer(kind)
    guard value >= 0, value <= 1 << 48 else {
      throw FormatError("its metadata has the impossible number \(value)")
    }
    return Int(value)
  }

  mutating func truth(_ kind: Kind) throws -> Bool {
    guard kind == .isTrue || kind == .isFalse else { throw mistyped }
    return kind == .isTrue
  }

  mutating func text(_ kind: Kind) throws -> String {
    guard kind == .binary else { throw mistyped }
    guard let text = String(validating: try take(try length()), as: UTF8.self) else {
      throw FormatError("its metadata has a name that is no UTF-8")
    }
    return text
  }

  // MARK: - Bytes

  private var mistyped: FormatError { FormatError("its metadata has a value of another type") }

  private mutating func deeper() throws {
    depth += 1
    guard depth <= Self.deepest else { throw FormatError("its metadata is nested too deep") }
  }

  private func kind(_ code: UInt8) throws -> Kind {
    guard let kind = Kind(rawValue: code) else {
      throw FormatError("its metadata has the unknown type \(code)")
    }
    return kind
  }

  private mutating func byte() throws -> UInt8 {
    guard left > 0 else { throw TooShort() }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= left else { throw TooShort() }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      if shift == 63, next > 1 { break }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
    }
    throw FormatError("its metadata has a number of more than 64 bits")
  }

  private mutating func zigzag() throws -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private mutating func length() throws -> Int {
    let count = try varint()
    guard count <= UInt64(left) else { throw TooShort() }
    return Int(count)
  }
}
