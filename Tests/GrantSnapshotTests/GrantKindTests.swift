import AWSAccess
import CanonicalJSON
import Capture
import GrantSnapshot
import MeshModel
import TestSupport
import Testing

let account = "111111111111"
let analyst = "arn:aws:iam::222222222222:role/analyst"

func grantBody(
  _ resource: JSON, _ permissions: [String], option: [String] = [], principal: String = analyst
) -> JSON {
  [
    "Principal": ["DataLakePrincipalIdentifier": .string(principal)], "Resource": resource,
    "Permissions": JSON(permissions), "PermissionsWithGrantOption": JSON(option),
  ]
}

@Suite struct GrantResourceTests {
  func path(_ resource: JSON) -> [String]? {
    GrantResource(resource, account: account)?.path(principal: "p", condition: nil)
  }

  @Test func allTablesAreOneThingHoweverTheyAreListed() {
    let wildcard: JSON = ["Table": ["DatabaseName": "d", "TableWildcard": [:]]]
    let named: JSON = ["Table": ["DatabaseName": "d", "Name": "ALL_TABLES", "TableWildcard": [:]]]
    #expect(path(wildcard) == path(named))
    #expect(path(wildcard) == ["all-tables", account, "d", "p"])
    let request = GrantResource(named, account: account)?.request
    #expect(request == ["Table": ["DatabaseName": "d", "TableWildcard": [:]]])
  }

  @Test func selectOnAllTablesIsGrantedByTheWildcard() {
    let listed: JSON = [
      "TableWithColumns": ["DatabaseName": "d", "Name": "ALL_TABLES", "ColumnWildcard": [:]]
    ]
    #expect(
      GrantResource(listed, account: account)?.request
        == ["Table": ["DatabaseName": "d", "TableWildcard": [:]]])
  }

  @Test func orderOfColumnsAndValuesDoesNotMatter() {
    func columns(_ names: [String]) -> JSON {
      ["TableWithColumns": ["DatabaseName": "d", "Name": "t", "ColumnNames": JSON(names)]]
    }
    #expect(path(columns(["b", "a"])) == path(columns(["a", "b"])))
    func policy(_ values: [String]) -> JSON {
      [
        "LFTagPolicy": [
          "ResourceType": "TABLE", "Expression": [["TagKey": "k", "TagValues": JSON(values)]],
        ]
      ]
    }
    #expect(path(policy(["y", "x"])) == path(policy(["x", "y"])))
  }

  /// Lake Formation keeps keys and values of LF-Tags in lower case.
  @Test func tagsAreTheSameInAnyCase() {
    func policy(_ key: String, _ value: String) -> JSON {
      let terms: JSON = [["TagKey": .string(key), "TagValues": [.string(value)]]]
      return ["LFTagPolicy": ["ResourceType": "TABLE", "Expression": terms]]
    }
    #expect(path(policy("Domain", "HR")) == path(policy("domain", "hr")))
    func tag(_ key: String, _ value: String) -> JSON {
      ["LFTag": ["TagKey": .string(key), "TagValues": [.string(value)]]]
    }
    #expect(path(tag("Domain", "HR")) == path(tag("domain", "hr")))
    func assigned(_ key: String) -> JSON {
      TagAssignmentKind().comparable(["LFTags": [["TagKey": .string(key), "TagValues": ["HR"]]]])
    }
    #expect(assigned("Domain") == assigned("domain"))
    func expression(_ value: String) -> JSON {
      LFTagExpressionKind().comparable(
        ["Expression": [["TagKey": "k", "TagValues": [.string(value)]]]])
    }
    #expect(expression("HR") == expression("hr"))
  }

  @Test func excludedColumnsAreAnotherResource() {
    func wildcard(_ excluded: [String]) -> JSON {
      [
        "TableWithColumns": [
          "DatabaseName": "d", "Name": "t",
          "ColumnWildcard": ["ExcludedColumnNames": JSON(excluded)],
        ]
      ]
    }
    #expect(path(wildcard([])) != path(wildcard(["salary"])))
  }

  @Test func anotherCatalogIsAnotherResource() {
    let own: JSON = ["Database": ["Name": "d"]]
    let foreign: JSON = ["Database": ["CatalogId": "222222222222", "Name": "d"]]
    #expect(path(own) == ["database", account, "d", "p"])
    #expect(path(foreign) == ["database", "222222222222", "d", "p"])
  }

  @Test func namesWithMarksInThemAreNotTakenForOneAnother() {
    func policy(_ tag: String, _ value: String) -> JSON {
      [
        "LFTagPolicy": [
          "ResourceType": "TABLE",
          "Expression": [["TagKey": .string(tag), "TagValues": [.string(value)]]],
        ]
      ]
    }
    func columns(_ names: [String]) -> JSON {
      ["TableWithColumns": ["DatabaseName": "d", "Name": "t", "ColumnNames": JSON(names)]]
    }
    let named: JSON = ["LFTagPolicy": ["ResourceType": "TABLE", "ExpressionName": "a=b"]]
    let every: JSON = [
      "TableWithColumns": ["DatabaseName": "d", "Name": "t", "ColumnWildcard": [:]]
    ]
    let resources = [
      policy("a", "b"), named, policy("a", "b=c"), policy("a=b", "c"), columns(["a", "b"]),
      columns(["a,b"]), columns(["a%2Cb"]), columns(["*"]), every,
    ]
    #expect(Set(resources.map(path)).count == resources.count)
    #expect(path(policy("a", "b")) == ["lf-tag-policy", "TABLE", "a=b", "p"])
  }

  @Test func anUnknownTypeIsNotGuessed() {
    #expect(GrantResource(["Hologram": [:]], account: account) == nil)
  }
}

@Suite struct GrantKindTests {
  let table: JSON = ["Table": ["CatalogId": .string(account), "DatabaseName": "d", "Name": "t"]]

  func key(_ resource: JSON) -> RecordKey {
    let path = GrantResource(resource, account: account)?.path(principal: analyst, condition: nil)
    return RecordKey(account: account, kind: .grant, path: path ?? [])
  }

  @Test func allIsTheSameAsEverythingItStandsFor() {
    let all = grantBody(table, ["ALL"])
    let expanded = grantBody(table, ["DROP", "ALTER", "INSERT", "DELETE", "DESCRIBE"])
    #expect(GrantKind().comparable(all) == GrantKind().comparable(expanded))
    #expect(
      GrantKind().comparable(all)
        == GrantKind().comparable(grantBody(table, ["ALL", "ALTER", "DROP"])))
  }

  /// What holds only under a condition is apart from what always holds.
  @Test func aConditionMakesAnotherGrant() async throws {
    let condition: JSON = ["Expression": "context.user.department == 'finance'"]
    var body = grantBody(table, ["DESCRIBE", "INSERT"])
    body["Condition"] = condition
    let resource = try #require(GrantResource(table, account: account))
    let plain = resource.path(principal: analyst, condition: nil)
    let path = resource.path(principal: analyst, condition: condition)
    #expect(path == plain + [condition.canonicalText])
    let sender = ScriptedSender([
      "BatchGrantPermissions": { _ in [:] }, "BatchRevokePermissions": { _ in [:] },
      "ListDataCellsFilter": { _ in [:] },
      "ListPermissions": { [body, table] _ in
        ["PrincipalResourcePermissions": [body, grantBody(table, ["DROP"])]]
      },
    ])
    let found = RecordCollector()
    try await GrantKind().list(at: sender.site(), below: nil, into: found)
    #expect(found.records.map(\.key.path) == [path, plain])
    #expect(try found.records.first?.value() == body)

    let key = RecordKey(account: account, kind: .grant, path: path)
    for change in [
      Change(step: .create, key: key, desired: body, live: nil),
      Change(step: .remove, key: key, desired: nil, live: body),
    ] {
      #expect(try await GrantKind().apply([change], at: sender.site()).isEmpty)
    }
    for operation in ["BatchGrantPermissions", "BatchRevokePermissions"] {
      let entry = sender.inputs(of: operation).first?["Entries"]?.array?.first
      #expect(entry?["Condition"] == condition)
      #expect(entry?["Permissions"] == ["DESCRIBE", "INSERT"])
    }
  }

  @Test func theConditionIsInTheSecondaryToo() throws {
    let condition: JSON = ["Expression": "context.user.region == 'EU'"]
    var body = grantBody(table, ["DESCRIBE"])
    body["Condition"] = condition
    let path = GrantResource(table, account: account)?.path(
      principal: analyst, condition: condition)
    let record = Record(
      key: RecordKey(account: account, kind: .grant, path: try #require(path)), value: body)
    let mapped = try GrantKind().mapped(
      record, by: Mapper(Mapping(from: "us-east-1", to: "eu-west-1")))
    #expect(mapped.key == record.key)
    #expect(try mapped.value()["Condition"] == condition)
  }

  @Test func createGrantsWhatTheSnapshotHas() async throws {
    let sender = ScriptedSender(["BatchGrantPermissions": { _ in [:] }])
    let change = Change(
      step: .create, key: key(table),
      desired: grantBody(table, ["DESCRIBE", "SELECT"], option: ["SELECT"]), live: nil)
    #expect(try await GrantKind().apply([change], at: sender.site()).isEmpty)
    let entry = sender.inputs(of: "BatchGrantPermissions").first?["Entries"]?.array?.first
    #expect(entry?["Permissions"] == ["DESCRIBE", "SELECT"])
    #expect(entry?["PermissionsWithGrantOption"] == ["SELECT"])
    #expect(sender.operations == ["BatchGrantPermissions"])
  }

  @Test func prepareOnlyTakesAway() async throws {
    let sender = ScriptedSender(["BatchRevokePermissions": { _ in [:] }])
    let change = Change(
      step: .prepare, key: key(table), desired: grantBody(table, ["DESCRIBE"]),
      live: grantBody(table, ["DESCRIBE", "DROP"], option: ["DESCRIBE"]))
    _ = try await GrantKind().apply([change], at: sender.site())
    // The option goes alone: with permissions, its own would go along.
    let entries = sender.inputs(of: "BatchRevokePermissions").first?["Entries"]?.array ?? []
    #expect(entries.map { $0["Permissions"] } == [["DROP"], nil])
    #expect(entries.map { $0["PermissionsWithGrantOption"] } == [nil, ["DESCRIBE"]])
    #expect(sender.operations == ["BatchRevokePermissions"])
  }

  @Test func refusedEntriesAreNamedByTheirRecords() async throws {
    let sender = ScriptedSender([
      "BatchGrantPermissions": { _ in
        [
          "Failures": [
            ["RequestEntry": ["Id": "1"], "Error": ["ErrorCode": "AccessDeniedException"]]
          ]
        ]
      }
    ])
    let resources = ["a", "b"].map { name in
      ["Table": ["DatabaseName": "d", "Name": .string(name)]] as JSON
    }
    let changes = resources.map {
      Change(step: .create, key: key($0), desired: grantBody($0, ["SELECT"]), live: nil)
    }
    let failures = try await GrantKind().apply(changes, at: sender.site())
    #expect(failures.map(\.key) == [key(resources[1])])
    #expect(failures.map(\.code) == ["AccessDeniedException"])
  }

  @Test func grantsOnFiltersAreAskedForAtTheirTables() async throws {
    let filter: JSON = [
      "DataCellsFilter": [
        "TableCatalogId": .string(account), "DatabaseName": "d", "TableName": "t", "Name": "west",
      ]
    ]
    let body = grantBody(filter, ["SELECT"])
    let sender = ScriptedSender([
      "ListPermissions": { input in
        ["PrincipalResourcePermissions": input["IncludeRelated"] == "TRUE" ? [body] : []]
      },
      "ListDataCellsFilter": { _ in
        [
          "DataCellsFilters": [
            [
              "TableCatalogId": .string(account), "DatabaseName": "d", "TableName": "t",
              "Name": "west",
            ]
          ]
        ]
      },
    ])
    let found = RecordCollector()
    try await GrantKind().list(at: sender.site(), below: nil, into: found)
    #expect(found.keys == [key(filter).text])
  }

  @Test func whatIsGivenBackIsAllButWhatTheSnapshotHas() async throws {
    let own = "arn:aws:iam::111111111111:role/meshdr-restorer"
    let rows = ["a", "b"].map { name in
      grantBody(
        ["Table": ["CatalogId": .string(account), "DatabaseName": "d", "Name": .string(name)]],
        ["ALTER"], principal: own)
    }
    let sender = ScriptedSender([
      "ListPermissions": { _ in ["PrincipalResourcePermissions": .array(rows)] },
      "BatchRevokePermissions": { _ in [:] },
    ])
    let returned = try await GrantKind().giveBackAccess(at: sender.site()) {
      $0.text.contains("/d/a/")
    }
    #expect(returned.taken == 1)
    let entries = sender.inputs(of: "BatchRevokePermissions").first?["Entries"]?.array ?? []
    #expect(entries.map { $0["Resource"]?["Table"]?["Name"] } == ["b"])
  }
}

@Suite struct SettingsKindTests {
  let settings: JSON = [
    "DataLakeAdmins": [["DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/admin"]],
    "CreateTableDefaultPermissions": [
      ["Principal": ["DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"]]
    ],
    "Parameters": ["CROSS_ACCOUNT_VERSION": "4"], "SomethingNew": ["kept"],
  ]
  let key = RecordKey(account: account, kind: .settings, path: [])

  @Test func theRestorerStaysAnAdministrator() {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.restorers[account] = "arn:aws:iam::111111111111:role/meshdr-restorer"
    let mapper = Mapper(mapping)
    mapper.begin(key)
    let mapped = SettingsKind().mapped(settings, by: mapper)
    #expect(mapped["DataLakeAdmins"]?.array?.count == 2)
    #expect(SettingsKind().mapped(mapped, by: mapper) == mapped)
  }

  @Test func defaultsAreEmptyUntilTheEnd() async throws {
    let sender = ScriptedSender(["PutDataLakeSettings": { _ in [:] }])
    for step in [Action.Step.prepare, .settle] {
      let change = Change(step: step, key: key, desired: settings, live: nil)
      _ = try await SettingsKind().apply([change], at: sender.site())
    }
    let sent = sender.inputs(of: "PutDataLakeSettings").compactMap { $0["DataLakeSettings"] }
    #expect(sent[0]["CreateTableDefaultPermissions"] == [])
    #expect(sent[0]["SomethingNew"] == ["kept"])
    #expect(sent[1] == settings)
  }
}

@Suite struct LostAnswerTests {
  func lost(_ operation: String) -> AWSFailure {
    AWSFailure(
      code: AWSFailure.Code.network, message: "cut", operation: operation, category: .transient,
      mayHaveHappened: true)
  }

  func create(_ sender: ScriptedSender) async throws {
    let change = Change(
      step: .create, key: RecordKey(account: account, kind: .lfTag, path: ["k"]),
      desired: ["TagKey": "k", "TagValues": ["v"]], live: nil)
    _ = try await LFTagKind().apply([change], at: sender.site())
  }

  @Test func aTagThatWasCreatedIsNotCreatedAgain() async throws {
    let failure = lost("CreateLFTag")
    let sender = ScriptedSender([
      "CreateLFTag": { _ in throw failure }, "GetLFTag": { _ in ["TagKey": "k"] },
    ])
    try await create(sender)
    #expect(sender.operations == ["CreateLFTag", "GetLFTag"])
  }

  @Test func aTagThatWasNotCreatedIsTriedAgainButNotForEver() async throws {
    let failure = lost("CreateLFTag")
    let missing = AWSFailure(code: "EntityNotFoundException", message: "", operation: "GetLFTag")
    let sender = ScriptedSender([
      "CreateLFTag": { _ in throw failure }, "GetLFTag": { _ in throw missing },
    ])
    await #expect(throws: AWSFailure.self) { try await create(sender) }
    #expect(sender.inputs(of: "CreateLFTag").count == 5)
  }

  @Test func aGrantThatIsGoneCountsAsRevoked() async throws {
    let resource: JSON = ["Database": ["Name": "d"]]
    let refusals: [JSON] = [
      "No permissions revoked. Grantee has no permissions.", "Something else.",
    ]
    let sender = ScriptedSender([
      "BatchRevokePermissions": { _ in
        [
          "Failures": .array(
            refusals.enumerated().map { index, message in
              [
                "RequestEntry": ["Id": .string(String(index))],
                "Error": ["ErrorCode": "InvalidInputException", "ErrorMessage": message],
              ]
            })
        ]
      }
    ])
    let changes = ["a", "b"].map { principal in
      Change(
        step: .remove,
        key: RecordKey(
          account: account, kind: .grant, path: ["database", account, "d", principal]),
        desired: nil, live: grantBody(resource, ["DESCRIBE"], principal: principal))
    }
    let failures = try await GrantKind().apply(changes, at: sender.site())
    #expect(failures.map(\.key.path.last) == ["b"])
  }
}

@Suite struct TagKindTests {
  @Test func manyValuesTakeSeveralCalls() async throws {
    let sender = ScriptedSender(["CreateLFTag": { _ in [:] }, "UpdateLFTag": { _ in [:] }])
    let values = (0..<120).map { "v\($0)" }
    let change = Change(
      step: .create, key: RecordKey(account: account, kind: .lfTag, path: ["k"]),
      desired: ["TagKey": "k", "TagValues": JSON(values)], live: nil)
    _ = try await LFTagKind().apply([change], at: sender.site())
    let sent =
      sender.inputs(of: "CreateLFTag").flatMap { $0["TagValues"]?.strings ?? [] }
      + sender.inputs(of: "UpdateLFTag").flatMap { $0["TagValuesToAdd"]?.strings ?? [] }
    #expect(sent == values)
    #expect(sender.operations == ["CreateLFTag", "UpdateLFTag", "UpdateLFTag"])
  }

  @Test func assignedTagsAreAskedForNotInheritedOnes() async throws {
    let sender = ScriptedSender([
      "GetResourceLFTags": { _ in
        [
          "LFTagsOnTable": [["TagKey": "k", "TagValues": ["v"]]],
          "LFTagsOnColumns": [
            ["Name": "salary", "LFTags": [["TagKey": "k", "TagValues": ["pii"]]]],
            ["Name": "id", "LFTags": []],
          ],
        ]
      }
    ])
    let table = Record(
      key: RecordKey(account: account, kind: .table, path: ["d", "t"]), value: ["Name": "t"])
    let found = RecordCollector()
    try await TagAssignmentKind().list(at: sender.site(), below: table, into: found)
    #expect(
      found.keys == [
        "111111111111/lakeformation/tag-assignment/d/t",
        "111111111111/lakeformation/tag-assignment/d/t/salary",
      ])
    #expect(sender.inputs(of: "GetResourceLFTags").first?["ShowAssignedLFTags"] == true)
  }
}
