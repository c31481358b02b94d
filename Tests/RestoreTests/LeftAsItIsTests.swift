import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

/// What keeps access from growing where something is left as it is.
@Suite struct LeftAsItIsTests {
  private let people = Sample.table("sales", "people")
  private let outsider = Sample.grant(
    to: "arn:aws:iam::222222222222:role/outsider", on: Sample.onTable("sales", "people"))
  private var base: [Record] { [Sample.settings(), Sample.database("sales"), people] }

  @Test func theTagsOfAColumnThatGoesStayAsLongAsItIsThere() throws {
    let stale = Sample.assignment("sales", "people", "ssn", tags: ["sensitivity": "secret"])
    let plan = try makePlan(desired: base, live: base + [stale]).plan
    #expect(plan.actions.isEmpty && plan.extra == [stale.key])
    let known = Sample.assignment("sales", "people", "id", tags: ["sensitivity": "secret"])
    #expect(try makePlan(desired: base, live: base + [known]).plan.lines.count == 1)
  }

  @Test func listingsThatHideNoAccessKeepNobodysAccess() throws {
    let harmless = try makePlan(
      desired: base, live: base + [outsider], incomplete: [Sample.account]
    ).plan
    #expect(harmless.lines == ["remove grant revoke"])
    let hiding = try makePlan(
      desired: base, live: base + [outsider], hiding: [Sample.account]
    ).plan
    #expect(hiding.actions.isEmpty && hiding.extra == [outsider.key])
  }

  /// Policies that are in force, and would reach a new table before its own tag is there.
  private func reaching(_ live: [Record], read: Set<String>? = nil) throws -> Plan {
    var policy = PlanPolicy()
    policy.keepExtraGrants = true
    let tags = [
      Sample.assignment("sales", tags: ["sensitivity": "public"]),
      Sample.assignment("sales", "people", tags: ["sensitivity": "secret"]),
    ]
    let there = [Sample.settings(), Sample.database("sales"), tags[0]]
    return try makePlan(
      desired: base + tags, live: there + live, policy: policy, read: read
    ).plan
  }

  private func policy(to principal: String, _ value: String) -> Record {
    Sample.grant(
      to: principal,
      on: [
        "LFTagPolicy": [
          "CatalogId": .string(Sample.account), "ResourceType": "TABLE",
          "Expression": [["TagKey": "sensitivity", "TagValues": [.string(value)]]],
        ]
      ])
  }

  @Test func aPolicyThatTheSnapshotLacksRestsWhileTagsMove() throws {
    let extra = policy(to: "arn:aws:iam::222222222222:role/late", "public")
    let plan = try reaching([extra])
    let steps = plan.actions.filter { $0.key == extra.key }.map(\.step)
    #expect(steps == [.remove, .create], "\(plan.lines)")
    #expect(plan.warnings.contains { $0.contains("given by hand") })
    #expect(plan.extra == [extra.key])
  }

  @Test func aPolicyThatAnotherAccountHandsOnRestsWhereItsGrantsAreNotKnown() throws {
    let given = policy(to: "222222222222", "secret")
    #expect(try reaching([given]).actions.allSatisfy { $0.key != given.key })
    let partly = try reaching([given], read: [Sample.account])
    #expect(partly.actions.contains { $0.key == given.key && $0.step == .remove })
    let wholly = try reaching([given], read: [Sample.account, "222222222222"])
    #expect(wholly.actions.allSatisfy { $0.key != given.key })
  }

  /// A database gets its tag before one of its tables loses a column.
  @Test func aPolicyRestsUntilAColumnThatGoesIsGone() throws {
    let reader = policy(to: "arn:aws:iam::222222222222:role/reader", "public")
    let tag = Sample.assignment("sales", tags: ["sensitivity": "public"])
    let before = Sample.table("sales", "people", columns: ["id", "ssn"])
    let there = [Sample.settings(), Sample.database("sales"), reader]
    let plan = try makePlan(desired: base + [tag, reader], live: there + [before]).plan
    #expect(plan.steps(reader.key) == [.remove, .create], "\(plan.lines)")
    let same = try makePlan(desired: base + [tag, reader], live: there + [people]).plan
    #expect(same.steps(reader.key).isEmpty)
  }

  /// Since the snapshot a table was made secret, a policy and an administrator were taken away.
  @Test func repairingOneThingWhereTheMeshRunsOpensNothingElse() throws {
    let orders = Sample.table("finance", "gl")
    let gone = policy(to: "arn:aws:iam::222222222222:role/late", "public")
    let snapshot =
      [
        Sample.settings(admins: [Sample.restorer, "arn:aws:iam::111111111111:user/former"]),
        Sample.database("sales"), people, Sample.database("finance"), orders, gone,
      ] + [Sample.assignment("sales", "people", tags: ["sensitivity": "public"])]
    let now = [
      Sample.settings(), Sample.database("sales"), people, Sample.database("finance"),
      Sample.assignment("sales", "people", tags: ["sensitivity": "secret"]),
    ]
    var policy = PlanPolicy()
    policy.only = [.table(database: "finance", table: "gl")]
    policy.onlyWhatIsNamed = true
    let plan = try makePlan(desired: snapshot, live: now, policy: policy).plan
    #expect(plan.lines == ["create table tables"])
  }
}
