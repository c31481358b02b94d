import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel
import Testing

@testable import Restore

/// The catalog's own policy gives access like a grant, and stands before all grants.
@Suite struct CatalogPolicyTests {
  func policy(_ actions: String..., denied: String? = nil) -> Record {
    var statements = actions.map { ["Effect": "Allow", "Action": .string($0)] as JSON }
    if let denied { statements.append(["Effect": "Deny", "Action": .string(denied)]) }
    let text = JSON.object(["Statement": .array(statements)]).canonicalText
    return Record(
      key: ResourcePolicyKind.key(in: Sample.account), value: ["PolicyInJson": .string(text)])
  }

  func steps(_ desired: Record?, live: Record?) throws -> [String] {
    try makePlan(desired: [desired].compactMap(\.self), live: [live].compactMap(\.self)).plan.lines
  }

  @Test func whatItGivesTooMuchGoesFirst() throws {
    #expect(try steps(policy("a"), live: nil) == ["create resource-policy locations"])
    #expect(try steps(nil, live: policy("a")) == ["remove resource-policy revoke"])
    #expect(try steps(policy("a"), live: policy("a", "b")) == ["prepare resource-policy revoke"])
    #expect(try steps(policy("a", "b"), live: policy("a")) == ["update resource-policy locations"])
    #expect(
      try steps(policy("a"), live: policy("b")) == [
        "prepare resource-policy revoke", "update resource-policy locations",
      ])
    #expect(
      try steps(policy("a", denied: "x"), live: policy("a")) == ["prepare resource-policy revoke"])
    #expect(try steps(policy("a"), live: policy("a")).isEmpty)
  }

  @Test func itComesWhateverKindsAreAskedFor() throws {
    var tables = PlanPolicy()
    tables.only = [.kind("table")]
    let plan = try makePlan(desired: [policy("a")], live: [], policy: tables).plan
    #expect(plan.lines == ["create resource-policy locations"])
  }

  @Test func grantsWaitForIt() {
    let grant = Sample.grant(on: Sample.onTable("sales", "orders"))
    let resources = [Sample.onTable("sales", "orders"), Sample.policy]
    for resource in resources {
      let requirements = GrantKind().requirements(of: grant.key, body: ["Resource": resource])
      #expect(requirements.contains(.record(policy("a").key)))
    }
  }
}
