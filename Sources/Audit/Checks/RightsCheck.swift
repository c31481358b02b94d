import MeshModel

/// The roles may do what their commands do.
struct RightsCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.flatMap { account in
      [
        finding(account.restorerRights, "restorer", account, .blocker),
        finding(account.readerRights, "reader", account, .warning),
      ].compactMap(\.self)
    }
  }

  private func finding(
    _ rights: Answer<Rights>, _ role: String, _ account: AccountFacts, _ severity: Finding.Severity
  ) -> Finding? {
    let entry = role == "restorer" ? account.restorer : account.reader
    guard let principal = entry.principal else { return nil }
    switch rights {
    case .known(let rights):
      let denied = rights.denied.filter { !rights.deniedByOrganization.contains($0) }
      guard !denied.isEmpty else { return nil }
      return Finding(
        severity, "\(role)-lacks-rights", account.title,
        "\(principal) may not \(denied.prefix(6).joined(separator: ", "))"
          + (denied.count > 6 ? " and \(denied.count - 6) more" : ""),
        remedy: "meshdr iam-policy \(role) > policy.json && aws iam put-role-policy --role-name "
          + "\(Self.name(of: principal)) --policy-name meshdr --policy-document file://policy.json")
    case .unknown(let reason):
      return Finding(
        .note, "\(role)-rights-unknown", account.title,
        "what \(principal) may do is unknown: \(reason)",
        remedy: "allow it iam:SimulatePrincipalPolicy on itself")
    }
  }

  /// The name of a role, for the AWS CLI.
  static func name(of principal: String) -> String {
    principal.split(separator: "/").last.map(String.init) ?? principal
  }
}
