import CanonicalJSON
import MeshModel

/// Accounts share by the same version of cross-account sharing in both regions. It can't be lowered,
/// and shares of newer versions do not reach accounts with old ones.
struct CrossAccountVersionCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    guard let digest = facts.snapshot?.digest, !digest.sharingAccounts.isEmpty else { return [] }
    let differing = facts.accounts.compactMap { account -> Finding? in
      guard let wanted = digest.settings[account.id].map(Self.version),
        let live = account.settings.value.map(Self.version), live > wanted
      else { return nil }
      return Finding(
        .warning, "cross-account-version", account.title,
        "its version of cross-account sharing is \(live) in \(facts.secondary) and \(wanted) in the "
          + "snapshot: AWS does not let it be lowered",
        remedy: "raise CROSS_ACCOUNT_VERSION to \(live) in \(facts.primary), too: "
          + "aws lakeformation put-data-lake-settings, then meshdr snapshot")
    }
    return differing + among(digest)
  }

  private func among(_ digest: SnapshotDigest) -> [Finding] {
    let versions = Dictionary(grouping: digest.settings.keys) {
      Self.version(digest.settings[$0] ?? [:])
    }
    guard versions.count > 1, let lowest = versions.keys.min(), lowest < 3 else { return [] }
    let accounts = (versions[lowest] ?? []).sorted().joined(separator: ", ")
    return [
      Finding(
        .warning, "cross-account-version-mixed", "the mesh",
        "version \(lowest) of cross-account sharing in \(accounts) does not receive policies on "
          + "LF-Tags and grants to single roles that version 3 and later give",
        remedy: "raise CROSS_ACCOUNT_VERSION there: aws lakeformation put-data-lake-settings")
    ]
  }

  /// An account that never set it has version 1.
  static func version(_ settings: JSON) -> Int {
    settings["Parameters"]?["CROSS_ACCOUNT_VERSION"]?.string.flatMap(Int.init) ?? 1
  }
}
