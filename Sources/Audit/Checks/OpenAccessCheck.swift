import CanonicalJSON
import MeshModel

/// What IAM alone decides about: what IAM_ALLOWED_PRINCIPALS is given.
struct OpenAccessCheck: AuditCheck {
  private static let everybody = "IAM_ALLOWED_PRINCIPALS"

  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.compactMap { granted($0, facts) } + defaults(facts)
  }

  private func granted(_ account: AccountFacts, _ facts: AuditFacts) -> Finding? {
    guard let count = facts.snapshot?.digest.openGrants[account.id], count > 0 else { return nil }
    return Finding(
      .note, "iam-allowed-principals", account.title,
      "\(Self.everybody) has \(count) grants in the snapshot: there Lake Formation's grants, filters "
        + "and tags restrict nobody, and a restore keeps it so",
      remedy: "aws lakeformation list-permissions --principal "
        + "DataLakePrincipalIdentifier=\(Self.everybody) --region \(facts.primary), then revoke what "
        + "is not needed")
  }

  /// One finding for all accounts: AWS ships it so.
  private func defaults(_ facts: AuditFacts) -> [Finding] {
    let lists = ["CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"]
    let open = facts.accounts.filter { account in
      lists.contains { !(account.settings.value?[$0]?.array ?? []).isEmpty }
    }
    guard let first = open.first else { return [] }
    let more = open.count > 1 ? ", here and in \(open.count - 1) more accounts," : ""
    return [
      Finding(
        .note, "open-defaults", first.title,
        "what anybody creates in \(facts.secondary)\(more) is open to \(Self.everybody): a "
          + "restore closes that before it creates anything",
        remedy: "empty both default permissions: aws lakeformation put-data-lake-settings --region "
          + facts.secondary)
    ]
  }
}
