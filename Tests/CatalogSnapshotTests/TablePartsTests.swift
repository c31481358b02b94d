import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

private func table(_ body: JSON) -> Record {
  Record(key: RecordKey(account: account, kind: .table, path: ["d", "t"]), value: body)
}

@Suite struct TableVersionKindTests {
  /// Versions in pages of two, in this order.
  func kept(_ numbers: [Int], newest: Int, current: Int) async throws -> (
    versions: [String], pages: Int
  ) {
    let sender = ScriptedSender([
      "GetTableVersions": { input in
        let start = Int(input["NextToken"]?.string ?? "0") ?? 0
        let page = numbers.dropFirst(start).prefix(2)
        return [
          "TableVersions": .array(page.map { ["VersionId": .string("\($0)"), "Table": [:]] }),
          "NextToken": start + 2 < numbers.count ? .string("\(start + 2)") : .null,
        ]
      }
    ])
    let found = RecordCollector()
    let table = table(["Name": "t", "VersionId": .string("\(current)")])
    try await TableVersionKind(newest: newest).list(at: sender.site(), below: table, into: found)
    let versions = found.records.map { $0.key.path[2] }.sorted()
    return (versions, sender.inputs(of: "GetTableVersions").count)
  }

  @Test func theNewestFirstAreEnough() async throws {
    let (versions, pages) = try await kept([9, 8, 7, 6, 5, 4, 3, 2], newest: 2, current: 9)
    #expect(versions == ["7", "8"])
    // One page is read ahead.
    #expect(pages <= 3)
  }

  @Test func inAnotherOrderAllAreLookedAt() async throws {
    let (versions, pages) = try await kept([1, 2, 3, 4, 11, 10], newest: 3, current: 11)
    #expect(versions == ["10", "3", "4"])
    #expect(pages == 3)
  }

  @Test func fewerThanAskedForAreAll() async throws {
    #expect(try await kept([1, 0], newest: 5, current: 1).versions == ["0"])
    #expect(try await kept([0], newest: 5, current: 0).versions.isEmpty)
  }

  @Test func aVersionThatIsNoNumberIsAnError() async throws {
    let sender = ScriptedSender([
      "GetTableVersions": { _ in ["TableVersions": [["VersionId": "x"]]] }
    ])
    await #expect(throws: MalformedRecord.self) {
      try await TableVersionKind(newest: 1).list(
        at: sender.site(), below: table([:]), into: RecordCollector())
    }
  }

  @Test func theyAreOnlyCapturedWhereAskedFor() {
    func names(_ kinds: [any CapturedKind]) -> Set<String> { Set(kinds.map(\.kind.name)) }
    let more = names(catalogKinds(partitionStatistics: [.database("d")], tableVersions: 1))
    #expect(more.subtracting(names(catalogKinds())) == ["table-version", "partition-statistics"])
  }
}

@Suite struct TableOptimizerKindTests {
  let kind = TableOptimizerKind()
  let optimizer: JSON = [
    "type": "orphan_file_deletion", "lastRun": ["eventType": "completed"],
    "configurationSource": "table",
    "configuration": [
      "roleArn": "arn:aws:iam::111111111111:role/r", "enabled": true, "NewMember": 1,
      "orphanFileDeletionConfiguration": ["icebergConfiguration": ["location": "s3://b/t/"]],
    ],
  ]

  @Test func onlyIcebergTablesAreAsked() throws {
    #expect(try kind.isListed(below: table(["Parameters": ["table_type": "ICEBERG"]])))
    #expect(try !kind.isListed(below: table(["Parameters": ["table_type": "HUDI"]])))
    #expect(try !kind.isListed(below: table([:])))
  }

  func listed(_ answer: JSON) async throws -> (keys: [String], asked: JSON?) {
    let sender = ScriptedSender(["BatchGetTableOptimizer": { _ in answer }])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: table([:]), into: found)
    return (found.keys, sender.inputs(of: "BatchGetTableOptimizer").first)
  }

  @Test func oneCallATableAsksForAllTypes() async throws {
    let missing: JSON = ["type": "retention", "error": ["ErrorCode": "EntityNotFoundException"]]
    let (keys, asked) = try await listed([
      "TableOptimizers": [["tableOptimizer": optimizer]], "Failures": [missing],
    ])
    #expect(keys == ["111111111111/glue/table-optimizer/d/t/orphan_file_deletion"])
    #expect(asked?["Entries"]?.array?.count == 3)
  }

  @Test func whatTheCatalogGivesIsNotTheTables() async throws {
    var inherited = optimizer
    inherited["configurationSource"] = "catalog"
    #expect(try await listed(["TableOptimizers": [["tableOptimizer": inherited]]]).keys.isEmpty)
  }

  @Test func anotherFailureIsAFailure() async throws {
    await #expect(throws: AWSFailure.self) {
      try await listed(["Failures": [["error": ["ErrorCode": "AccessDeniedException"]]]])
    }
  }

  @Test func itComesBackDisabledAndMapped() throws {
    let mapped = kind.comparable(kind.mapped(optimizer, by: mapper()))
    #expect(mapped["enabled"] == false && mapped["NewMember"] == nil)
    let deletion = mapped["orphanFileDeletionConfiguration"]?["icebergConfiguration"]
    #expect(deletion?["location"] == "s3://b-eu/t/")
    #expect(kind.comparable(optimizer)["enabled"] == true)
  }

  @Test func everyChangeNamesItsCatalog() async throws {
    let sender = ScriptedSender([
      "CreateTableOptimizer": { _ in [:] }, "UpdateTableOptimizer": { _ in [:] },
      "DeleteTableOptimizer": { _ in [:] },
    ])
    let key = RecordKey(account: account, kind: kind.kind, path: ["d", "t", "compaction"])
    for step in [Action.Step.create, .update, .remove] {
      let desired = step == .remove ? nil : optimizer
      _ = try await kind.apply(
        [Change(step: step, key: key, desired: desired, live: nil)], at: sender.site())
    }
    let names: JSON = [
      "CatalogId": "111111111111", "DatabaseName": "d", "TableName": "t", "Type": "compaction",
    ]
    #expect(sender.inputs(of: "DeleteTableOptimizer") == [names])
    var full = names
    full["TableOptimizerConfiguration"] = kind.comparable(optimizer)
    #expect(sender.inputs(of: "CreateTableOptimizer") == [full])
    #expect(sender.inputs(of: "UpdateTableOptimizer") == [full])
  }
}
