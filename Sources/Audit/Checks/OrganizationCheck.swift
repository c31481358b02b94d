import MeshModel

/// No policy of the organization denies the secondary.
struct OrganizationCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.compactMap { account in
      guard let denied = account.restorerRights.value?.deniedByOrganization,
        let first = denied.first
      else { return nil }
      return Finding(
        .blocker, "organization-denies-region", account.title,
        "a policy of the organization denies \(first)"
          + (denied.count > 1 ? " and \(denied.count - 1) more actions" : "")
          + " in \(facts.secondary): nothing can be restored there",
        remedy: "let \(facts.secondary) be used for it: "
          + "aws organizations list-policies-for-target --target-id \(account.id) "
          + "--filter SERVICE_CONTROL_POLICY")
    }
  }
}
