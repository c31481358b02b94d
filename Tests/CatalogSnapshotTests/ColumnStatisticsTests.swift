import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

/// A table with so many columns, partitioned by a day.
private func table(columns: Int, partitioned: Bool = true) -> Record {
  let columns = (0..<columns).map { ["Name": .string("c\($0)"), "Type": "int"] as JSON }
  return Record(
    key: RecordKey(account: account, kind: .table, path: ["d", "t"]),
    value: [
      "Name": "t", "StorageDescriptor": ["Columns": .array(columns)],
      "PartitionKeys": partitioned ? [["Name": "dt"]] : [],
    ])
}

private func statistic(_ column: String) -> JSON {
  [
    "ColumnName": .string(column), "ColumnType": "int", "AnalyzedTime": .number("1.7E9"),
    "StatisticsData": ["Type": "LONG"],
  ]
}

@Suite struct ColumnStatisticsKindTests {
  let kind = ColumnStatisticsKind()

  func change(_ step: Action.Step, _ column: String) -> Change {
    let key = RecordKey(account: account, kind: kind.kind, path: ["d", "t", column])
    var body = statistic(column)
    body["NewMember"] = 1
    return Change(step: step, key: key, desired: step == .remove ? nil : body, live: nil)
  }

  @Test func whatHasNoColumnsIsNotAsked() throws {
    #expect(try kind.isListed(below: table(columns: 0)))
    #expect(try !kind.isListed(below: table(columns: 0, partitioned: false)))
    var link = try table(columns: 1).value()
    link["TargetTable"] = ["Name": "x"]
    #expect(try !kind.isListed(below: Record(key: table(columns: 1).key, value: link)))
  }

  @Test func aHundredNamesAreAskedForAtATime() async throws {
    let sender = ScriptedSender([
      "GetColumnStatisticsForTable": { input in
        let names = input["ColumnNames"]?.strings ?? []
        let error: JSON = ["ErrorCode": "EntityNotFoundException"]
        return [
          "ColumnStatisticsList": .array(names.prefix(1).map(statistic)),
          "Errors": .array(names.dropFirst().map { ["ColumnName": .string($0), "Error": error] }),
        ]
      }
    ])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: table(columns: 203), into: found)
    let asked = sender.inputs(of: "GetColumnStatisticsForTable").compactMap {
      $0["ColumnNames"]?.array?.count
    }
    #expect(asked == [100, 100, 4])
    let stem = "111111111111/glue/column-statistics/d/t/"
    #expect(found.keys == ["c0", "c100", "c200"].map { stem + $0 })
  }

  @Test func aColumnThatCantBeAnsweredIsAFailure() async throws {
    let sender = ScriptedSender([
      "GetColumnStatisticsForTable": { _ in
        ["Errors": [["ColumnName": "c0", "Error": ["ErrorCode": "InternalServiceException"]]]]
      }
    ])
    await #expect(throws: AWSFailure.self) {
      try await kind.list(at: sender.site(), below: table(columns: 1), into: RecordCollector())
    }
  }

  @Test func refusedColumnsAreNamedOneByOne() async throws {
    let sender = ScriptedSender([
      "UpdateColumnStatisticsForTable": { _ in
        [
          "Errors": [
            [
              "ColumnStatistics": ["ColumnName": "b"],
              "Error": ["ErrorCode": "InvalidInputException"],
            ]
          ]
        ]
      }
    ])
    let failures = try await kind.apply(
      ["a", "b"].map { change(.create, $0) }, at: sender.site())
    #expect(failures.map(\.key.name) == ["d.t.b"])
    let sent = try #require(sender.inputs(of: "UpdateColumnStatisticsForTable").first)
    #expect(sent["ColumnStatisticsList"] == [statistic("a"), statistic("b")])
    #expect(kind.batchLimit(.update) == 25 && kind.batchLimit(.remove) == 1)
  }

  @Test func columnsAreDeletedByName() async throws {
    let sender = ScriptedSender(["DeleteColumnStatisticsForTable": { _ in [:] }])
    _ = try await kind.apply([change(.remove, "a")], at: sender.site())
    #expect(
      sender.inputs(of: "DeleteColumnStatisticsForTable")
        == [["DatabaseName": "d", "TableName": "t", "ColumnName": "a"]])
  }
}

@Suite struct PartitionStatisticsKindTests {
  @Test func onlyWhatIsAskedForIsListed() throws {
    func isListed(_ selector: String, _ record: Record = table(columns: 1)) throws -> Bool {
      let selectors = [try #require(Selector(selector))]
      return try PartitionStatisticsKind(of: selectors).isListed(below: record)
    }
    #expect(try isListed("d") && isListed("d.t"))
    #expect(try !isListed("d.other") && !isListed("e"))
    #expect(try !isListed("d.t", table(columns: 1, partitioned: false)))
  }

  @Test func everyPartitionIsAskedAndAGoneOneIsNoFailure() async throws {
    let sender = ScriptedSender([
      "GetPartitions": { _ in
        ["Partitions": [["Values": ["1"]], ["Values": ["2"]], ["Values": ["3"]]]]
      },
      "GetColumnStatisticsForPartition": { input in
        guard input["PartitionValues"] != ["2"] else {
          throw AWSFailure(code: "EntityNotFoundException", message: "Cannot find partition.")
        }
        return ["ColumnStatisticsList": [statistic("c0")]]
      },
    ])
    let found = RecordCollector()
    let kind = PartitionStatisticsKind(of: [.database("d")])
    try await kind.list(at: sender.site(), below: table(columns: 1), into: found)
    let stem = "111111111111/glue/partition-statistics/d/t/"
    #expect(found.keys.sorted() == [stem + "1/c0", stem + "3/c0"])
    #expect(sender.inputs(of: "GetPartitions").first?["ExcludeColumnSchema"] == true)
  }

  @Test func batchesAreOfOnePartition() async throws {
    let kind = PartitionStatisticsKind(of: [.database("d")])
    func key(_ day: String, _ column: String) -> RecordKey {
      RecordKey(account: account, kind: kind.kind, path: ["d", "t", day, column])
    }
    #expect(kind.batchGroup(key("1", "a")) == kind.batchGroup(key("1", "b")))
    #expect(kind.batchGroup(key("1", "a")) != kind.batchGroup(key("2", "a")))
    let sender = ScriptedSender(["UpdateColumnStatisticsForPartition": { _ in [:] }])
    let change = Change(step: .create, key: key("1", "a"), desired: statistic("a"), live: nil)
    #expect(try await kind.apply([change], at: sender.site()).isEmpty)
    let sent = sender.inputs(of: "UpdateColumnStatisticsForPartition").first
    #expect(sent?["PartitionValues"] == ["1"] && sent?["TableName"] == "t")
  }
}
