import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

/// Two databases, `hr` and `sales`, each with two tables, of which each has a partition and an index.
private let catalog: [String: ScriptedSender.Answer] = [
  "GetDatabases": { _ in ["DatabaseList": [["Name": "hr"], ["Name": "sales"]]] },
  "GetTables": { input in
    let tables = ["items", "orders"].map { name -> JSON in
      [
        "Name": .string(name), "DatabaseName": input["DatabaseName"] ?? "", "VersionId": "1",
        "PartitionKeys": [["Name": "day"]],
      ]
    }
    return ["TableList": .array(tables)]
  },
  "GetPartitions": { _ in ["Partitions": [["Values": ["2026-01-01"]]]] },
  "GetPartitionIndexes": { _ in
    ["PartitionIndexDescriptorList": [["IndexName": "by_day", "IndexStatus": "ACTIVE"]]]
  },
  "GetUserDefinedFunctions": { _ in ["UserDefinedFunctions": [["FunctionName": "mask"]]] },
  "GetDataCatalogEncryptionSettings": { _ in
    ["DataCatalogEncryptionSettings": ["EncryptionAtRest": ["CatalogEncryptionMode": "DISABLED"]]]
  },
]

private let kinds: [any CapturedKind] = [
  EncryptionSettingsKind(), DatabaseKind(), UserDefinedFunctionKind(), TableKind(),
  PartitionIndexKind(), PartitionKind(),
]

private struct Outcome {
  /// Kind and name of all records: `table sales.orders`.
  let records: [String]
  let site: SiteCapture
  let operations: Set<String>
}

/// What a capture that is narrowed to these selectors gives, relisting included.
private func capture(_ selectors: String...) async throws -> Outcome {
  let sender = ScriptedSender(catalog)
  let captured = try await captureCatalog(
    sender, kinds, relisting: true, only: selectors.compactMap(Selector.init))
  return Outcome(
    records: captured.records.map { "\($0.key.kindName) \($0.key.name)" }, site: captured.site,
    operations: Set(sender.operations))
}

private func sales(_ table: String) -> [String] {
  [
    "partition sales.\(table).2026-01-01", "partition-index sales.\(table).by_day",
    "table sales.\(table)",
  ]
}

@Suite struct CaptureLimitTests {
  @Test func withoutSelectorsAllIsCaptured() async throws {
    let outcome = try await capture()
    #expect(outcome.records.count == 17, "the settings, and eight of each database")
    #expect(outcome.site.errors.isEmpty)
  }

  @Test func aDatabaseComesWithAllThatIsInItAndTheAccountsSettings() async throws {
    let outcome = try await capture("sales")
    let inIt = ["database sales", "user-defined-function sales.mask"]
    #expect(
      outcome.records.filter { !$0.hasPrefix("encryption") }.sorted()
        == (inIt + sales("items") + sales("orders")).sorted())
    #expect(outcome.records.contains { $0.hasPrefix("encryption-settings") })
    #expect(outcome.site.moving == [], "databases that were left out have not moved")
    #expect(outcome.site.databases?.map(\.name) == ["sales"])
  }

  @Test func aTableComesWithItsDatabase() async throws {
    let outcome = try await capture("sales.orders")
    #expect(
      outcome.records.filter { !$0.hasPrefix("encryption") }.sorted()
        == (["database sales", "user-defined-function sales.mask"] + sales("orders")).sorted())
    #expect(outcome.site.moving == [], "tables that were left out have not moved")
  }

  @Test func aKindComesFromEverywhereWithWhatItLiesIn() async throws {
    let outcome = try await capture("kind:partition-index")
    let wanted = ["hr", "sales"].flatMap { database in
      ["database \(database)"]
        + ["items", "orders"].flatMap {
          ["partition-index \(database).\($0).by_day", "table \(database).\($0)"]
        }
    }
    #expect(outcome.records.sorted() == wanted.sorted())
    #expect(outcome.operations == ["GetDatabases", "GetTables", "GetPartitionIndexes"])
  }

  @Test func aKindOfTheAccountNeedsNoDatabases() async throws {
    let outcome = try await capture("kind:encryption-settings")
    #expect(outcome.records.count == 1)
    #expect(outcome.operations == ["GetDataCatalogEncryptionSettings"])
    #expect(outcome.site.errors.isEmpty)
  }

  @Test func oneMatchingSelectorIsEnough() async throws {
    let outcome = try await capture("hr.items", "kind:user-defined-function")
    #expect(outcome.records.contains("user-defined-function sales.mask"))
    #expect(outcome.records.contains("database sales"))
    #expect(outcome.records.contains("partition hr.items.2026-01-01"))
    #expect(!outcome.records.contains { $0.hasPrefix("table sales") || $0.hasSuffix("hr.orders") })
  }
}
