import CanonicalJSON
import MeshModel

/// The restorer administers Lake Formation in the secondary, the reader in the primary: without that
/// it hides what they may not see.
struct AdministratorCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    findings(
      facts.accounts, \.restorer, \.settings, .restorer, facts.secondary,
      "a restore has to make it one before anything else")
      + findings(
        facts.accounts, \.reader, \.primarySettings, .reader, facts.primary,
        "what it may not see is missing in snapshots")
  }

  private func findings(
    _ accounts: [AccountFacts], _ entry: KeyPath<AccountFacts, Entry>,
    _ settings: KeyPath<AccountFacts, Answer<JSON>>, _ role: AccountRole, _ region: String,
    _ consequence: String
  ) -> [Finding] {
    var found: [Finding?] = []
    var unknown = UnknownAccounts()
    for account in accounts {
      guard let principal = account[keyPath: entry].principal else { continue }
      switch account[keyPath: settings] {
      case .unknown(let reason): unknown.add(account, reason)
      case .known(let settings):
        let listed = (settings["DataLakeAdmins"]?.array ?? []).compactMap {
          $0["DataLakePrincipalIdentifier"]?.string
        }
        guard !listed.contains(principal) else { continue }
        found.append(
          Finding(
            .warning, "\(role.rawValue)-no-administrator", account.title,
            "\(principal) is no data lake administrator in \(region): \(consequence)",
            remedy: "aws lakeformation get-data-lake-settings --region \(region), add it to "
              + "DataLakeAdmins, and put them: aws lakeformation put-data-lake-settings --region "
              + "\(region) --data-lake-settings file://settings.json"))
      }
    }
    found.append(
      unknown.finding(
        .note, "\(role.rawValue)-administrator-unknown",
        "whether the \(role.rawValue) administers Lake Formation in \(region)",
        remedy: "aws lakeformation get-data-lake-settings --region \(region)"))
    return found.compactMap(\.self)
  }
}
