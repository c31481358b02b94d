import CanonicalJSON
import FileFormats

/// Reads Avro's binary encoding (Avro specification 1.11, "Binary Encoding") from bytes that nobody
/// vouches for.
struct AvroCursor {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int
  /// How many values may yet be read: values without bytes could be nested without end.
  private var steps: Int

  /// The bytes end in the middle of a value.
  struct TooShort: Error {}

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
    steps = 1_000_000 + 100 * bytes.count
  }

  var left: Int { bytes.endIndex - position }
  /// How many bytes have been read.
  var read: Int { position - bytes.startIndex }

  mutating func byte() throws -> UInt8 {
    guard position < bytes.endIndex else { throw TooShort() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func long() throws -> Int64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      if shift == 63, next > 1 { throw FormatError("a number has more than 64 bits") }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return Int64(bitPattern: (value >> 1)) ^ -Int64(bitPattern: value & 1) }
    }
    throw FormatError("a number has more than 64 bits")
  }

  /// A length, which can't be negative.
  mutating func length() throws -> Int {
    let count = try long()
    guard count >= 0 else { throw FormatError("a length is negative") }
    guard count <= Int64(left) else { throw TooShort() }
    return Int(count)
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= left else { throw TooShort() }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func text() throws -> String {
    String(decoding: try take(try length()), as: UTF8.self)
  }
}

// MARK: - Values

extension AvroCursor {
  /// A value of a type, as JSON. Bytes are null, and so is what is not wanted.
  mutating func value(
    _ type: AvroType, of schema: AvroSchema, wanted: AvroWanted = .all, depth: Int = 0
  ) throws -> JSON {
    try step(depth)
    switch type {
    case .null: return .null
    case .boolean: return .bool(try byte() != 0)
    case .int, .long: return .number(String(try long()))
    case .string: return .string(try text())
    case .enumeration: return .number(String(try long()))
    case .float: return try passed(4)
    case .double: return try passed(8)
    case .fixed(let size): return try passed(size)
    case .bytes: return try passed(try length())
    case .union(let branches):
      let branch = try long()
      guard branch >= 0, branch < branches.count else {
        throw FormatError("a union has no such branch")
      }
      return try value(branches[Int(branch)], of: schema, wanted: wanted, depth: depth + 1)
    case .record(let index):
      return try record(schema.records[index], of: schema, wanted: wanted, depth: depth)
    case .array(let item):
      var items: [JSON] = []
      try blocks(wanted) { cursor in
        items.append(try cursor.value(item, of: schema, wanted: wanted, depth: depth + 1))
      }
      return .array(items)
    case .map(let item):
      var members: [String: JSON] = [:]
      try blocks(wanted) { cursor in
        let name = try cursor.text()
        members[name] = try cursor.value(item, of: schema, wanted: wanted, depth: depth + 1)
      }
      return .object(members)
    }
  }

  private mutating func step(_ depth: Int) throws {
    steps -= 1
    guard depth < 64 else { throw FormatError("a value is nested too deep") }
    guard steps > 0 else { throw FormatError("it holds more values than bytes") }
  }

  private mutating func passed(_ count: Int) throws -> JSON {
    _ = try take(count)
    return .null
  }

  private mutating func record(
    _ fields: [AvroField], of schema: AvroSchema, wanted: AvroWanted, depth: Int
  ) throws -> JSON {
    var members: [String: JSON] = [:]
    for field in fields {
      var inner = AvroWanted.all
      if case .fields(let some) = wanted {
        guard let chosen = some[field.name] else {
          try skip(field.type, of: schema, depth: depth + 1)
          continue
        }
        inner = chosen
      }
      members[field.name] = try value(field.type, of: schema, wanted: inner, depth: depth + 1)
    }
    return .object(members)
  }

  /// Passes over a value without making it.
  private mutating func skip(_ type: AvroType, of schema: AvroSchema, depth: Int) throws {
    try step(depth)
    switch type {
    case .null: break
    case .boolean: _ = try byte()
    case .int, .long, .enumeration: _ = try long()
    case .float: _ = try take(4)
    case .double: _ = try take(8)
    case .fixed(let size): _ = try take(size)
    case .string, .bytes: _ = try take(try length())
    case .union(let branches):
      let branch = try long()
      guard branch >= 0, branch < branches.count else {
        throw FormatError("a union has no such branch")
      }
      try skip(branches[Int(branch)], of: schema, depth: depth + 1)
    case .record(let index):
      for field in schema.records[index] { try skip(field.type, of: schema, depth: depth + 1) }
    case .array(let item):
      try blocks(nil) { try $0.skip(item, of: schema, depth: depth + 1) }
    case .map(let item):
      try blocks(nil) {
        _ = try $0.text()
        try $0.skip(item, of: schema, depth: depth + 1)
      }
    }
  }

  /// The items of an array or a map, which come in blocks up to an empty one. More items than there
  /// are bytes left are not believed, although items may be empty.
  private mutating func blocks(
    _ wanted: AvroWanted?, _ item: (inout AvroCursor) throws -> Void
  ) throws {
    while true {
      var count = try long()
      if count == 0 { return }
      if count < 0 {
        guard count != .min else { throw FormatError("a block has no possible number of items") }
        let size = try length()
        count = -count
        if wanted == nil {
          _ = try take(size)
          continue
        }
      }
      guard count <= Int64(left) else { throw TooShort() }
      for _ in 0..<count {
        let before = position
        try item(&self)
        guard position > before else { throw FormatError("a list has items without bytes") }
      }
    }
  }
}
