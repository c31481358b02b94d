import CanonicalJSON
import FileFormats

/// A type of Avro's; records stand in `AvroSchema.records`, since they may hold themselves.
indirect enum AvroType: Hashable, Sendable {
  case null, boolean, int, long, float, double, bytes, string
  case fixed(Int)
  case enumeration
  case array(AvroType)
  case map(AvroType)
  case union([AvroType])
  case record(Int)
}

struct AvroField: Hashable, Sendable {
  let name: String
  let type: AvroType
}

/// The schema that an Avro file brings along (Avro specification 1.11, "Schema Declaration").
///
/// A reader of our own, because Debian's avro-c (libavro 1.11) reads from a `FILE *`, has no
/// zstandard codec, which Iceberg's writers may choose, and allocates what a file announces before
/// a byte of it is there. A closure needs a small part of Avro: paths and sizes in records of which
/// all else is passed over.
struct AvroSchema {
  private(set) var root = AvroType.null
  private(set) var records: [[AvroField]] = []
  private var names: [String: AvroType] = [:]
  private let fieldNames: [Int: String]

  /// - Parameter fieldNames: names for fields by their `field-id`, as Iceberg identifies them.
  /// - Throws: `FormatError`.
  init(_ text: [UInt8], fieldNames: [Int: String] = [:]) throws {
    self.fieldNames = fieldNames
    do {
      // A schema may be a mere string, which the JSON reader does not take at the top.
      let wrapped = try JSON(parsing: [UInt8(ascii: "[")] + text + [UInt8(ascii: "]")])
      root = try type(wrapped.array?.first ?? .null, depth: 0, space: "")
    } catch let error as JSONError {
      throw FormatError("its Avro schema is \(error)")
    }
  }

  private mutating func type(_ json: JSON, depth: Int, space: String) throws -> AvroType {
    guard depth < 64, records.count < 10_000 else {
      throw FormatError("its Avro schema is too deep")
    }
    switch json {
    case .string(let name): return try named(name, space: space)
    case .array(let branches):
      return .union(try branches.map { try type($0, depth: depth + 1, space: space) })
    case .object: return try complex(json, depth: depth, space: space)
    default: throw FormatError("its Avro schema holds what is no type")
    }
  }

  private func named(_ name: String, space: String) throws -> AvroType {
    if let primitive = Self.primitives[name] { return primitive }
    if let known = names[name] ?? names["\(space).\(name)"] { return known }
    throw FormatError("its Avro schema names an unknown type \(name)")
  }

  private static let primitives: [String: AvroType] = [
    "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float,
    "double": .double, "bytes": .bytes, "string": .string,
  ]

  private mutating func complex(_ json: JSON, depth: Int, space: String) throws -> AvroType {
    guard let kind = json["type"] else {
      throw FormatError("its Avro schema holds a type without one")
    }
    switch kind.string {
    case "array":
      return .array(try type(json["items"] ?? .null, depth: depth + 1, space: space))
    case "map":
      return .map(try type(json["values"] ?? .null, depth: depth + 1, space: space))
    case "fixed":
      guard let size = json["size"]?.integer, size >= 0 else {
        throw FormatError("its Avro schema has a fixed type without a size")
      }
      return declare(json, .fixed(size), space: space).type
    case "enum": return declare(json, .enumeration, space: space).type
    case "record", "error": return try record(json, depth: depth, space: space)
    default: return try type(kind, depth: depth + 1, space: space)
    }
  }

  private mutating func declare(
    _ json: JSON, _ type: AvroType, space: String
  ) -> (type: AvroType, space: String) {
    let name = json["name"]?.string ?? ""
    let given = json["namespace"]?.string ?? space
    names[name] = type
    names["\(given).\(name)"] = type
    return (type, given)
  }

  private mutating func record(_ json: JSON, depth: Int, space: String) throws -> AvroType {
    let index = records.count
    records.append([])
    let inner = declare(json, .record(index), space: space).space
    var fields: [AvroField] = []
    for field in json["fields"]?.array ?? [] {
      guard let name = field["name"]?.string, let given = field["type"] else {
        throw FormatError("its Avro schema has a field without a name or a type")
      }
      let known = field["field-id"]?.integer.flatMap { fieldNames[$0] }
      fields.append(
        AvroField(name: known ?? name, type: try type(given, depth: depth + 1, space: inner)))
    }
    records[index] = fields
    return .record(index)
  }
}

/// Which parts of a value are wanted; all else is passed over.
indirect enum AvroWanted: Sendable {
  case all
  case fields([String: AvroWanted])
}
