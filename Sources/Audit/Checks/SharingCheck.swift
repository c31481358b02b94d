import MeshModel

/// RAM may share with the organization: otherwise every account that something is shared with has to
/// accept an invitation in the secondary.
struct SharingCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let sharing = facts.snapshot?.digest.sharingAccounts ?? []
    guard !sharing.isEmpty else { return [] }
    let owners = sharing.sorted().prefix(3).joined(separator: ", ")
    let remedy = "aws ram enable-sharing-with-aws-organization, in the management account"
    switch facts.sharing {
    case .known(true): return []
    case .known(false):
      return [
        Finding(
          .warning, "sharing-off", "the organization",
          "sharing with the organization is off in RAM: what \(owners) and others share has to be "
            + "accepted in each account before it can be used",
          remedy: remedy)
      ]
    case .unknown(let reason):
      return [
        Finding(
          .note, "sharing-unknown", "the organization",
          "whether RAM may share with the organization is unknown: \(reason)",
          remedy: "aws organizations list-aws-service-access-for-organization, in the management "
            + "account, has ram.amazonaws.com where it may")
      ]
    }
  }
}
