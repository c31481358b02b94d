import CanonicalJSON
import MeshModel

/// The restorer administers Lake Formation in the secondary, the reader in the primary: without that
/// it hides what they may not see.
struct AdministratorCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.flatMap { account in
      [
        finding(
          account, account.restorer, account.settings, "restorer", facts.secondary,
          "a restore has to make it one before anything else"),
        finding(
          account, account.reader, account.primarySettings, "reader", facts.primary,
          "what it may not see is missing in snapshots"),
      ].compactMap(\.self)
    }
  }

  private func finding(
    _ account: AccountFacts, _ entry: Entry, _ settings: Answer<JSON>, _ role: String,
    _ region: String, _ consequence: String
  ) -> Finding? {
    guard let principal = entry.principal else { return nil }
    let show = "aws lakeformation get-data-lake-settings --region \(region)"
    switch settings {
    case .known(let settings):
      let administrators = (settings["DataLakeAdmins"]?.array ?? []).compactMap {
        $0["DataLakePrincipalIdentifier"]?.string
      }
      guard !administrators.contains(principal) else { return nil }
      return Finding(
        .warning, "\(role)-no-administrator", account.title,
        "\(principal) is no data lake administrator in \(region): \(consequence)",
        remedy: "add it to the DataLakeAdmins of \(show), and put them: "
          + "aws lakeformation put-data-lake-settings --region \(region) --data-lake-settings ...")
    case .unknown(let reason):
      return Finding(
        .note, "\(role)-administrator-unknown", account.title,
        "whether \(principal) administers Lake Formation in \(region) is unknown: \(reason)",
        remedy: show)
    }
  }
}
