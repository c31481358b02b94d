import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

@Suite struct PlanTests {
  let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders", partitioned: true),
    Sample.index("sales", "orders"), Sample.partition("sales", "orders", "2026-01-01"),
    Sample.assignment("sales", "orders", tags: ["sensitivity": "public"]),
    Sample.filter("sales", "orders"), Sample.grant(on: Sample.onFilter("sales", "orders")),
  ]

  @Test func anEmptyRegionGetsEverything() throws {
    let plan = try makePlan(desired: mesh, live: [Sample.settings()]).plan
    #expect(plan.actions.count == mesh.count - 1)
    #expect(plan.actions.allSatisfy { $0.step == .create })
    #expect(plan.unchanged == [.settings: 1])
  }

  @Test func anEqualRegionGetsNothing() throws {
    let plan = try makePlan(desired: mesh, live: mesh).plan
    #expect(plan.isEmpty)
    #expect(plan.unchanged.values.reduce(0, +) == mesh.count)
    #expect(plan.extra.isEmpty)
  }

  @Test func whatAWSAddsByItselfMakesNoDifference() throws {
    var live = mesh
    live[2] = Record(
      key: live[2].key,
      value: try {
        var body = try mesh[2].value()
        body["VersionId"] = "9"
        body["UpdateTime"] = 5
        body["CreatedBy"] = "x"
        return body
      }())
    #expect(try makePlan(desired: mesh, live: live).plan.isEmpty)
  }

  @Test func aChangedTableIsUpdatedAndItsFieldsAreNamed() throws {
    let changed = Sample.table("sales", "orders", columns: ["id", "more"], partitioned: true)
    let plan = try makePlan(desired: mesh, live: mesh.map { $0.key == changed.key ? changed : $0 })
      .plan
    #expect(plan.lines == ["update table tables"])
    #expect(plan.actions.first?.fields == ["StorageDescriptor.Columns"])
  }

  @Test func conflictsCanBeLeft() throws {
    let changed = Sample.table("sales", "orders", columns: ["id", "more"], partitioned: true)
    var policy = PlanPolicy()
    policy.onConflict = .skip
    let plan = try makePlan(
      desired: mesh, live: mesh.map { $0.key == changed.key ? changed : $0 }, policy: policy
    ).plan
    #expect(plan.isEmpty)
    #expect(plan.conflicts == [changed.key])
  }

  @Test func extraTablesStayUnlessTheyAreToGo() throws {
    let extra = [
      Sample.database("old"), Sample.table("old", "a"),
      Sample.table("sales", "b", partitioned: true),
      Sample.partition("sales", "b", "1"),
    ]
    let kept = try makePlan(desired: mesh, live: mesh + extra).plan
    #expect(kept.isEmpty)
    #expect(Set(kept.extra) == Set(extra.map(\.key)))

    var policy = PlanPolicy()
    policy.removeExtra = true
    let removed = try makePlan(desired: mesh, live: mesh + extra, policy: policy).plan
    // What lies in them goes along with them.
    #expect(Set(removed.actions.map(\.key)) == [extra[0].key, extra[2].key])
    #expect(removed.actions.allSatisfy { $0.step == .remove })
  }

  @Test func selectorsTakeWhatIsNeededAlong() throws {
    var policy = PlanPolicy()
    policy.only = [.database("finance")]
    let both = mesh + [Sample.database("finance"), Sample.table("finance", "gl")]
    let plan = try makePlan(desired: both, live: [Sample.settings(admins: [])], policy: policy).plan
    #expect(
      plan.lines == [
        "create database databases", "create table tables", "prepare settings prepare",
      ])
  }
}

@Suite struct AccessPlanTests {
  let base = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.filter("sales", "orders"),
  ]
  let outsider = Sample.grant(
    to: "arn:aws:iam::222222222222:role/outsider", on: Sample.onTable("sales", "orders"))

  @Test func aGrantThatThePrimaryLacksIsRevokedBeforeAnythingElse() throws {
    let plan = try makePlan(desired: base, live: base + [outsider]).plan
    #expect(plan.lines == ["remove grant revoke"])
  }

  @Test func orReportedOnly() throws {
    var policy = PlanPolicy()
    policy.keepExtraGrants = true
    let plan = try makePlan(desired: base, live: base + [outsider], policy: policy).plan
    #expect(plan.isEmpty)
    #expect(plan.extra == [outsider.key])
  }

  @Test func grantsOnWhatTheSnapshotDoesNotCoverStay() throws {
    let foreign = [
      Sample.database("own"), Sample.table("own", "t"),
      Sample.grant(on: Sample.onTable("own", "t")),
    ]
    let plan = try makePlan(desired: base, live: base + foreign).plan
    #expect(plan.isEmpty)
    #expect(plan.extra.count == 3)
  }

  @Test func anAccountThatWasNotCapturedWholeLosesNothing() throws {
    let plan = try makePlan(
      desired: base, live: base + [outsider], hiding: [Sample.account]
    ).plan
    #expect(plan.isEmpty)
    #expect(plan.extra == [outsider.key])
  }

  @Test func whatIsHeldInExcessGoesFirstAndWhatIsMissingComesLast() throws {
    let wanted = Sample.grant(on: Sample.onTable("sales", "orders"), ["DESCRIBE", "INSERT"])
    let held = Sample.grant(on: Sample.onTable("sales", "orders"), ["DESCRIBE", "DROP"])
    let plan = try makePlan(desired: base + [wanted], live: base + [held]).plan
    #expect(plan.lines == ["prepare grant revoke", "update grant grants"])
  }

  @Test func aGrantOptionTooManyIsExcess() throws {
    let wanted = Sample.grant(on: Sample.onTable("sales", "orders"), ["DESCRIBE"])
    let held = Sample.grant(
      on: Sample.onTable("sales", "orders"), ["DESCRIBE"], option: ["DESCRIBE"])
    let plan = try makePlan(desired: base + [wanted], live: base + [held]).plan
    #expect(plan.lines == ["prepare grant revoke"])
  }

  @Test func aTagTooManyIsTakenAway() throws {
    let wanted = Sample.assignment("sales", "orders", tags: ["domain": "sales"])
    let held = Sample.assignment(
      "sales", "orders", tags: ["domain": "sales", "sensitivity": "public"])
    let plan = try makePlan(desired: base + [wanted], live: base + [held]).plan
    #expect(plan.lines == ["update tag-assignment assignments"])
  }

  /// What the policy does not reach, neither before nor after nor in between, is no reason to withdraw it.
  @Test func aTagIsTakenAwayAmongAssignments() throws {
    let policy = Sample.grant(on: Sample.policy)
    let tag = Sample.assignment("sales", "orders", tags: ["sensitivity": "pii"])
    let plan = try makePlan(desired: base + [policy], live: base + [policy, tag]).plan
    #expect(plan.steps(policy.key).isEmpty)
    #expect(plan.actions.first { $0.key == tag.key }?.phase == .assignments)
  }

  @Test func tablesCannotBeAskedForWithoutWhatKeepsThemClosed() throws {
    var policy = PlanPolicy()
    policy.only = [.kind("table")]
    let secret = [
      Sample.table("sales", "secret"),
      Sample.assignment("sales", "secret", tags: ["sensitivity": "pii"]),
    ]
    let plan = try makePlan(
      desired: base + secret, live: base + [outsider], policy: policy
    ).plan
    #expect(
      plan.lines == [
        "create table tables", "create tag-assignment assignments", "remove grant revoke",
      ])
  }

  @Test func aDatabaseAskedForAloneStillLosesForeignPolicies() throws {
    var policy = PlanPolicy()
    policy.only = [.database("sales")]
    let rogue = Sample.grant(to: "arn:aws:iam::1:role/x", on: Sample.policy)
    let plan = try makePlan(desired: base, live: base + [rogue], policy: policy).plan
    #expect(plan.lines == ["remove grant revoke"])
  }

  @Test func theRestorersOwnGrantsAreGivenBackNotRevoked() throws {
    let own = Sample.grant(to: Sample.restorer, on: Sample.onTable("sales", "orders"))
    let plan = try makePlan(desired: base, live: base + [own]).plan
    #expect(plan.actions.isEmpty)
    #expect(plan.ownGrants == [own.key])
    #expect(!plan.isEmpty)
  }

  @Test func openDefaultsAreClosedWhileTablesAreCreated() throws {
    let open = [
      Sample.settings(defaults: Sample.open), Sample.database("sales", defaults: Sample.open),
    ]
    let plan = try makePlan(desired: open + [Sample.table("sales", "t")], live: open).plan
    #expect(plan.steps(Sample.key(.settings)) == [.prepare, .settle])
    #expect(plan.steps(Sample.key(.database, "sales")) == [.prepare, .settle])
    #expect(plan.unchanged.values.allSatisfy { $0 == 0 })
  }

  @Test func openDefaultsStayWhereNothingIsCreated() throws {
    let open = [
      Sample.settings(defaults: Sample.open), Sample.database("sales", defaults: Sample.open),
    ]
    #expect(try makePlan(desired: open, live: open).plan.isEmpty)
  }

  @Test func aNewDatabaseGetsItsOpenDefaultsLast() throws {
    let wanted = [Sample.settings(), Sample.database("sales", defaults: Sample.open)]
    let plan = try makePlan(desired: wanted, live: [Sample.settings()]).plan
    #expect(plan.steps(Sample.key(.database, "sales")) == [.create, .settle])
  }

  @Test func aPolicyInForceIsWithdrawnWhileTagsChange() throws {
    let policy = Sample.grant(on: Sample.policy)
    let open = base + [policy, Sample.assignment("sales", tags: ["sensitivity": "public"])]
    let secret = Sample.table("sales", "secret")
    let tag = Sample.assignment("sales", "secret", tags: ["sensitivity": "pii"])
    let plan = try makePlan(desired: open + [secret, tag], live: open).plan
    #expect(plan.steps(policy.key) == [.remove, .create])
    #expect(plan.unchanged[.grant, default: 0] == 0)
    #expect(
      plan.actions.first { $0.key == policy.key && $0.step == .remove }?.phase == .revoke)
  }

  @Test func aPolicyInForceStaysWhereNoTagChanges() throws {
    let policy = Sample.grant(on: Sample.policy)
    let plan = try makePlan(
      desired: base + [policy, Sample.table("sales", "t")], live: base + [policy]
    ).plan
    #expect(plan.steps(policy.key).isEmpty)
  }

  @Test func aFiltersGrantIsWithdrawnWhereTheFilterChanges() throws {
    let grant = Sample.grant(on: Sample.onFilter("sales", "orders"))
    let wanted =
      base.dropLast() + [Sample.filter("sales", "orders", rows: "region = 'EAST'"), grant]
    let plan = try makePlan(desired: Array(wanted), live: base + [grant]).plan
    #expect(plan.steps(grant.key) == [.remove, .create])
  }
}
