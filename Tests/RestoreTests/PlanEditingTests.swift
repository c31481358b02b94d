import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

/// What may be left out of a plan, and what must not be.
@Suite struct PlanEditingTests {
  private let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })

  private let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders", partitioned: true),
    Sample.index("sales", "orders"), Sample.partition("sales", "orders", "2026-01-01"),
    Sample.assignment("sales", "orders", tags: ["sensitivity": "pii"]),
    Sample.filter("sales", "orders"), Sample.grant(on: Sample.onFilter("sales", "orders")),
    Sample.grant(on: Sample.policy),
  ]

  /// The first pair of what is left out and what is kept although it rests on it.
  private func firstDependent(
    live: [Record], leavingOut isLeftOut: @escaping (Action) -> Bool
  ) throws -> (missing: String, dependent: String)? {
    let (plan, bodies) = try makePlan(desired: mesh, live: live)
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    return graph.firstDependent(ofThose: isLeftOut).map {
      ($0.missing.key.kindName, $0.dependent.key.kindName)
    }
  }

  @Test(arguments: [
    ("database", "table"), ("table", "partition-index"), ("data-cells-filter", "grant"),
    ("tag-assignment", "grant"),
  ])
  func whatOthersRestOnIsNotLeftOutAlone(kind: String, dependent: String) throws {
    let found = try firstDependent(live: [Sample.settings()]) { $0.key.kindName == kind }
    #expect(found?.missing == kind)
    #expect(found?.dependent == dependent)
  }

  @Test(arguments: ["grant", "partition"])
  func whatNothingRestsOnMayBeLeftOut(kind: String) throws {
    #expect(try firstDependent(live: [Sample.settings()]) { $0.key.kindName == kind } == nil)
  }

  @Test func whatRestsOnItMayBeLeftOutWithIt() throws {
    let found = try firstDependent(live: [Sample.settings()]) {
      ["tag-assignment", "grant"].contains($0.key.kindName)
    }
    #expect(found == nil)
  }

  @Test func revocationsComeBeforeEverythingAndStay() throws {
    let extra = Sample.grant(
      to: "arn:aws:iam::222222222222:role/other", on: Sample.onTable("sales", "orders"))
    let live = [
      Sample.settings(), Sample.database("sales"),
      Sample.table("sales", "orders", partitioned: true), extra,
    ]
    let found = try firstDependent(live: live) { $0.step == .remove }
    #expect(found?.missing == "grant")
    #expect(try firstDependent(live: live) { _ in true } == nil)
  }
}

@Suite struct SavedPlanTests {
  private func plan() throws -> Plan {
    try makePlan(
      desired: [Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders")],
      live: [Sample.settings()], takesAccess: true
    ).0
  }

  @Test func aPlanIsReadAsItWasWritten() throws {
    let plan = try plan()
    var policy = PlanPolicy()
    policy.only = [.database("sales")]
    policy.keepExtraGrants = true
    let saved = SavedPlan(plan, basis: "b", policy: policy, accounts: ["111111111111"])
    var document: JSON = ["snapshot": "s", "region": "eu-west-1"]
    for (name, value) in saved.members(plan) { document[name] = value }
    let read = try SavedPlan(json: JSON(parsing: document.canonicalText))
    #expect(read == saved)
    #expect(read.steps.count == 2)
    #expect(read.policy.only == [.database("sales")])
  }

  @Test func whatIsNoPlanSaysSo() throws {
    #expect(throws: PlanEdit.self) { try SavedPlan(json: [:]) }
    let plan = try plan()
    var document: JSON = ["snapshot": "s", "region": "eu-west-1"]
    for (name, value) in SavedPlan(plan, basis: "b", policy: PlanPolicy(), accounts: []).members(
      plan)
    {
      document[name] = value
    }
    document["planFormat"] = 2
    #expect(throws: PlanEdit.self) { try SavedPlan(json: document) }
    document["planFormat"] = 1
    document["steps"] = [["step": "explode", "phase": "tables", "key": "x"]]
    #expect(throws: PlanEdit.self) { try SavedPlan(json: document) }
  }

  @Test func theBasisChangesWithEitherSide() {
    func basis(_ live: JSON?, _ desired: JSON?) -> String {
      let basis = PlanBasis()
      basis.add(Sample.key(.database, "sales"), live, desired)
      return basis.finish()
    }
    let all = [
      basis(nil, ["a": 1]), basis(["a": 1], nil), basis(["a": 1], ["a": 1]),
      basis(["a": 1], ["a": 2]), basis(nil, nil),
    ]
    #expect(Set(all).count == all.count)
    #expect(basis(["a": 1], nil) == all[1])
  }
}
