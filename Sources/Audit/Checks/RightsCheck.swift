import MeshModel

/// The roles may do what their commands do.
struct RightsCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    findings(facts.accounts, \.restorer, \.restorerRights, .restorer, .blocker)
      + findings(facts.accounts, \.reader, \.readerRights, .reader, .warning)
  }

  private func findings(
    _ accounts: [AccountFacts], _ entry: KeyPath<AccountFacts, Entry>,
    _ rights: KeyPath<AccountFacts, Answer<Rights>>, _ role: AccountRole,
    _ severity: Finding.Severity
  ) -> [Finding] {
    var found: [Finding?] = []
    var unknown = UnknownAccounts()
    for account in accounts {
      guard let principal = account[keyPath: entry].principal else { continue }
      switch account[keyPath: rights] {
      case .known(let rights): found.append(lacking(rights, principal, account, role, severity))
      case .unknown(let reason): unknown.add(account, reason)
      }
    }
    found.append(
      unknown.finding(
        .note, "\(role.rawValue)-rights-unknown", "what the \(role.rawValue) may do",
        remedy: "allow it iam:SimulatePrincipalPolicy on itself, or run meshdr audit when IAM "
          + "answers again"))
    return found.compactMap(\.self)
  }

  private func lacking(
    _ rights: Rights, _ principal: String, _ account: AccountFacts, _ role: AccountRole,
    _ severity: Finding.Severity
  ) -> Finding? {
    let denied = rights.denied.filter { !rights.deniedByOrganization.contains($0) }
    guard !denied.isEmpty else { return nil }
    let more = denied.count > 6 ? " and \(denied.count - 6) more" : ""
    return Finding(
      severity, "\(role.rawValue)-lacks-rights", account.title,
      "\(principal) may not \(denied.prefix(6).joined(separator: ", "))\(more)",
      remedy: "meshdr iam-policy \(role.rawValue) > policy.json && aws iam put-role-policy "
        + "--role-name \(Self.name(of: principal)) --policy-name meshdr --policy-document "
        + "file://policy.json")
  }

  /// The name of a role, for the AWS CLI.
  static func name(of principal: String) -> String {
    principal.split(separator: "/").last.map(String.init) ?? principal
  }
}
