import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

/// Standbys that somebody changed, and what could not be seen of either side.
@Suite struct NeverWiderTests {
  let base = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.filter("sales", "orders"),
  ]
  let policy = Sample.grant(on: Sample.policy)
  let secret = Sample.table("sales", "secret")
  let secretTag = Sample.assignment("sales", "secret", tags: ["sensitivity": "pii"])

  @Test func whatRestrictsAccessIsNeverSkipped() throws {
    var skipping = PlanPolicy()
    skipping.onConflict = .skip
    let wide = Sample.filter("sales", "orders", rows: "true")
    let foreign = Sample.settings(admins: [Sample.restorer, Sample.analyst])
    let plan = try makePlan(
      desired: base, live: [foreign, base[1], base[2], wide], policy: skipping
    ).plan
    #expect(plan.steps(wide.key) == [.update])
    #expect(plan.steps(foreign.key) == [.prepare])
    #expect(plan.conflicts.isEmpty)
  }

  @Test func aGrantBelowARegisteredLocationIsCovered() throws {
    func location(_ arn: String) -> Record {
      Record(key: Sample.key(.location, arn), value: ["ResourceArn": .string(arn)])
    }
    func grant(_ arn: String) -> Record {
      Sample.grant(
        on: ["DataLocation": ["ResourceArn": .string(arn)]], ["DATA_LOCATION_ACCESS"])
    }
    let registered = location("arn:aws:s3:::lake/curated")
    let below = grant("arn:aws:s3:::lake/curated/orders")
    let beside = grant("arn:aws:s3:::lake/curated2")
    let plan = try makePlan(desired: [registered], live: [registered, below, beside]).plan
    #expect(plan.steps(below.key) == [.remove])
    #expect(plan.extra == [beside.key])
  }

  @Test func tagsOfWhatStandsAreMendedWhateverIsAskedFor() throws {
    let finance = [Sample.database("finance"), Sample.database("new")]
    let right = Sample.assignment("finance", tags: ["sensitivity": "pii"])
    let notThere = Sample.assignment("new", tags: ["sensitivity": "pii"])
    let wrong = Sample.assignment("finance", tags: ["sensitivity": "public"])
    var only = PlanPolicy()
    only.only = [.database("sales")]
    let plan = try makePlan(
      desired: base + finance + [right, notThere, policy], live: base + [finance[0], wrong],
      policy: only
    ).plan
    #expect(plan.steps(right.key) == [.update])
    #expect(plan.steps(notThere.key).isEmpty)
    #expect(plan.steps(policy.key) == [.create])
  }

  @Test func settingsThatTheSnapshotLacksAreClosedAndStaySo() throws {
    let open = Sample.settings(defaults: Sample.open)
    let plan = try makePlan(
      desired: [Sample.database("sales")], live: [open], incomplete: [Sample.account]
    ).plan
    #expect(plan.steps(open.key) == [.prepare])
    #expect(plan.warnings.count == 1)
  }

  @Test func nothingIsDecidedAboutAnAccountThatCouldNotBeRead() throws {
    let plan = try makePlan(
      desired: base + [policy, secret], live: base, unread: [Sample.account]
    ).plan
    #expect(plan.isEmpty)
    #expect(plan.extra.isEmpty)
    #expect(plan.unchanged.isEmpty)
  }

  @Test func policiesAreHeldBackWhereTagsMayBeMissing() throws {
    let rogue = Sample.grant(to: "arn:aws:iam::1:role/x", on: Sample.policy)
    func plan(_ live: [Record]) throws -> Plan {
      try makePlan(
        desired: base + [policy, secret], live: live, incomplete: [Sample.account],
        withoutTags: [Sample.account]
      ).plan
    }
    let cold = try plan([])
    #expect(cold.steps(policy.key).isEmpty)
    #expect(cold.warnings.count == 1)
    let warm = try plan(base + [policy, rogue])
    #expect(warm.steps(policy.key) == [.remove])
    #expect(warm.steps(rogue.key) == [.remove])
    let untouched = try plan(base + [policy, secret])
    #expect(untouched.actions.isEmpty)
  }

  @Test func aTagsValuesAreDeletedWhenNothingBearsThem() throws {
    func tag(_ values: [String]) -> Record {
      Record(
        key: Sample.key(.lfTag, "sensitivity"),
        value: ["TagKey": "sensitivity", "TagValues": JSON(values)])
    }
    let plan = try makePlan(
      desired: base + [tag(["pii"]), secret, secretTag],
      live: base + [
        tag(["secret"]), secret,
        Sample.assignment("sales", "secret", tags: ["sensitivity": "secret"]),
      ]
    ).plan
    #expect(plan.steps(tag([]).key) == [.update, .settle])
    #expect(plan.steps(secretTag.key) == [.update])
  }
}

/// Which policies stay in force while tags change.
@Suite struct WithdrawalTests {
  private let base = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.database("hr"), Sample.table("hr", "people"),
    Sample.assignment("sales", tags: ["sensitivity": "public", "domain": "sales"]),
    Sample.assignment("hr", tags: ["sensitivity": "pii", "domain": "hr"]),
  ]

  private func policy(_ terms: [String: [String]], type: String = "TABLE") -> Record {
    let expression = terms.sorted { $0.key < $1.key }.map {
      ["TagKey": .string($0.key), "TagValues": JSON($0.value)] as JSON
    }
    return Sample.grant(
      on: [
        "LFTagPolicy": [
          "CatalogId": .string(Sample.account), "ResourceType": .string(type),
          "Expression": .array(expression),
        ]
      ])
  }

  /// The policies that are withdrawn when `added` comes to what stands.
  private func isWithdrawn(_ policy: Record, _ added: Record...) throws -> Bool {
    let plan = try makePlan(desired: base + [policy] + added, live: base + [policy]).plan
    let steps = plan.steps(policy.key)
    #expect(steps.isEmpty || steps == [.remove, .create])
    return !steps.isEmpty
  }

  @Test func aPolicyThatANewTableWouldOpenToForAWhileRests() throws {
    let secret = Sample.table("sales", "secret")
    let tag = Sample.assignment("sales", "secret", tags: ["sensitivity": "pii"])
    // By what it inherits, until its own tag is there.
    #expect(try isWithdrawn(policy(["sensitivity": ["public"]]), secret, tag))
    #expect(
      try isWithdrawn(
        policy(["sensitivity": ["public", "internal"], "domain": ["sales"]]), secret, tag))
    // A column's tag comes after the column.
    let column = Sample.assignment("sales", "secret", "id", tags: ["sensitivity": "pii"])
    #expect(try isWithdrawn(policy(["sensitivity": ["public"]]), secret, column))
  }

  @Test func aPolicyThatReachesItInTheEndOrNeverStays() throws {
    let secret = Sample.table("sales", "secret")
    let tag = Sample.assignment("sales", "secret", tags: ["sensitivity": "pii"])
    for terms in [
      ["domain": ["sales"]], ["domain": ["hr"]], ["sensitivity": ["pii", "public"]],
      ["sensitivity": ["public"], "domain": ["hr"]], ["layer": ["raw"]],
    ] {
      #expect(try !isWithdrawn(policy(terms), secret, tag), "\(terms)")
    }
    #expect(try !isWithdrawn(policy(["sensitivity": ["public"]], type: "DATABASE"), secret, tag))
    // Its tags are those of its database, from the beginning.
    #expect(try !isWithdrawn(policy(["sensitivity": ["public"]]), secret))
  }

  @Test func whatChangesADatabaseChangesWhatItsTablesInherit() throws {
    var after = base
    after[5] = Sample.assignment("sales", tags: ["sensitivity": "pii", "domain": "sales"])
    func steps(_ policy: Record) throws -> [Action.Step] {
      try makePlan(desired: after + [policy], live: base + [policy]).plan.steps(policy.key)
    }
    #expect(try steps(policy(["sensitivity": ["public"]])) == [.remove, .create])
    #expect(try steps(policy(["sensitivity": ["public"]], type: "DATABASE")) == [.remove, .create])
    #expect(try steps(policy(["sensitivity": ["pii"]])).isEmpty)
    #expect(try steps(policy(["domain": ["sales"]])).isEmpty)
  }
}

@Suite struct HandingOnTests {
  /// A consumer can hand on tags only when their owner has shared them.
  @Test func whatIsHandedOnWaitsForWhatItsOwnerShares() throws {
    let owner = Sample.account
    let user = "222222222222"
    func policy(in account: String, to principal: String) -> Record {
      let resource: JSON = [
        "LFTagPolicy": [
          "CatalogId": .string(owner), "ResourceType": "TABLE",
          "Expression": [["TagKey": "domain", "TagValues": ["sales"]]],
        ]
      ]
      let path = GrantResource(resource, account: account)?.path(
        principal: principal, condition: nil)
      return Record(
        key: RecordKey(account: account, kind: .grant, path: path ?? []),
        value: [
          "Principal": ["DataLakePrincipalIdentifier": .string(principal)], "Resource": resource,
          "Permissions": ["SELECT"], "PermissionsWithGrantOption": ["SELECT"],
        ])
    }
    let shared = policy(in: owner, to: user)
    let handedOn = policy(in: user, to: "arn:aws:iam::222222222222:role/analyst")
    let mesh = [
      Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"), shared,
      handedOn,
    ]
    let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })
    let (plan, bodies) = try makePlan(desired: mesh, live: [])
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    #expect(!graph.hasCircle)
    var schedule = Schedule(graph)
    var order: [RecordKey] = []
    while let work = schedule.next() {
      order += work.nodes.flatMap { graph.nodes[$0].actions.map(\.key) }
      #expect(
        work.owners(graph, bodies) == (work.account == user ? [owner] : []), "\(work.account)")
      _ = schedule.finish(work, failed: [])
    }
    let first = try #require(order.firstIndex(of: shared.key))
    let second = try #require(order.firstIndex(of: handedOn.key))
    #expect(first < second)
  }
}

@Suite struct CircleTests {
  let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })

  func graph(_ desired: [Record], live: [Record]) throws -> ActionGraph {
    let (plan, bodies) = try makePlan(desired: desired, live: live, takesAccess: true)
    return ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
  }

  /// The restorer needs its access before the update that it is for.
  @Test func theRestorersAccessWaitsForNothing() throws {
    let before = [
      Sample.settings(), Sample.database("sales", defaults: Sample.open),
      Sample.table("sales", "orders"),
    ]
    let after = [
      Sample.settings(), Sample.database("sales"),
      Sample.table("sales", "orders", columns: ["id", "more"]), Sample.table("sales", "new"),
    ]
    let graph = try graph(after, live: before)
    #expect(!graph.hasCircle)
    var schedule = Schedule(graph)
    let next = schedule.next()
    let first = try #require(next)
    let actions = first.nodes.flatMap { graph.nodes[$0].actions }
    #expect(actions.allSatisfy { $0.isOwnAccess })
  }

  /// A policy waits for tables, and a link for the policies of the account that it leads to.
  @Test func aLinkWithinItsAccountIsNoCircle() throws {
    let target: JSON = [
      "CatalogId": .string(Sample.account), "DatabaseName": "sales", "Name": "orders",
    ]
    let link = Record(
      key: Sample.key(.table, "sales", "alias"), value: ["Name": "alias", "TargetTable": target])
    let mesh = [
      Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"), link,
      Sample.grant(on: Sample.policy), Sample.grant(on: Sample.onTable("sales", "alias")),
    ]
    let graph = try graph(mesh, live: [Sample.settings()])
    #expect(!graph.hasCircle)
  }

  @Test func aCircleIsFoundBeforeAnythingIsDone() throws {
    func database(_ name: String, in account: String, to owner: String) -> Record {
      Record(
        key: RecordKey(account: account, kind: .database, path: [name]),
        value: [
          "Name": .string(name),
          "TargetDatabase": ["CatalogId": .string(owner), "DatabaseName": "x"],
        ])
    }
    func grant(in account: String) -> Record {
      let resource: JSON = ["Database": ["CatalogId": .string(account), "Name": "x"]]
      let path = GrantResource(resource, account: account)?.path(principal: "p", condition: nil)
      return Record(
        key: RecordKey(account: account, kind: .grant, path: path ?? []),
        value: [
          "Principal": ["DataLakePrincipalIdentifier": "p"], "Resource": resource,
          "Permissions": ["DESCRIBE"], "PermissionsWithGrantOption": [],
        ])
    }
    // Two links that lead to one another, and nothing else: AWS would not make them.
    let (a, b) = ("111111111111", "222222222222")
    let circle = [
      database("x", in: a, to: b), grant(in: a), database("x", in: b, to: a), grant(in: b),
    ]
    let graph = try graph(circle, live: [])
    #expect(graph.hasCircle)
  }
}
