import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import SnapshotStore
import TestSupport
import Testing

/// What a catalog holds is in the archive, whatever it is.
@Suite struct LosslessCaptureTests {
  private let kinds: [any CapturedKind] = [DatabaseKind(), TableKind(), PartitionKind()]

  /// One database with one table; what is not given is left out.
  private func catalog(
    database: String = "d", table: JSON = ["Name": "t"], partitions: [JSON] = []
  ) -> ScriptedSender {
    var table = table
    if !partitions.isEmpty { table["PartitionKeys"] = [["Name": "p"]] }
    return ScriptedSender([
      "GetDatabases": { _ in ["DatabaseList": [["Name": .string(database)]]] },
      "GetTables": { [table] _ in ["TableList": [table]] },
      "GetPartitions": { _ in ["Partitions": .array(partitions)] },
    ])
  }

  /// Members that AWS may add, with all that is easily lost: digits, unpaired surrogates, NUL.
  private static let future = #"""
    {"zeta":[1.0,1E3,-0,9223372036854775807,12345678901234567890,0.10],"alpha":{"deep":[[],{},null]},
     "text":"\ud800 \u0000 \udc00\ud83d \u2028 \/ \ud83d\ude00"}
    """#

  @Test func membersThatNoModelKnowsAreKeptToTheLastDigit() async throws {
    let future = try JSON(parsing: Self.future)
    let sender = catalog(
      table: ["Name": "t", "Future": future], partitions: [["Values": ["1"], "Future": future]])
    let captured = try await captureCatalog(sender, kinds)
    let kept =
      ##""Future":{"alpha":{"deep":[[],{},null]},"text":"\ud800 \u0000 \udc00\ud83d \##u{2028} / 😀","##
      + #""zeta":[1.0,1E3,-0,9223372036854775807,12345678901234567890,0.10]}"#
    for record in [captured.record("table", "d", "t"), captured.record("partition", "d", "t", "1")]
    {
      let body = String(decoding: try #require(record).body, as: UTF8.self)
      #expect(body.contains(kept), "\(body)")
    }
  }

  @Test(arguments: [
    "a/b", "a%2Fb", "%", "a b", " ", "a.b", "..", "_", "~", #"say "hi""#, #"back\slash"#, "ünïcödé",
    "日本語", "مخزن", "😀", "e\u{301}", "tab\tand\u{7F}", String(repeating: "x", count: 255),
  ])
  func namesOfEveryKindComeBack(name: String) async throws {
    let sender = catalog(
      database: name, table: ["Name": .string(name)], partitions: [["Values": [.string(name)]]])
    let captured = try await captureCatalog(sender, kinds)
    #expect(captured.records.count == 3)
    for record in captured.records {
      #expect(record.key.path.allSatisfy { $0.utf8.elementsEqual(name.utf8) }, "\(record.key)")
    }
    #expect(captured.packs.allSatisfy { $0.group.database == name })
  }

  @Test func partitionValuesMayBeAnything() async throws {
    let values = [
      "", " ", "a/b", "a=b", "100%", "%2F", "2026-01-01 00:00:00", "😀", "\u{0}", "\"", "\\", "é",
      "e\u{301}", "__HIVE_DEFAULT_PARTITION__", "a\nb",
    ]
    let partitions = values.map { value -> JSON in ["Values": [.string(value), "x"]] }
    let captured = try await captureCatalog(catalog(partitions: partitions), kinds)
    let found = captured.records.filter { $0.key.kindName == "partition" }
    #expect(found.count == values.count)
    for value in values {
      let record = found.first { $0.key.path[2].utf8.elementsEqual(value.utf8) }
      #expect(
        try record?.value()["Values"] == [.string(value), "x"], "\(value.debugDescription)")
    }
  }

  @Test func largeAndForeignTextsAreWhole() async throws {
    let columns = (0..<2000).map { index -> JSON in
      ["Name": .string("column_\(index)"), "Type": "string", "Comment": .string("№ \(index)")]
    }
    let view = String(repeating: "SELECT 'ß' AS x -- 行\n", count: 400_000 / 24)
    let descriptions = ["Ελληνικά", "עברית", "العربية", "हिन्दी", "ไทย", "한국어", "中文", "👩‍👩‍👧‍👦"]
    let table: JSON = [
      "Name": "t", "StorageDescriptor": ["Columns": .array(columns)],
      "ViewOriginalText": .string(view),
      "Description": .string(descriptions.joined(separator: " ")),
    ]
    let captured = try await captureCatalog(catalog(table: table), kinds)
    let record = try #require(captured.record("table", "d", "t"))
    #expect(record.body == table.canonicalBytes)
    #expect(record.body.count > 400_000)
  }

  /// The order in which a listing comes never shows in the archive.
  @Test func theSameCatalogInAnotherOrderGivesTheSamePacks() async throws {
    let tables = (0..<20).map { index -> JSON in
      ["Name": .string("t\(index)"), "PartitionKeys": [["Name": "p"]]]
    }
    let partitions = (0..<300).map { index -> JSON in
      ["Values": [.string("\(index)")], "Parameters": ["rows": .string("\(index * 7919 % 1000)")]]
    }
    func packs(_ seed: UInt64) async throws -> [ManifestPack] {
      var generator = Shuffling(state: seed)
      let shuffled = (
        tables.shuffled(using: &generator), partitions.shuffled(using: &generator)
      )
      let sender = ScriptedSender([
        "GetDatabases": { _ in ["DatabaseList": [["Name": "d"]]] },
        "GetTables": { _ in ["TableList": .array(shuffled.0)] },
        "GetPartitions": { input in
          let isSecond = input["NextToken"] == "2"
          let page = isSecond ? shuffled.1[150...] : shuffled.1[..<150]
          return isSecond
            ? ["Partitions": .array(Array(page))]
            : ["Partitions": .array(Array(page)), "NextToken": "2"]
        },
      ])
      return try await captureCatalog(sender, kinds).packs
    }
    let first = try await packs(1)
    #expect(first.flatMap(\.members).reduce(0) { $0 + $1.records } == 6021)
    for seed in 2...5 as ClosedRange<UInt64> { #expect(try await packs(seed) == first) }
  }
}

/// The same numbers for the same seed.
private struct Shuffling: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
