import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

@Suite struct ScheduleTests {
  let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })
  let mesh = [
    Sample.settings(defaults: Sample.open), Sample.database("sales", defaults: Sample.open),
    Sample.table("sales", "orders", partitioned: true), Sample.index("sales", "orders"),
    Sample.partition("sales", "orders", "2026-01-01"),
    Sample.partition("sales", "orders", "2026-01-02"),
    Sample.assignment("sales", "orders", tags: ["sensitivity": "pii"]),
    Sample.filter("sales", "orders"), Sample.grant(on: Sample.onFilter("sales", "orders")),
    Sample.grant(on: Sample.policy),
  ]

  /// Runs a plan without AWS, as many at once as can be.
  /// - Returns: the keys in the order in which their actions ended, and those that never began.
  func run(
    _ desired: [Record], live: [Record], failing: Set<RecordKey> = [], priority: [Selector] = []
  ) throws -> (order: [String], skipped: Set<RecordKey>) {
    let (plan, bodies) = try makePlan(desired: desired, live: live)
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: priority)
    var schedule = Schedule(graph)
    var order: [String] = []
    var skipped: Set<RecordKey> = []
    while true {
      var wave: [Schedule.Work] = []
      while let work = schedule.next() { wave.append(work) }
      guard !wave.isEmpty else { break }
      for work in wave {
        let actions = work.nodes.map { ($0, graph.nodes[$0].actions) }
        let failed = actions.filter { $0.1.contains { failing.contains($0.key) } }.map(\.0)
        order += actions.flatMap(\.1).map { "\($0.step) \($0.key.kindName) \($0.key.name)" }
        let ended = schedule.finish(work, failed: failed)
        skipped.formUnion(ended.flatMap { graph.nodes[$0].actions.map(\.key) })
      }
    }
    #expect(!schedule.isStuck)
    return (order, skipped)
  }

  func position(_ order: [String], _ start: String) throws -> Int {
    try #require(order.firstIndex { $0.hasPrefix(start) }, "\(start) in \(order)")
  }

  /// A thousand saved queries must not stand before one table.
  @Test func whatStandsBesideTheCatalogComesLastUnlessItIsAskedFor() throws {
    let group = Record(
      key: Sample.key(Kind("athena", "work-group"), "bi"), value: ["Name": "bi"])
    let query = Record(
      key: Sample.key(Kind("athena", "named-query"), "bi", "q"),
      value: ["Name": "q", "Database": "sales", "QueryString": "SELECT 1"])
    let records = [Sample.database("sales"), group, query]
    let order = try run(records, live: []).order
    #expect(order == ["create database sales", "create work-group bi", "create named-query bi.q"])
    let other = Sample.database("web")
    let asked = try run(
      [other] + records, live: [], priority: [.kind("named-query"), .kind("work-group")]
    ).order
    #expect(try position(asked, "create named-query") > position(asked, "create work-group"))
  }

  @Test func whatOthersRestOnComesFirst() throws {
    let extra = Sample.grant(to: "arn:aws:iam::1:role/x", on: Sample.policy)
    let order = try run(mesh, live: [Sample.settings(), extra]).order
    let steps = try [
      "prepare settings", "remove grant", "create database", "create table",
      "create tag-assignment", "create grant lf-tag-policy", "settle settings",
    ].map { try position(order, $0) }
    #expect(steps == steps.sorted())
    #expect(
      try position(order, "create data-cells-filter") < position(order, "create grant filter"))
    #expect(try position(order, "create table") < position(order, "create partition "))
    #expect(try position(order, "create partition ") < position(order, "settle database"))
  }

  @Test func anIndexIsCreatedWithItsTable() throws {
    let order = try run(mesh, live: [Sample.settings()]).order
    let table = try position(order, "create table")
    #expect(order[table + 1].hasPrefix("create partition-index"))
  }

  @Test func partitionsOfADatabaseAreOneNode() throws {
    let (plan, bodies) = try makePlan(desired: mesh, live: [Sample.settings()])
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    #expect(graph.nodes.filter { $0.kind?.isBulk == true }.map(\.actions.count) == [2])
  }

  @Test func partitionStatisticsWaitForThePartitionsOfTheirDatabase() throws {
    let statistics = PartitionStatisticsKind(of: [.database("sales")])
    let kinds = kinds.merging([statistics.kind.name: statistics]) { first, _ in first }
    func action(_ key: RecordKey) -> Action { Action(.create, key, phase: .partitions) }
    var plan = Plan(snapshot: "s", region: "eu-west-1")
    plan.actions = [
      action(Sample.key(.partitionStatistics, "sales", "orders", "1", "id")),
      action(Sample.key(.partition, "sales", "orders", "1")),
      action(Sample.key(.partition, "other", "orders", "1")),
    ]
    let graph = ActionGraph(plan, kinds: kinds, desired: [:], priority: [])
    var schedule = Schedule(graph)
    var first: [String] = []
    while let work = schedule.next() {
      first += work.nodes.flatMap { graph.nodes[$0].actions.map(\.key.name) }
    }
    #expect(first.sorted() == ["other.orders.1", "sales.orders.1"])
  }

  /// Many tables wait for one limit of AWS; what has another must not stand behind them.
  @Test func oneSortOfCallsKeepsNothingOfAnotherWaiting() throws {
    let names = (1...6).map(String.init)
    let mesh =
      [
        Sample.database("a"), Sample.table("a", "t", partitioned: true),
        Sample.partition("a", "t", "1"), Sample.grant(on: Sample.onTable("a", "t")),
        Sample.database("b"),
      ] + names.map { Sample.table("b", $0) }
    let (plan, bodies) = try makePlan(desired: mesh, live: [])
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    var schedule = Schedule(graph, most: 2)
    func take() -> [Schedule.Work] {
      var taken: [Schedule.Work] = []
      while let work = schedule.next() { taken.append(work) }
      return taken
    }
    func keys(_ works: [Schedule.Work]) -> Set<String> {
      Set(works.flatMap(\.nodes).flatMap { graph.nodes[$0].actions.map(\.key.kindName) })
    }
    let databases = take()
    #expect(databases.count == 2)
    for work in databases { _ = schedule.finish(work, failed: []) }
    let tables = take()
    #expect(tables.count == 2 && keys(tables) == ["table"])
    let first = try #require(
      tables.first { graph.nodes[$0.nodes[0]].actions[0].key.path[0] == "a" })
    _ = schedule.finish(first, failed: [])
    let next = take()
    #expect(next.count == 3 && keys(next) == ["table", "partition", "grant"])
  }

  /// What the restorer has as a creator goes back when nothing is left that is about the database.
  @Test func aDatabaseIsDoneWithTheLastThingThatIsAboutIt() throws {
    let (plan, bodies) = try makePlan(desired: mesh, live: [Sample.settings()])
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    var databases = DatabasesUnderWay(graph)
    let nodes = graph.nodes.indices.filter { graph.nodes[$0].database != nil }
    let inside = nodes.filter {
      let action = graph.nodes[$0].actions[0]
      return action.phase != .settle || action.key.kindName != "database"
    }
    #expect(inside.count > 5 && inside.count < nodes.count)
    for node in graph.nodes.indices where node != inside.last {
      #expect(databases.end([node]).isEmpty)
    }
    let final = try #require(inside.last)
    #expect(databases.end([final]) == [.init(account: Sample.account, database: "sales")])
    // What removes another table of it comes last of all.
    var policy = PlanPolicy()
    policy.removeExtra = true
    let old = Sample.table("sales", "old")
    let (removing, removed) = try makePlan(
      desired: mesh, live: [Sample.settings(), Sample.database("sales"), old], policy: policy)
    let third = ActionGraph(removing, kinds: kinds, desired: removed, priority: [])
    let removal = try #require(
      third.nodes.firstIndex { $0.actions.first?.key == old.key && $0.actions[0].step == .remove })
    var last = DatabasesUnderWay(third)
    for node in third.nodes.indices where node != removal { #expect(last.end([node]).isEmpty) }
    #expect(last.end([removal]).count == 1)
    // Nothing is created in it.
    let (other, others) = try makePlan(
      desired: mesh + [Sample.grant(on: Sample.onTable("sales", "orders"))], live: mesh)
    let second = ActionGraph(other, kinds: kinds, desired: others, priority: [])
    var none = DatabasesUnderWay(second)
    #expect(second.nodes.contains { $0.database == "sales" })
    for node in second.nodes.indices { #expect(none.end([node]).isEmpty) }
  }

  @Test func theRestorersOwnGrantsWaitForNothingThatTheyAreFor() throws {
    let grant = Sample.grant(
      to: Sample.restorer, on: Sample.onTable("sales", "orders"), ["ALTER"])
    let table = Sample.table("sales", "orders")
    var plan = Plan(snapshot: "s", region: "eu-west-1")
    plan.actions = [
      Action(.update, table.key, phase: .tables),
      Action(.create, grant.key, phase: .revoke, isOwnAccess: true),
    ]
    let bodies: RecordBodies = [grant.key: try grant.value(), table.key: try table.value()]
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    var schedule = Schedule(graph)
    let next = schedule.next()
    let work = try #require(next)
    #expect(work.kind.kind == .grant)
    _ = schedule.finish(work, failed: [])
    #expect(schedule.next()?.kind.kind == .table)
  }

  @Test func whatDependsOnAFailureIsLeftOutAndTheRestGoesOn() throws {
    let filter = Sample.key(.dataCellsFilter, "sales", "orders", "west")
    let (order, skipped) = try run(mesh, live: [Sample.settings()], failing: [filter])
    #expect(skipped == [Sample.grant(on: Sample.onFilter("sales", "orders")).key])
    #expect(order.contains { $0.hasPrefix("create grant lf-tag-policy") })
  }

  @Test func aTagThatCannotBeAssignedHoldsThePoliciesBack() throws {
    let tag = Sample.key(.tagAssignment, "sales", "orders")
    let skipped = try run(mesh, live: [Sample.settings()], failing: [tag]).skipped
    #expect(skipped == [Sample.grant(on: Sample.policy).key])
  }

  @Test func aRevocationThatFailsHoldsItsAccountBack() throws {
    let extra = Sample.grant(to: "arn:aws:iam::1:role/x", on: Sample.policy)
    let (order, skipped) = try run(
      mesh, live: [Sample.settings(), extra], failing: [extra.key])
    #expect(skipped.contains(Sample.key(.database, "sales")))
    #expect(!order.contains { $0.hasPrefix("create") })
  }

  @Test func defaultsComeBackWhateverFailed() throws {
    let table = Sample.key(.table, "sales", "orders")
    let order = try run(mesh, live: [Sample.settings()], failing: [table]).order
    #expect(order.contains { $0.hasPrefix("settle settings") })
  }

  @Test func priorityGoesFirst() throws {
    let wanted = [
      Sample.settings(), Sample.database("a"), Sample.database("b"), Sample.database("c"),
    ]
    let order = try run(
      wanted, live: [Sample.settings()], priority: [.database("c"), .database("b")]
    ).order
    #expect(order.map { $0.suffix(1) } == ["c", "b", "a"])
  }

  @Test func twoAccountsThatShareWithOneAnotherAreNoCircle() throws {
    func link(_ name: String, in account: String, to owner: String) -> Record {
      Record(
        key: RecordKey(account: account, kind: .database, path: [name]),
        value: [
          "Name": .string(name),
          "TargetDatabase": ["CatalogId": .string(owner), "DatabaseName": "shared"],
        ])
    }
    func share(from owner: String, to consumer: String) -> [Record] {
      let resource: JSON = ["Database": ["CatalogId": .string(owner), "Name": "shared"]]
      let parsed = GrantResource(resource, account: owner)
      return [
        Record(
          key: RecordKey(account: owner, kind: .database, path: ["shared"]),
          value: ["Name": "shared"]),
        Record(
          key: RecordKey(
            account: owner, kind: .grant,
            path: parsed?.path(principal: consumer, condition: nil) ?? []),
          value: [
            "Principal": ["DataLakePrincipalIdentifier": .string(consumer)], "Resource": resource,
            "Permissions": ["DESCRIBE"], "PermissionsWithGrantOption": [],
          ]),
        link("link", in: consumer, to: owner),
      ]
    }
    let (a, b) = ("111111111111", "222222222222")
    let order = try run(share(from: a, to: b) + share(from: b, to: a), live: []).order
    #expect(order.count == 6)
    #expect(order.suffix(2).allSatisfy { $0.hasPrefix("create database link") })
  }
}

@Suite struct TimelineTests {
  @Test func overlappingWorkIsCountedOnce() {
    var timeline = Timeline()
    timeline.add(account: "1", phase: .tables, start: 0, end: 2, actions: 1)
    timeline.add(account: "2", phase: .tables, start: 1, end: 3, actions: 2)
    timeline.add(account: "1", phase: .tables, start: 5, end: 6, actions: 1)
    timeline.add(phase: "look", start: 0, end: 0.5)
    #expect(timeline.phases.map(\.name) == ["look", "tables"])
    #expect(timeline.phases.map(\.seconds) == [0.5, 4])
    #expect(timeline.phases.last?.actions == 4)
    #expect(timeline.allSpans.map(\.account) == ["", "1", "2"])
  }
}
