import CanonicalJSON
import FileFormats
import Testing

@testable import TableFormats

/// Avro from hands that mean no good, or had an accident.
struct AvroTests {
  private func rows(_ bytes: [UInt8]) async throws -> [JSON] {
    var objects = FixtureObjects(root: "s3://l", files: [:])
    objects.put("f", bytes)
    var file = AvroFile("s3://l/f", objects: objects)
    #expect(try await file.open())
    var rows: [JSON] = []
    try await file.forEach(wanted: .all) { rows.append($0) }
    return rows
  }

  private func long(_ value: Int64) -> [UInt8] {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private func text(_ text: String) -> [UInt8] { long(Int64(text.utf8.count)) + Array(text.utf8) }

  private let mark = [UInt8](repeating: 7, count: 16)

  private func file(_ schema: String, _ blocks: [[UInt8]], codec: String = "null") -> [UInt8] {
    let head = Array("Obj".utf8) + [1] + long(2) + text("avro.schema") + text(schema)
    return head + text("avro.codec") + text(codec) + long(0) + mark + blocks.flatMap(\.self)
  }

  private func block(_ count: Int64, _ content: [UInt8]) -> [UInt8] {
    long(count) + long(Int64(content.count)) + content + mark
  }

  @Test func valuesOfEveryTypeAreRead() async throws {
    let schema = """
      {"type":"record","name":"r","namespace":"n","fields":[
        {"name":"l","type":"long"},{"name":"s","type":["null","string"]},
        {"name":"a","type":{"type":"array","items":"int"}},
        {"name":"m","type":{"type":"map","values":"boolean"}},
        {"name":"f","type":{"type":"fixed","name":"four","size":4}},{"name":"g","type":"four"},
        {"name":"e","type":{"type":"enum","name":"e","symbols":["x","y"]}},
        {"name":"d","type":"double"},{"name":"b","type":"bytes"},
        {"name":"self","type":["null","r"]}]}
      """
    let array = long(-2) + long(2) + long(1) + long(-3) + long(0)
    let flat = long(.min) + long(1) + text("ü") + array + long(1) + text("k") + [1] + long(0)
    let rest =
      [UInt8](repeating: 1, count: 8) + long(1) + [UInt8](repeating: 0, count: 8) + text("b")
    let inner = long(7) + long(0) + long(0) + long(0) + rest + long(0)
    let found = try await rows(file(schema, [block(1, flat + rest + long(1) + inner)]))
    #expect(found[0]["l"]?.integer == .min && found[0]["s"] == "ü")
    #expect(found[0]["a"] == [1, -3] && found[0]["m"] == ["k": true] && found[0]["e"] == 1)
    #expect(found[0]["self"]?["l"] == 7)
  }

  @Test func aFileThatEndsTooEarlyIsDamaged() async throws {
    let whole = file(#""string""#, [block(2, text("a") + text("b")), block(1, text("c"))])
    #expect(try await rows(whole).count == 3)
    // A file that ends with a block is whole: how many there should be stands nowhere.
    let last = block(1, text("c")).count
    let ends = [whole.count - last, whole.count - last - block(2, text("a") + text("b")).count]
    for count in whole.indices where !ends.contains(count) {
      let short = Array(whole.prefix(count))
      await #expect(throws: (any Error).self, "\(count) bytes") { try await rows(short) }
    }
  }

  @Test func everyFlippedByteIsAnErrorOrAnotherValueAndNeverACrash() async throws {
    let objects = try FixtureObjects("iceberg-deletes")
    for name in objects.names(".avro") {
      let whole = try objects.bytes(name)
      for index in whole.indices {
        var spoiled = objects
        var bytes = whole
        bytes[index] ^= UInt8(truncatingIfNeeded: 1 << (index % 8))
        spoiled.put(name, bytes)
        let manifests = IcebergManifests(objects: spoiled)
        if name.contains("snap") {
          _ = try? await manifests.list(spoiled.at(name))
        } else {
          _ = try await manifests.closure(FileReference(location: spoiled.at(name)))
        }
      }
    }
  }

  @Test func countsThatCanNotBeAreNotBelieved() async throws {
    let strings = #"{"type":"array","items":"string"}"#
    let nulls = #"{"type":"array","items":"null"}"#
    let hostile: [(String, [UInt8])] = [
      (#""string""#, long(1 << 60) + long(4) + text("abc") + mark),
      (#""string""#, long(1) + long(1 << 60)),
      (#""string""#, long(-1) + long(4) + text("abc") + mark),
      (#""string""#, block(1, long(1 << 40))),
      (#""string""#, block(1, long(-5))),
      (#""string""#, block(1, [UInt8](repeating: 0xff, count: 12))),
      (strings, block(1, long(.min) + long(0))),
      (strings, block(1, long(1 << 50))),
      (nulls, block(1, long(1 << 62) + long(0))),
      (nulls, block(1, long(3) + long(0) + [0, 0, 0])),
      (#"["null","string"]"#, block(1, long(2))),
      (#"["null","string"]"#, block(1, long(-1))),
      (#""null""#, block(1 << 60, [])),
      (#""string""#, block(1, text("a") + [0])),
    ]
    for (schema, content) in hostile {
      await #expect(throws: (any Error).self) { try await rows(file(schema, [content])) }
    }
  }

  @Test func schemasThatGrowWithoutEndAreRefused() async throws {
    let deep =
      String(repeating: #"{"type":"array","items":"#, count: 5000) + #""int""#
      + String(repeating: "}", count: 5000)
    var wide = #"{"type":"record","name":"r0","fields":[{"name":"f","type":"null"}]}"#
    for level in 1..<40 {
      let twice = (0..<10).map { #"{"name":"g\#($0)","type":"r\#(level - 1)"}"# }.joined(
        separator: ",")
      let first = #"{"name":"f","type":\#(wide)}"#
      wide = #"{"type":"record","name":"r\#(level)","fields":[\#(first),\#(twice)]}"#
    }
    let endless = #"{"type":"record","name":"r","fields":[{"name":"f","type":"r"}]}"#
    for schema in [
      deep, wide, endless, "{", "7", #""unknown""#, #"{"type":"record"}"#.dropLast() + "",
    ] {
      await #expect(throws: (any Error).self) {
        try await rows(file(String(schema), [block(1, [0])]))
      }
    }
  }

  @Test func whatUnpacksToTooMuchIsRefused() throws {
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(throws: FormatError.self) {
      try Decompression.inflate(zeros[...], .raw, limit: 100)
    }
    #expect(throws: FormatError.self) { try Decompression.zstandard(zeros[...], limit: 100) }
    // `bytes(10_000)` deflated by zlib: 10,000 zeros in a few bytes.
    let bomb: [UInt8] = [
      0xed, 0xc1, 0x1, 0xd, 0x0, 0x0, 0x0, 0xc2, 0xa0, 0xf7, 0x4f, 0x6d, 0xe, 0x37, 0xa0, 0x0, 0x0,
      0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0xe0, 0xdf, 0x0,
    ]
    #expect(try Decompression.inflate(bomb[...], .raw, limit: 20_000).count == 10_000)
    #expect(throws: FormatError.self) {
      try Decompression.inflate(bomb[...], .raw, limit: 9_999)
    }
    // Writers in Python leave most of zlib's checksum behind the stream.
    #expect(
      try Decompression.inflate((bomb + [1, 2, 3])[...], .raw, limit: 20_000).count == 10_000)
    #expect(throws: FormatError.self) {
      try Decompression.inflate((bomb + [0, 0, 0, 0, 0])[...], .raw, limit: 20_000)
    }
  }
}
