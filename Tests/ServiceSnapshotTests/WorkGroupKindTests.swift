import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import ServiceSnapshot

@Suite struct WorkGroupKindTests {
  let bi = key(.workGroup, "bi")
  let group: JSON = [
    "Name": "bi", "State": "ENABLED", "Description": "BI", "CreationTime": 1,
    "Configuration": [
      "ResultConfiguration": [
        "OutputLocation": "s3://b/results/", "ExpectedBucketOwner": "222222222222",
        "EncryptionConfiguration": ["EncryptionOption": "SSE_KMS", "KmsKey": .string(primaryKey)],
      ],
      "EngineVersion": ["SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "v3"],
      "EnforceWorkGroupConfiguration": true, "BytesScannedCutoffPerQuery": 10_000_000,
    ],
  ]

  @Test func locationsKeysAndAccountsAreMapped() {
    let mapper = mapper(prefix: "drill-")
    let mapped = WorkGroupKind().mapped(group, by: mapper)
    let result = mapped["Configuration"]?["ResultConfiguration"]
    #expect(mapped["Name"] == "drill-bi")
    #expect(result?["OutputLocation"] == "s3://b-eu/results/")
    #expect(result?["ExpectedBucketOwner"] == "333333333333")
    #expect(result?["EncryptionConfiguration"]?["KmsKey"] == .string(secondaryKey))
    #expect(mapper.problems.isEmpty)
  }

  @Test func aLocationWithoutAReplicaIsNoted() {
    let mapper = mapper()
    var group = group
    group["Configuration"]?["ResultConfiguration"]?["OutputLocation"] = "s3://elsewhere/"
    _ = WorkGroupKind().mapped(group, by: mapper)
    #expect(mapper.problems.map(\.name) == ["elsewhere"])
  }

  @Test func theEngineInEffectIsNoDifference() {
    var other = group
    other["Configuration"]?["EngineVersion"]?["EffectiveEngineVersion"] = "v4"
    other["Configuration"]?["MonitoringConfiguration"] = [:]
    other["CreationTime"] = 2
    #expect(WorkGroupKind().comparable(other) == WorkGroupKind().comparable(group))
    other["State"] = "DISABLED"
    #expect(WorkGroupKind().comparable(other) != WorkGroupKind().comparable(group))
  }

  @Test func aDisabledOneIsMadeAndDisabled() async throws {
    let sender = ScriptedSender([
      "CreateWorkGroup": { _ in [:] }, "UpdateWorkGroup": { _ in [:] },
    ])
    _ = try await apply(
      .create, WorkGroupKind(), bi, desired: group.with("State", "DISABLED"), sender)
    let sent = try #require(sender.inputs(of: "CreateWorkGroup").first)
    #expect(sent["Configuration"]?["EngineVersion"] == ["SelectedEngineVersion": "AUTO"])
    #expect(sent["State"] == nil && sent["CreationTime"] == nil)
    #expect(
      sender.inputs(of: "UpdateWorkGroup") == [["WorkGroup": "bi", "State": "DISABLED"]])
  }

  @Test func whatIsTooMuchIsTakenAwayByItsSwitch() async throws {
    let sender = ScriptedSender(["UpdateWorkGroup": { _ in [:] }])
    var desired = group
    desired["Configuration"] = [
      "ResultConfiguration": ["OutputLocation": "s3://c/"], "EnforceWorkGroupConfiguration": false,
    ]
    _ = try await apply(.update, WorkGroupKind(), bi, desired: desired, live: group, sender)
    let updates = sender.inputs(of: "UpdateWorkGroup").first?["ConfigurationUpdates"]
    #expect(
      updates == [
        "EnforceWorkGroupConfiguration": false, "RemoveBytesScannedCutoffPerQuery": true,
        "ResultConfigurationUpdates": [
          "OutputLocation": "s3://c/", "RemoveExpectedBucketOwner": true,
          "RemoveEncryptionConfiguration": true,
        ],
      ])
  }

  /// Athena has no error that says that a work group is there already.
  @Test func aCreationWhoseAnswerIsLostIsNotRepeatedBlindly() async throws {
    let made = Guarded(0)
    let sender = ScriptedSender([
      "CreateWorkGroup": { _ in
        made.withLock { $0 += 1 }
        throw AWSFailure(code: "NetworkFailure", message: "", mayHaveHappened: true)
      },
      "GetWorkGroup": { _ in
        guard made.withLock(\.self) > 1 else {
          throw invalidRequest("WorkGroup bi is not found.")
        }
        return ["WorkGroup": [:]]
      },
    ])
    _ = try await apply(.create, WorkGroupKind(), bi, desired: group, sender)
    #expect(sender.inputs(of: "CreateWorkGroup").count == 2)
  }

  @Test func oneThatVanishedSinceItWasListedIsLeftOut() async throws {
    let sender = ScriptedSender([
      "ListWorkGroups": { _ in ["WorkGroups": [["Name": "bi"], ["Name": "gone"]]] },
      "GetWorkGroup": { input in
        if input["WorkGroup"] == "gone" { throw invalidRequest("WorkGroup gone is not found.") }
        return ["WorkGroup": ["Name": "bi"]]
      },
    ])
    #expect(try await listed(WorkGroupKind(), sender).map(\.key) == [bi])
    let denied = ScriptedSender([
      "ListWorkGroups": { _ in ["WorkGroups": [["Name": "bi"]]] },
      "GetWorkGroup": { _ in throw invalidRequest("something else") },
    ])
    await #expect(throws: AWSFailure.self) { try await listed(WorkGroupKind(), denied) }
  }
}

@Suite struct NamedQueryKindTests {
  let daily = key(.namedQuery, "bi", "daily")

  func query(_ id: String, _ text: String, database: String = "sales") -> JSON {
    [
      "NamedQueryId": .string(id), "Name": "daily", "WorkGroup": "bi",
      "Database": .string(database), "QueryString": .string(text),
    ]
  }

  func several(_ queries: JSON...) -> JSON {
    ["Name": "daily", "WorkGroup": "bi", "NamedQueries": .array(queries)]
  }

  /// 120 queries come in three calls, and those of one name in one record.
  @Test func noneOfOneNameIsLost() async throws {
    let sender = ScriptedSender([
      "ListWorkGroups": { _ in ["WorkGroups": [["Name": "bi"]]] },
      "ListNamedQueries": { _ in
        ["NamedQueryIds": .array((0..<120).map { .string("id-\($0)") })]
      },
      "BatchGetNamedQuery": { input in
        let ids = input["NamedQueryIds"]?.strings ?? []
        return [
          "NamedQueries": .array(
            ids.map { id in
              let name = id.hasSuffix("7") ? "same" : id
              return ["NamedQueryId": .string(id), "Name": .string(name), "WorkGroup": "bi"]
            })
        ]
      },
    ])
    let found = try await listed(NamedQueryKind(), sender)
    #expect(sender.inputs(of: "BatchGetNamedQuery").count == 3)
    #expect(found.count == 109)
    let same = try #require(found.first { $0.key.path == ["bi", "same"] })
    #expect(try same.value()["NamedQueries"]?.array?.count == 12)
    let single = try #require(found.first { $0.key.path == ["bi", "id-0"] })
    #expect(try single.value()["NamedQueryId"] == "id-0")
  }

  @Test func oneThatIsHeldBackIsAnError() async {
    let answer: @Sendable (JSON) -> ScriptedSender = { code in
      ScriptedSender([
        "ListWorkGroups": { _ in ["WorkGroups": [["Name": "bi"]]] },
        "ListNamedQueries": { _ in ["NamedQueryIds": ["a"]] },
        "BatchGetNamedQuery": { _ in
          [
            "NamedQueries": [],
            "UnprocessedNamedQueryIds": [["NamedQueryId": "a", "ErrorCode": code]],
          ]
        },
      ])
    }
    await #expect(throws: AWSFailure.self) {
      try await listed(NamedQueryKind(), answer("INTERNAL_FAILURE"))
    }
    await #expect(throws: Never.self) {
      try await listed(NamedQueryKind(), answer("NAMED_QUERY_NOT_FOUND"))
    }
  }

  @Test func idsAndTheirOrderAreNoDifference() {
    let kind = NamedQueryKind()
    #expect(
      kind.comparable(several(query("1", "a"), query("2", "b")))
        == kind.comparable(several(query("8", "b"), query("9", "a"))))
    #expect(
      kind.comparable(query("1", "a")) != kind.comparable(several(query("1", "a"), query("2", "a")))
    )
  }

  @Test func aQueryNeverStopsARestore() {
    let mapper = mapper(prefix: "drill-")
    let mapped = NamedQueryKind().mapped(
      query("1", "UNLOAD (SELECT 1) TO 's3://b/x' -- or 's3://scratch/y'"), by: mapper)
    #expect(mapped["QueryString"] == "UNLOAD (SELECT 1) TO 's3://b-eu/x' -- or 's3://scratch/y'")
    #expect(mapped["Database"] == "drill-sales")
    #expect(mapper.problems.isEmpty)
  }

  @Test func onlyWhatDiffersIsChanged() async throws {
    let sender = ScriptedSender([
      "CreateNamedQuery": { _ in [:] }, "UpdateNamedQuery": { _ in [:] },
      "DeleteNamedQuery": { _ in [:] },
    ])
    _ = try await apply(
      .update, NamedQueryKind(), daily,
      desired: several(query("1", "same"), query("2", "new"), query("3", "x", database: "web")),
      live: several(query("7", "same"), query("8", "old"), query("9", "y", database: "raw")),
      sender)
    #expect(sender.operations == ["UpdateNamedQuery", "CreateNamedQuery", "DeleteNamedQuery"])
    let updated = sender.inputs(of: "UpdateNamedQuery").first
    #expect(updated?["NamedQueryId"] == "8" && updated?["QueryString"] == "new")
    #expect(updated?["Database"] == nil)
    let created = sender.inputs(of: "CreateNamedQuery").first
    #expect(created?["Database"] == "web" && created?["WorkGroup"] == "bi")
    #expect(sender.inputs(of: "DeleteNamedQuery") == [["NamedQueryId": "9"]])
  }

  @Test func everyCreationHasATokenOfItsOwn() async throws {
    let sender = ScriptedSender(["CreateNamedQuery": { _ in [:] }])
    for _ in 0..<2 {
      _ = try await apply(.create, NamedQueryKind(), daily, desired: query("1", "a"), sender)
    }
    let tokens = sender.inputs(of: "CreateNamedQuery").compactMap {
      $0["ClientRequestToken"]?.string
    }
    #expect(Set(tokens).count == 2 && tokens.allSatisfy { $0.count == 32 })
  }
}

@Suite struct PreparedStatementKindTests {
  @Test func itLiesInItsWorkGroup() async throws {
    let sender = ScriptedSender([
      "ListWorkGroups": { _ in ["WorkGroups": [["Name": "bi"]]] },
      "ListPreparedStatements": { _ in ["PreparedStatements": [["StatementName": "by_day"]]] },
      "BatchGetPreparedStatement": { input in
        [
          "PreparedStatements": [
            [
              "StatementName": "by_day", "WorkGroupName": input["WorkGroup"] ?? "",
              "QueryStatement": "SELECT ?", "LastModifiedTime": 1,
            ]
          ]
        ]
      },
      "CreatePreparedStatement": { _ in [:] },
    ])
    let kind = PreparedStatementKind()
    let record = try #require(try await listed(kind, sender).first)
    #expect(record.key == key(.preparedStatement, "bi", "by_day"))
    #expect(
      kind.requirements(of: record.key, body: [:]) == [.record(key(.workGroup, "bi"))])
    _ = try await apply(.create, kind, record.key, desired: try record.value(), sender)
    #expect(
      sender.inputs(of: "CreatePreparedStatement")
        == [["WorkGroup": "bi", "StatementName": "by_day", "QueryStatement": "SELECT ?"]])
  }
}

@Suite struct DataCatalogKindTests {
  let kind = DataCatalogKind()
  let lambda: JSON = [
    "Name": "hbase", "Type": "LAMBDA", "Description": "it's HBase", "Status": "CREATE_COMPLETE",
    "Parameters": ["function": "arn:aws:lambda:us-east-1:111111111111:function:hbase"],
  ]
  let glue: JSON = [
    "Name": "partner", "Type": "GLUE", "Parameters": ["catalog-id": "222222222222"],
  ]

  @Test func theCatalogOfTheAccountItselfIsNoRecord() async throws {
    let lambda = lambda
    let sender = ScriptedSender([
      "ListDataCatalogs": { _ in
        ["DataCatalogsSummary": [["CatalogName": "AwsDataCatalog"], ["CatalogName": "hbase"]]]
      },
      "GetDataCatalog": { _ in ["DataCatalog": lambda] },
    ])
    #expect(try await listed(kind, sender).map(\.key) == [key(.dataCatalog, "hbase")])
    #expect(sender.inputs(of: "GetDataCatalog") == [["Name": "hbase"]])
  }

  @Test func onlyThoseOfTypeGlueArePutBack() {
    #expect(kind.restorability(of: glue) == .restorable)
    #expect(kind.restorability(of: lambda) == .manual)
    #expect(kind.restorability(of: glue.with("Name", "a/b")) == .descriptive)
    #expect(kind.manualStep(key(.dataCatalog, "partner"), glue, live: nil, in: "r") == nil)
    #expect(kind.mapped(glue, by: mapper())["Parameters"]?["catalog-id"] == "333333333333")
  }

  @Test func theOthersComeWithACommand() throws {
    let mapped = kind.mapped(lambda, by: mapper())
    let hbase = key(.dataCatalog, "hbase")
    let step = try #require(kind.manualStep(hbase, mapped, live: nil, in: "eu-west-1"))
    let command = try #require(step.commands.first)
    #expect(
      command.hasPrefix(
        "aws athena create-data-catalog --region eu-west-1 --name hbase --type LAMBDA"
          + " --description 'it'\\''s HBase' --parameters '{"))
    #expect(command.contains("arn:aws:lambda:eu-west-1:111111111111:function:hbase"))
    #expect(kind.manualStep(hbase, mapped, live: mapped, in: "eu-west-1") == nil)
    let old = kind.manualStep(hbase, mapped, live: lambda, in: "eu-west-1")
    #expect(old?.what == .change)
    #expect(old?.commands.first?.hasPrefix("aws athena update-data-catalog") == true)
  }
}
