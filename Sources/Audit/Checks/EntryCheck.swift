import MeshModel

/// Both roles can be assumed in every account.
struct EntryCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.flatMap { account in
      [
        finding(account.restorer, "restorer", account, facts.secondary, .blocker),
        finding(account.reader, "reader", account, facts.primary, .warning),
      ].compactMap(\.self)
    }
  }

  private func finding(
    _ entry: Entry, _ role: String, _ account: AccountFacts, _ region: String,
    _ severity: Finding.Severity
  ) -> Finding? {
    switch entry {
    case .entered: nil
    case .refused(let reason):
      Finding(
        severity, "\(role)-refused", account.title,
        "the \(role) can't enter the account from \(region): \(reason)",
        remedy: "make the role in \(account.id), or let it trust whoever runs meshdr: "
          + "aws iam get-role --role-name ROLE; meshdr iam-policy \(role) prints its policy")
    case .unknown(let reason):
      Finding(
        .warning, "\(role)-unknown", account.title,
        "whether the \(role) can enter the account from \(region) is unknown: \(reason)",
        remedy: "meshdr audit --account \(account.id), when it answers again")
    }
  }
}
