import MeshModel

/// Both roles can be assumed in every account.
struct EntryCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    findings(facts.accounts, \.restorer, .restorer, facts.secondary, .blocker)
      + findings(facts.accounts, \.reader, .reader, facts.primary, .warning)
  }

  private func findings(
    _ accounts: [AccountFacts], _ entry: KeyPath<AccountFacts, Entry>, _ role: AccountRole,
    _ region: String, _ severity: Finding.Severity
  ) -> [Finding] {
    var found: [Finding?] = []
    var unknown = UnknownAccounts()
    for account in accounts {
      switch account[keyPath: entry] {
      case .entered: continue
      case .unknown(let reason): unknown.add(account, reason)
      case .refused(let reason):
        found.append(
          Finding(
            severity, "\(role.rawValue)-refused", account.title,
            "the \(role.rawValue) can't enter the account from \(region): \(reason)",
            remedy: "make the role in \(account.id), or let it trust whoever runs meshdr: "
              + "aws iam get-role --role-name ROLE; meshdr iam-policy \(role.rawValue) prints its "
              + "policy"))
      }
    }
    found.append(
      unknown.finding(
        .warning, "\(role.rawValue)-unknown",
        "whether the \(role.rawValue) can enter the account from \(region)",
        remedy: "meshdr audit, when \(region) answers again"))
    return found.compactMap(\.self)
  }
}
