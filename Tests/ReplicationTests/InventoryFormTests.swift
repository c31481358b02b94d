import Testing

@testable import Replication

/// How reports of S3 Inventory are written: gzip, comma-separated values, keys below prefixes.
@Suite struct InventoryFormTests {
  private func rows(_ text: String, pieces: Int = 1) throws -> [[String?]] {
    var reader = CSVRows()
    var found: [[String?]] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      try reader.add(bytes[start..<min(start + pieces, bytes.count)]) { row in
        found.append((0..<row.count).map { row.text($0) })
      }
    }
    try reader.finish()
    return found
  }

  @Test func valuesAreReadAsTheyWereQuoted() throws {
    for pieces in 1...7 {
      let found = try rows("\"a\",\"b,\"\"c\"\"\",\"\"\r\nd,,\"x\ny\"\n", pieces: pieces)
      #expect(found == [["a", "b,\"c\"", ""], ["d", "", "x\ny"]])
    }
    for damaged in ["\"a\",\"b", "\"a\"b\n", "a,b"] {
      #expect(throws: CSVRows.Damage.self) { try rows(damaged) }
    }
  }

  @Test func gzipIsInflatedHoweverItComes() throws {
    let text = (0..<9000).map { "line \($0)\n" }.joined()
    let packed = gzipped(text) + gzipped("the second\n")
    for size in [1, 7, 4096, packed.count] {
      let stream = try GzipText()
      var found: [UInt8] = []
      for start in stride(from: 0, to: packed.count, by: size) {
        let piece = Array(packed[start..<min(start + size, packed.count)])
        try stream.inflate(piece) { found += $0 }
      }
      try stream.finish()
      #expect(String(decoding: found, as: UTF8.self) == text + "the second\n")
    }
    let cut = try GzipText()
    try cut.inflate(Array(packed.prefix(5000))) { _ in }
    #expect(throws: GzipText.Damage.self) { try cut.finish() }
    var spoiled = gzipped("abc")
    spoiled[spoiled.count - 6] ^= 1
    #expect(throws: GzipText.Damage.self) { try GzipText().inflate(spoiled) { _ in } }
  }

  @Test func onlyWhatLiesBelowAScopeCounts() {
    let scopes = [["a/", "b", "ä/"], ["b/c/"]]
    var reading = InventoryReading(created: 0, products: scopes, hasStatuses: false)
    for key in ["a", "a/1", "a0", "b", "bc", "b/c", "b/c/1", "c", "ä/1", "z"] {
      reading.add(Array(key.utf8)) { .init(size: 1, etag: "", modified: 1, status: "") }
    }
    let tallies = reading.finished()
    let wanted = ["a/1", "b", "b/c", "b/c/1", "bc", "ä/1"]
    #expect(tallies[0].suspects.oldest.map(\.key).sorted() == wanted)
    #expect(tallies[1].suspects.oldest.map(\.key) == ["b/c/1"])
  }
}

/// Gzip without compression.
func gzipped(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
  }
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
  var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
  for start in stride(from: 0, to: max(bytes.count, 1), by: 60_000) {
    let block = bytes[start..<min(start + 60_000, bytes.count)]
    let size = UInt32(block.count)
    packed.append(start + 60_000 >= bytes.count ? 1 : 0)
    packed += little(size, 2) + little(~size, 2) + block
  }
  return packed + little(~crc, 4) + little(UInt32(bytes.count), 4)
}
