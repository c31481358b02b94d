import MeshModel

/// Users and groups of Identity Center are known in the secondary where grants name them. An instance
/// is of one region unless it is replicated.
struct IdentityCenterCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let granted = facts.snapshot?.digest.identityCenterGrants ?? [:]
    return facts.accounts.compactMap { account in
      guard let count = granted[account.id] else { return nil }
      let remedy =
        "replicate the instance to \(facts.secondary), then aws lakeformation "
        + "create-lake-formation-identity-center-configuration --region \(facts.secondary) "
        + "--instance-arn ARN"
      switch account.identityCenter {
      case .known(true): return nil
      case .known(false):
        return Finding(
          .warning, "identity-center-missing", account.title,
          "\(count) grants name users or groups of IAM Identity Center, with which Lake Formation is "
            + "not connected in \(facts.secondary): they would give nobody anything",
          remedy: remedy)
      case .unknown(let reason):
        return Finding(
          .note, "identity-center-unknown", account.title,
          "\(count) grants name users or groups of IAM Identity Center; whether they are known in "
            + "\(facts.secondary) is unknown: \(reason)",
          remedy: remedy)
      }
    }
  }
}
