import Access
import CanonicalJSON
import LakeSamples
import MeshModel
import Testing

/// The rules of docs/effective-access.md, one by one.
@Suite struct NamedGrantTests {
  let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.table("sales", "returns"),
  ]

  func access(_ more: Record...) throws -> AccessSet { try AccessSet(of: mesh + more) }

  @Test func aGrantOnADatabaseIsNoneOnItsTables() throws {
    let set = try access(Sample.grant(Sample.analyst, On.database("sales"), ["ALL"]))
    #expect(set.line(Sample.analyst, "sales") == "DESCRIBE ALTER DROP CREATE_TABLE")
    #expect(set.line(Sample.analyst, "sales", "orders").isEmpty)
  }

  @Test func aGrantOnATableIsOnThatTableOnly() throws {
    let set = try access(
      Sample.grant(Sample.analyst, On.table("sales", "orders"), ["DESCRIBE", "SELECT"]))
    #expect(set.line(Sample.analyst, "sales", "orders") == "DESCRIBE; all")
    #expect(set.line(Sample.analyst, "sales", "returns").isEmpty)
    #expect(set.line(Sample.analyst, "sales").isEmpty)
  }

  @Test func allTablesAreThoseThatThereAre() throws {
    let set = try access(Sample.grant(Sample.analyst, On.allTables("sales"), ["SELECT"]))
    #expect(set.line(Sample.analyst, "sales", "orders") == "all")
    #expect(set.line(Sample.analyst, "sales", "returns") == "all")
    #expect(set.line(Sample.analyst, "sales", "nowhere").isEmpty)
  }

  @Test func columnsMayBeNamedOrLeftOut() throws {
    let named = try access(
      Sample.grant(Sample.analyst, On.columns("sales", "orders", ["id"]), ["SELECT"]))
    let excluded = try access(
      Sample.grant(Sample.analyst, On.columns("sales", "orders", allBut: ["salary"]), ["SELECT"]))
    #expect(named.line(Sample.analyst, "sales", "orders") == "id")
    #expect(excluded.line(Sample.analyst, "sales", "orders") == "id")
    #expect(named.beyond(excluded).isEmpty && excluded.beyond(named).isEmpty)
  }

  @Test func namesAreTheSameInAnyCase() throws {
    let set = try access(
      Sample.grant(Sample.analyst, On.columns("Sales", "Orders", ["ID"]), ["SELECT"]))
    #expect(set.line(Sample.analyst, "sales", "orders") == "id")
  }

  /// Nobody here knows the attributes of principals: what is given under a condition counts for that
  /// condition alone, and is beyond any other.
  @Test func aConditionIsNotJudged() throws {
    func given(_ expression: String?) throws -> AccessSet {
      var body = try Sample.grant(Sample.analyst, On.table("sales", "orders"), ["SELECT"]).value()
      body["Condition"] = expression.map { ["Expression": .string($0)] }
      let key = RecordKey(
        account: Sample.owner, kind: .grant, path: ["table", Sample.owner, "sales", "orders"])
      return try access(Record(key: key, value: body))
    }
    let finance = try given("context.user.department == 'finance'")
    let everyone = try given("true")
    #expect(finance.line(Sample.analyst, "sales", "orders").isEmpty)
    #expect(try finance.beyond(given("context.user.department == 'finance'")).isEmpty)
    #expect(!everyone.beyond(finance).isEmpty && !finance.beyond(everyone).isEmpty)
    #expect(try !given(nil).beyond(finance).isEmpty)
  }

  @Test func severalGrantsAddUp() throws {
    let set = try access(
      Sample.grant(Sample.analyst, On.columns("sales", "orders", ["id"]), ["SELECT"]),
      Sample.grant(Sample.analyst, On.columns("sales", "orders", ["salary"]), ["SELECT"]),
      Sample.grant(Sample.analyst, On.table("sales", "orders"), ["INSERT"]))
    #expect(set.line(Sample.analyst, "sales", "orders") == "INSERT; all")
  }

  @Test func aGrantOptionIsAccessOfItsOwn() throws {
    let with = try access(
      Sample.grant(
        Sample.analyst, On.table("sales", "orders"), ["SELECT", "DESCRIBE"],
        option: ["SELECT", "DESCRIBE"]))
    let without = try access(
      Sample.grant(Sample.analyst, On.table("sales", "orders"), ["SELECT", "DESCRIBE"]))
    #expect(without.beyond(with).isEmpty)
    #expect(
      with.beyond(without).map(\.access.line) == ["DESCRIBE with grant option; all to give"])
  }

  @Test func aPermissionThatIsNotKnownIsNotLost() throws {
    let set = try access(Sample.grant(Sample.analyst, On.database("sales"), ["LEVITATE"]))
    #expect(set.line(Sample.analyst, "sales") == "LEVITATE")
    #expect(try set.beyond(access()).count == 1)
  }

  @Test func aGrantOnWhatIsGoneGivesNothing() throws {
    let set = try access(Sample.grant(Sample.analyst, On.table("sales", "gone"), ["SELECT"]))
    #expect(try set.beyond(access()).isEmpty)
  }

  @Test func aConditionIsTheSameOnlyInTheSameWords() throws {
    func set(_ condition: JSON?) throws -> AccessSet {
      try access(
        Sample.grant(
          Sample.analyst, On.table("sales", "orders"), ["SELECT"], condition: condition))
    }
    let young: JSON = ["Expression": "principal.age < 30"]
    let old: JSON = ["Expression": "principal.age > 30"]
    #expect(try set(young).beyond(set(young)).isEmpty)
    #expect(try set(young).beyond(set(old)).count == 1)
    #expect(try set(nil).beyond(set(young)).count == 1)
  }
}

@Suite struct FilterTests {
  let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.filter("west", rows: "region = 'WEST'"), Sample.filter("open", rows: nil),
    Sample.filter("narrow", rows: "TRUE", columns: ["ColumnNames": ["id"]]),
  ]

  func access(_ filters: String...) throws -> AccessSet {
    try AccessSet(
      of: mesh + filters.map { Sample.grant(Sample.analyst, On.filter($0), ["SELECT"]) })
  }

  func line(_ filters: String...) throws -> String {
    try AccessSet(
      of: mesh + filters.map { Sample.grant(Sample.analyst, On.filter($0), ["SELECT"]) }
    ).line(Sample.analyst, "sales", "orders")
  }

  @Test func rowsAndColumnsAreThoseOfTheFilter() throws {
    #expect(try line("west") == "all if region = 'WEST'")
    #expect(try line("open") == "all")
    #expect(try line("narrow") == "id")
  }

  @Test func severalFiltersShowWhatAnyShows() throws {
    #expect(try line("west", "narrow") == "id; salary if region = 'WEST'")
    #expect(try line("west", "open") == "all")
  }

  @Test func fewerRowsAreNotBeyondMore() throws {
    let (west, open, narrow) = try (access("west"), access("open"), access("narrow"))
    #expect(west.beyond(open).isEmpty)
    #expect(open.beyond(west).map(\.access.line) == ["all"])
    #expect(west.beyond(narrow).map(\.access.line) == ["salary if region = 'WEST'"])
  }

  @Test func aFilterThatIsGoneShowsNothing() throws {
    #expect(try line("gone").isEmpty)
  }
}

@Suite struct TagPolicyTests {
  let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.table("sales", "returns"), Sample.tags(["sales"], ["domain": "sales", "level": "low"]),
    Sample.tags(["sales", "returns"], ["level": "high"]),
    Sample.tags(["sales", "orders", "salary"], ["level": "high"]),
  ]

  func access(
    _ resource: JSON, _ permissions: [String] = ["SELECT", "DESCRIBE"], _ more: Record...
  )
    throws -> AccessSet
  {
    try AccessSet(of: mesh + more + [Sample.grant(Sample.analyst, resource, permissions)])
  }

  @Test func tagsComeDownAndWhatIsFurtherDownTakesTheirPlace() throws {
    let low = try access(On.policy(["level": ["low"]]))
    #expect(low.line(Sample.analyst, "sales", "orders") == "DESCRIBE; id")
    #expect(low.line(Sample.analyst, "sales", "returns").isEmpty)
    let high = try access(On.policy(["level": ["high"]]))
    #expect(high.line(Sample.analyst, "sales", "orders") == "salary")
    #expect(high.line(Sample.analyst, "sales", "returns") == "DESCRIBE; all")
  }

  @Test func keysAreAllNeededValuesAreAlternatives() throws {
    let both = try access(On.policy(["domain": ["sales"], "level": ["high", "low"]]))
    #expect(both.line(Sample.analyst, "sales", "orders") == "DESCRIBE; all")
    let none = try access(On.policy(["domain": ["finance"], "level": ["high", "low"]]))
    #expect(none.line(Sample.analyst, "sales", "orders").isEmpty)
    let missing = try access(On.policy(["owner": ["x"], "level": ["low"]]))
    #expect(missing.line(Sample.analyst, "sales", "orders").isEmpty)
  }

  @Test func aPolicyOnDatabasesIsNoneOnTables() throws {
    let set = try access(On.policy(["domain": ["sales"]], on: "DATABASE"), ["DESCRIBE", "ALTER"])
    #expect(set.line(Sample.analyst, "sales") == "DESCRIBE ALTER")
    #expect(set.line(Sample.analyst, "sales", "orders").isEmpty)
    let tables = try access(On.policy(["domain": ["sales"]]))
    #expect(tables.line(Sample.analyst, "sales").isEmpty)
  }

  @Test func anExpressionMayHaveAName() throws {
    let named = try access(
      On.policy(named: "low"), ["SELECT"], Sample.expression("low", ["level": ["low"]]))
    #expect(named.line(Sample.analyst, "sales", "orders") == "id")
    let unknown = try access(On.policy(named: "low"), ["SELECT"])
    #expect(unknown.line(Sample.analyst, "sales", "orders").isEmpty)
    #expect(unknown.notes.count == 1)
    #expect(try unknown.beyond(AccessSet(of: mesh)).map(\.resource.name) == ["policy on TABLE low"])
  }

  @Test func anExpressionWithoutTermsMatchesNothing() throws {
    #expect(try access(On.policy([:])).line(Sample.analyst, "sales", "orders").isEmpty)
  }

  @Test func aTagThatIsTakenAwayWidensWhatItKeptOut() throws {
    let before = try access(On.policy(["level": ["low"]]))
    let bare = mesh.filter { $0.key.path != ["sales", "orders", "salary"] }
    let after = try AccessSet(
      of: bare + [
        Sample.grant(Sample.analyst, On.policy(["level": ["low"]]), ["SELECT", "DESCRIBE"])
      ])
    #expect(after.beyond(before).map(\.access.line) == ["salary"])
    #expect(before.beyond(after).isEmpty)
  }

  @Test func aNamedGrantAndAPolicyAddUp() throws {
    let set = try access(
      On.policy(["level": ["low"]]), ["SELECT"],
      Sample.grant(Sample.analyst, On.columns("sales", "orders", ["salary"]), ["SELECT"]))
    #expect(set.line(Sample.analyst, "sales", "orders") == "all")
  }
}

@Suite struct GroupTests {
  let mesh = [Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders")]
  let onOrders = On.table("sales", "orders")

  @Test func whatAllOfAnAccountMayEachOfThemMay() throws {
    let all = Principal.allIAM(of: Sample.owner)
    let group = try AccessSet(of: mesh + [Sample.grant(all, onOrders, ["SELECT"])])
    let one = try AccessSet(of: mesh + [Sample.grant(Sample.analyst, onOrders, ["SELECT"])])
    let other = try AccessSet(of: mesh + [Sample.grant(Sample.guest, onOrders, ["SELECT"])])
    #expect(one.beyond(group).isEmpty)
    #expect(group.beyond(one).map(\.principal) == [all])
    #expect(other.beyond(group).map(\.principal) == [Sample.guest])
  }

  @Test func whoIsLetInByIAMIsNotKnown() throws {
    let open = try AccessSet(
      of: mesh + [Sample.grant(Principal.iamAllowed, onOrders, ["ALL"])])
    let one = try AccessSet(of: mesh + [Sample.grant(Sample.analyst, onOrders, ["SELECT"])])
    #expect(
      open.line(Principal.iamAllowed, "sales", "orders")
        == "DESCRIBE INSERT DELETE ALTER DROP; all")
    #expect(one.beyond(open).map(\.principal) == [Sample.analyst])
    #expect(open.beyond(one).map(\.principal) == [Principal.iamAllowed])
  }

  @Test func whatWillBeCreatedCanBeOpenToo() throws {
    let shut = try AccessSet(of: mesh)
    let open = try AccessSet(
      of: [Sample.settings(openTo: Principal.iamAllowed)] + mesh.dropFirst())
    #expect(
      open.beyond(shut).map(\.resource.name) == [
        "databases to be created", "tables to be created",
      ])
    let database = Sample.database(
      "sales",
      defaults: [
        [
          "Principal": ["DataLakePrincipalIdentifier": .string(Principal.iamAllowed)],
          "Permissions": ["ALL"],
        ]
      ])
    let below = try AccessSet(of: [mesh[0], database, mesh[2]])
    #expect(below.beyond(shut).map(\.resource.name) == ["tables to be created in sales"])
  }

  @Test func administratorsSeeEverythingAndReadNothing() throws {
    let admin = try AccessSet(
      of: [Sample.settings(admins: [Sample.analyst])] + mesh.dropFirst())
    #expect(admin.line(Sample.analyst, "sales", "orders") == "DESCRIBE")
    #expect(admin.line(Sample.analyst, "sales") == "DESCRIBE")
    let reader = try AccessSet(
      of: [Sample.settings(readers: [Sample.analyst])] + mesh.dropFirst())
    #expect(reader.line(Sample.analyst, "sales", "orders") == "DESCRIBE")
    #expect(
      admin.beyond(reader).map(\.access.line) == ["ADMINISTER"],
      "what both see is no difference")
  }

  @Test func restorersCanBeLeftOut() throws {
    let admin = try AccessSet(
      of: [Sample.settings(admins: [Sample.analyst])] + mesh.dropFirst())
    #expect(try admin.beyond(AccessSet(of: mesh), ignoring: [Sample.analyst]).isEmpty)
  }
}
