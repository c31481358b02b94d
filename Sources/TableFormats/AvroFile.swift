import CanonicalJSON
import FileFormats

/// An Avro object container file (Avro specification 1.11, "Object Container Files"), read block by
/// block.
struct AvroFile {
  /// The most that a block or the header may take, packed or not. Writers make blocks of 16 to
  /// 64 KiB; a header holds a schema.
  static let most = 64 << 20

  /// The most that a schema may have.
  static let mostSchema = 8 << 20

  private var reader: ObjectReader
  private let fieldNames: [Int: String]
  private var schema: AvroSchema?
  private var codec = "null"
  private var mark: ArraySlice<UInt8> = []

  /// - Parameter fieldNames: see `AvroSchema`.
  init(_ location: String, objects: any TableObjects, fieldNames: [Int: String] = [:]) {
    reader = ObjectReader(location, objects: objects)
    self.fieldNames = fieldNames
  }

  var size: Int64 { reader.size }

  /// Reads the header.
  /// - Returns: false where there is no such object.
  /// - Throws: `FormatError`, also for a codec that is not read.
  mutating func open() async throws -> Bool {
    guard try await reader.open() else { return false }
    let header = try await whole { try Self.header(&$0) }
    mark = header.mark
    guard let text = header.entries["avro.schema"] else {
      throw FormatError("it has no Avro schema")
    }
    guard text.count <= Self.mostSchema else { throw FormatError("its Avro schema is too large") }
    schema = try AvroSchema(text, fieldNames: fieldNames)
    codec = header.entries["avro.codec"].map { String(decoding: $0, as: UTF8.self) } ?? "null"
    guard ["null", "deflate", "snappy", "zstandard"].contains(codec) else {
      throw FormatError("its Avro codec \(codec) is not read")
    }
    return true
  }

  /// Gives every record to `row`, with the fields that are wanted.
  /// - Throws: `FormatError` for everything that is not as it should be, a short file among it.
  mutating func forEach(
    wanted: AvroWanted, _ row: (JSON) async throws -> Void
  ) async throws {
    guard let schema else { return }
    while true {
      try await reader.fetch(1)
      if reader.isAtEnd { return }
      let (count, packed) = try await whole { try Self.block(&$0) }
      guard packed.end == mark else { throw FormatError("a block of it is damaged") }
      let bytes = try unpack(packed.content)
      guard count >= 0, count <= max(bytes.count, 1) else {
        throw FormatError("a block of it has no possible number of records")
      }
      var cursor = AvroCursor(bytes[...])
      for _ in 0..<count {
        let value: JSON
        do {
          value = try cursor.value(schema.root, of: schema, wanted: wanted)
        } catch is AvroCursor.TooShort {
          throw FormatError("a block of it ends in the middle of a record")
        }
        try await row(value)
      }
      guard cursor.left == 0 else {
        throw FormatError("a block of it has bytes behind its records")
      }
    }
  }

  private func unpack(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    switch codec {
    case "deflate": try Decompression.inflate(bytes, .raw, limit: Self.most)
    case "zstandard": try Decompression.zstandard(bytes, limit: Self.most)
    case "snappy": try Self.snappy(bytes)
    default: Array(bytes)
    }
  }

  /// Behind snappy's data stands the CRC-32 of what it grows to, big end first.
  private static func snappy(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    guard bytes.count > 4 else { throw FormatError("a block of it has no checksum") }
    let output = try Decompression.snappy(bytes.dropLast(4), limit: most)
    let checksum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard Decompression.crc32(output[...]) == checksum else {
      throw FormatError("a block of it is damaged: its checksum is another")
    }
    return output
  }

  /// Reads something that may reach beyond what has been fetched, fetching more until it does not.
  private mutating func whole<Result>(
    _ body: (inout AvroCursor) throws -> Result
  ) async throws -> Result {
    while true {
      var cursor = AvroCursor(reader.ahead)
      do {
        let result = try body(&cursor)
        reader.skip(cursor.read)
        return result
      } catch is AvroCursor.TooShort {
        guard reader.canFetch else { throw FormatError("it ends too early") }
        guard reader.ahead.count < Self.most else {
          throw FormatError("a part of it has more than \(Self.most) bytes")
        }
        try await reader.fetch(min(reader.ahead.count * 2 + 64, Self.most))
      }
    }
  }

  private static func header(
    _ cursor: inout AvroCursor
  ) throws -> (entries: [String: [UInt8]], mark: ArraySlice<UInt8>) {
    guard try cursor.take(4) == [0x4f, 0x62, 0x6a, 0x01] else {
      throw FormatError("it is no Avro file")
    }
    var entries: [String: [UInt8]] = [:]
    while true {
      var count = try cursor.long()
      if count == 0 { break }
      if count < 0 {
        guard count != .min else { throw FormatError("its header is damaged") }
        count = -count
        _ = try cursor.long()
      }
      guard count <= 1000 else { throw FormatError("its header has too many entries") }
      for _ in 0..<count {
        let name = try cursor.text()
        entries[name] = Array(try cursor.take(try cursor.length()))
      }
    }
    return (entries, try cursor.take(16))
  }

  private static func block(
    _ cursor: inout AvroCursor
  ) throws -> (count: Int64, packed: (content: ArraySlice<UInt8>, end: ArraySlice<UInt8>)) {
    let count = try cursor.long()
    let content = try cursor.take(try cursor.length())
    return (count, (content, try cursor.take(16)))
  }
}
