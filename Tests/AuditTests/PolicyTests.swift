import CanonicalJSON
import Testing

@testable import Audit

/// The policies that the roles need.
@Suite struct PolicyTests {
  @Test(arguments: AccountRole.allCases) func aPolicyFitsIntoIAMsLimit(role: AccountRole) {
    #expect(RolePolicy(of: role).size < RolePolicy.largestSize)
  }

  @Test(arguments: AccountRole.allCases) func aPolicyHasEveryActionOnceAndNoOther(
    role: AccountRole
  ) {
    let statements = RolePolicy(of: role).document["Statement"]?.array ?? []
    #expect(statements.allSatisfy { $0["Effect"] == "Allow" })
    for statement in statements {
      let same = statements.filter {
        $0["Condition"] == statement["Condition"] && $0["Resource"] == statement["Resource"]
          && !Set($0["Action"]?.strings ?? []).isDisjoint(with: statement["Action"]?.strings ?? [])
      }
      #expect(same.count == 1)
    }
    let listed = Set(statements.flatMap { $0["Action"]?.strings ?? [] })
    #expect(listed == Set(PermissionTable.of(role).map(\.action)))
    #expect(listed.allSatisfy { !$0.contains("*") })
  }

  @Test func theReaderChangesNothing() {
    let actions = PermissionTable.of(.reader).map(\.action)
    let verbs = ["Get", "List", "Search", "Describe", "BatchGet", "Query", "Simulate", "Decrypt"]
    #expect(
      actions.allSatisfy { action in
        verbs.contains { action.split(separator: ":").last?.hasPrefix($0) ?? false }
      })
  }

  /// What no call shows has a reason.
  @Test func whatIsNeverCalledHasAReason() {
    #expect(PermissionTable.all.allSatisfy { $0.operation != nil || $0.onlyWhere != nil })
  }
}
