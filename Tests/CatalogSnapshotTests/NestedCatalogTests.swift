import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

private let stem = "111111111111:"

/// A container with two catalogs in it, one of which can't be read, and a link to another's.
private func sender(failing: String? = nil) -> ScriptedSender {
  ScriptedSender([
    "GetCatalogs": { input in
      let all: [JSON] = [
        ["CatalogId": "111111111111", "Name": "111111111111"],
        ["CatalogId": "111111111111:s3tablescatalog", "Name": "s3tablescatalog"],
        ["CatalogId": "111111111111:s3tablescatalog/a", "Name": "a"],
        ["CatalogId": "111111111111:s3tablescatalog/b", "Name": "b"],
        [
          "CatalogId": "111111111111:link", "Name": "link",
          "TargetRedshiftCatalog": ["CatalogArn": "arn"],
        ],
      ]
      let holders = input["HasDatabases"] == true ? [0, 2, 3, 4] : Array(all.indices)
      return ["CatalogList": .array(holders.map { all[$0] })]
    },
    "GetDatabases": { input in
      if input["CatalogId"]?.string == failing {
        throw AWSFailure(code: "FederationSourceException", message: "no answer")
      }
      return ["DatabaseList": [["Name": "sales", "CatalogId": input["CatalogId"] ?? nil]]]
    },
    "GetTables": { input in ["TableList": [["Name": "orders"]]] },
  ])
}

@Suite struct NestedCatalogTests {
  @Test func everyCatalogIsListedUnderItsPath() async throws {
    let found = RecordCollector()
    let sender = sender()
    try await CatalogKind().list(at: sender.site(), below: nil, into: found)
    let paths = [
      "111111111111", "s3tablescatalog", "s3tablescatalog/a", "s3tablescatalog/b", "link",
    ]
    #expect(found.keys == paths.map { "111111111111/glue/catalog/\($0)" })
    let asked = sender.inputs(of: "GetCatalogs").first
    #expect(asked?["Recursive"] == true && asked?["IncludeRoot"] == true)
    #expect(CatalogKind().restorability == .manual)
  }

  @Test func whatLiesInThemHasKeysOfItsOwn() async throws {
    let found = RecordCollector()
    try await CatalogDatabaseKind().list(at: sender().site(), below: nil, into: found)
    try await CatalogTableKind().list(at: sender().site(), below: nil, into: found)
    #expect(
      found.keys == [
        "111111111111/glue/catalog-database/s3tablescatalog/a/sales",
        "111111111111/glue/catalog-database/s3tablescatalog/b/sales",
        "111111111111/glue/catalog-table/s3tablescatalog/a/sales/orders",
        "111111111111/glue/catalog-table/s3tablescatalog/b/sales/orders",
      ])
  }

  /// The second of the catalogs is of a source that knows neither functions nor statistics.
  @Test func functionsAndStatisticsComeFromSourcesThatHaveThem() async throws {
    let catalogs = NestedCatalogs()
    let sender = ScriptedSender([
      "GetCatalogs": { _ in
        ["CatalogList": [["CatalogId": "111111111111:a"], ["CatalogId": "111111111111:b"]]]
      },
      "GetDatabases": { _ in ["DatabaseList": [["Name": "sales"]]] },
      "GetTables": { _ in
        [
          "TableList": [
            ["Name": "orders", "StorageDescriptor": ["Columns": [["Name": "day"]]]],
            ["Name": "without_columns"],
          ]
        ]
      },
      "GetUserDefinedFunctions": { input in
        guard input["CatalogId"] == "111111111111:a" else {
          throw AWSFailure(
            code: "InvalidInputException", message: "Functions are not supported here")
        }
        return ["UserDefinedFunctions": [["FunctionName": "mask"]]]
      },
      "GetColumnStatisticsForTable": { input in
        guard input["CatalogId"] == "111111111111:a" else {
          throw AWSFailure(code: "OperationNotSupportedException", message: "")
        }
        return ["ColumnStatisticsList": [["ColumnName": "day", "ColumnType": "date"]]]
      },
    ])
    let found = RecordCollector()
    let kinds: [any CapturedKind] = [
      CatalogFunctionKind(catalogs), CatalogStatisticsKind(catalogs),
    ]
    for kind in kinds {
      try await kind.list(at: sender.site(), below: nil, into: found)
    }
    #expect(
      found.keys == [
        "111111111111/glue/catalog-function/a/sales/mask",
        "111111111111/glue/catalog-column-statistics/a/sales/orders/day",
      ])
    #expect(sender.inputs(of: "GetCatalogs").count == 1, "they ask together")
    let asked = sender.inputs(of: "GetColumnStatisticsForTable")
    #expect(asked.count == 2 && asked[0]["ColumnNames"] == ["day"])
  }

  @Test func aRefusalForAnotherReasonIsAnError() async throws {
    let sender = ScriptedSender([
      "GetCatalogs": { _ in ["CatalogList": [["CatalogId": "111111111111:a"]]] },
      "GetDatabases": { _ in ["DatabaseList": [["Name": "sales"]]] },
      "GetUserDefinedFunctions": { _ in
        throw AWSFailure(code: "InvalidInputException", message: "the pattern is wrong")
      },
    ])
    await #expect(throws: AWSFailure.self) {
      try await CatalogFunctionKind().list(
        at: sender.site(), below: nil, into: RecordCollector())
    }
  }

  @Test func oneThatCantBeReadIsNamedAndTheOthersAreRead() async throws {
    let failing = stem + "s3tablescatalog/a"
    let found = RecordCollector()
    await #expect {
      try await CatalogDatabaseKind().list(
        at: sender(failing: failing).site(), below: nil, into: found)
    } throws: { error in
      (error as? AWSFailure)?.message == "catalog \(failing): no answer"
    }
    #expect(found.keys == ["111111111111/glue/catalog-database/s3tablescatalog/b/sales"])
  }
}
