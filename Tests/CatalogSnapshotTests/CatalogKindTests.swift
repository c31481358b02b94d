import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

let account = "111111111111"

func mapper() -> Mapper {
  var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
  mapping.buckets["b"] = .init(bucket: "b-eu", source: .replicationRule)
  let mapper = Mapper(mapping)
  mapper.begin(RecordKey(account: account, kind: .database, path: ["d"]))
  return mapper
}

@Suite struct DatabaseKindTests {
  @Test func isCreatedClosedWhateverItsDefaults() async throws {
    let sender = ScriptedSender(["CreateDatabase": { _ in [:] }, "UpdateDatabase": { _ in [:] }])
    let open: JSON = [
      ["Principal": ["DataLakePrincipalIdentifier": "x"], "Permissions": ["ALL"]]
    ]
    let desired: JSON = [
      "Name": "d", "CatalogId": .string(account), "CreateTime": 1,
      "CreateTableDefaultPermissions": open,
    ]
    let key = RecordKey(account: account, kind: .database, path: ["d"])
    for step in [Action.Step.create, .settle] {
      let change = Change(step: step, key: key, desired: desired, live: nil)
      #expect(try await DatabaseKind().apply([change], at: sender.site()).isEmpty)
    }
    let created = try #require(sender.inputs(of: "CreateDatabase").first?["DatabaseInput"])
    #expect(created == ["Name": "d", "CreateTableDefaultPermissions": []])
    let settled = sender.inputs(of: "UpdateDatabase").first?["DatabaseInput"]
    #expect(settled?["CreateTableDefaultPermissions"] == open)
  }

  /// Where a catalog is only pointed elsewhere no table is created, and what is closed stays closed only
  /// if it was.
  @Test func isChangedInPlaceWithItsDefaults() async throws {
    let sender = ScriptedSender(["UpdateDatabase": { _ in [:] }])
    let open: JSON = [
      ["Principal": ["DataLakePrincipalIdentifier": "x"], "Permissions": ["ALL"]]
    ]
    let key = RecordKey(account: account, kind: .database, path: ["d"])
    let desired: JSON = ["Name": "d", "CreateTableDefaultPermissions": open]
    for isInPlace in [true, false] {
      var change = Change(step: .update, key: key, desired: desired, live: nil)
      change.isInPlace = isInPlace
      #expect(try await DatabaseKind().apply([change], at: sender.site()).isEmpty)
    }
    let written = sender.inputs(of: "UpdateDatabase").map {
      $0["DatabaseInput"]?["CreateTableDefaultPermissions"]
    }
    #expect(written == [open, []])
  }

  @Test func missingDefaultsAreNone() {
    #expect(
      DatabaseKind().comparable(["Name": "d"])
        == DatabaseKind().comparable(["Name": "d", "CreateTableDefaultPermissions": []]))
  }

  @Test func aLinkFollowsItsTargetToTheOtherRegion() {
    let link: JSON = [
      "Name": "l",
      "TargetDatabase": [
        "CatalogId": "222222222222", "DatabaseName": "d", "Region": "us-east-1",
      ],
    ]
    let mapped = DatabaseKind().mapped(link, by: mapper())
    #expect(mapped["TargetDatabase"]?["Region"] == "eu-west-1")
    #expect(DatabaseKind().phase(of: mapped) == .links)
  }

  @Test func whatOthersShareIsNotListed() async throws {
    let sender = ScriptedSender([
      "GetDatabases": { _ in
        [
          "DatabaseList": [
            ["Name": "own", "CatalogId": .string(account)],
            ["Name": "shared", "CatalogId": "222222222222"],
          ]
        ]
      }
    ])
    let found = RecordCollector()
    try await DatabaseKind().list(at: sender.site(), below: nil, into: found)
    #expect(found.keys == ["111111111111/glue/database/own"])
  }
}

@Suite struct TableKindTests {
  let table: JSON = [
    "Name": "t", "DatabaseName": "d", "CatalogId": .string(account), "VersionId": "3",
    "Parameters": ["metadata_location": "s3://b/m.json", "comment": "b"],
    "StorageDescriptor": [
      "Location": "s3://b/t/", "AdditionalLocations": ["s3a://b/x"],
      "SerdeInfo": ["Parameters": ["path": "s3://b/t/"]],
      "Columns": [["Name": "s3", "Comment": "s3://b/ is where it came from"]],
    ],
  ]

  @Test func everyLocationIsMappedAndNoComment() throws {
    let mapped = TableKind().mapped(table, by: mapper())
    let storage = try #require(mapped["StorageDescriptor"])
    #expect(storage["Location"] == "s3://b-eu/t/")
    #expect(storage["AdditionalLocations"] == ["s3a://b-eu/x"])
    #expect(storage["SerdeInfo"]?["Parameters"]?["path"] == "s3://b-eu/t/")
    #expect(mapped["Parameters"]?["metadata_location"] == "s3://b-eu/m.json")
    #expect(storage["Columns"] == table["StorageDescriptor"]?["Columns"])
  }

  @Test func onlyWhatCanBeWrittenIsSent() async throws {
    let sender = ScriptedSender(["CreateTable": { _ in [:] }])
    let key = RecordKey(account: account, kind: .table, path: ["d", "t"])
    var change = Change(step: .create, key: key, desired: table, live: nil)
    change.companions = [["IndexName": "i", "Keys": [["Name": "dt", "Type": "date"]]]]
    _ = try await TableKind().apply([change], at: sender.site())
    let sent = try #require(sender.inputs(of: "CreateTable").first)
    #expect(sent["TableInput"]?["VersionId"] == nil)
    #expect(sent["TableInput"]?["CatalogId"] == nil)
    #expect(sent["TableInput"]?["Name"] == "t")
    #expect(sent["PartitionIndexes"] == [["IndexName": "i", "Keys": ["dt"]]])
  }

  @Test func aLinkedDatabaseIsNotWalked() throws {
    let link = Record(
      key: RecordKey(account: account, kind: .database, path: ["l"]),
      value: ["Name": "l", "TargetDatabase": ["DatabaseName": "d"]])
    #expect(try !TableKind().isListed(below: link))
  }
}

@Suite struct PartitionKindTests {
  func change(_ step: Action.Step, _ value: String) -> Change {
    let body: JSON = [
      "Values": [.string(value)], "DatabaseName": "d", "TableName": "t", "CreationTime": 1,
      "StorageDescriptor": ["Location": "s3://b/"],
    ]
    return Change(
      step: step, key: RecordKey(account: account, kind: .partition, path: ["d", "t", value]),
      desired: step == .remove ? nil : body, live: nil)
  }

  @Test func refusedEntriesAreNamedOneByOne() async throws {
    let sender = ScriptedSender([
      "BatchCreatePartition": { _ in
        [
          "Errors": [
            ["PartitionValues": ["2"], "ErrorDetail": ["ErrorCode": "InvalidInputException"]]
          ]
        ]
      }
    ])
    let changes = ["1", "2", "3"].map { change(.create, $0) }
    let failures = try await PartitionKind().apply(changes, at: sender.site())
    #expect(failures.map(\.key.name) == ["d.t.2"])
    #expect(failures.map(\.code) == ["InvalidInputException"])
    let sent = sender.inputs(of: "BatchCreatePartition").first?["PartitionInputList"]?.array ?? []
    #expect(sent.count == 3)
    #expect(sent.allSatisfy { $0["DatabaseName"] == nil && $0["CreationTime"] == nil })
  }

  @Test func limitsAreThoseOfTheBatchCalls() {
    #expect(PartitionKind().batchLimit(.create) == 100)
    #expect(PartitionKind().batchLimit(.remove) == 25)
  }

  @Test func tablesWithoutPartitionKeysAreNotAsked() throws {
    func table(_ body: JSON) -> Record {
      Record(key: RecordKey(account: account, kind: .table, path: ["d", "t"]), value: body)
    }
    let partitioned: JSON = ["PartitionKeys": [["Name": "dt"]]]
    #expect(try PartitionKind().isListed(below: table(partitioned)))
    #expect(try !PartitionKind().isListed(below: table(["PartitionKeys": []])))
    #expect(try !PartitionKind().isListed(below: table([:])))
  }
}
