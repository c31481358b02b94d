import MeshModel

/// The quotas of each account suffice for what is to be created there.
struct QuotaCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    guard let needed = facts.snapshot?.digest.counts else { return [] }
    var found: [Finding?] = []
    var unknown = UnknownAccounts()
    for account in facts.accounts {
      guard let counts = needed[account.id] else { continue }
      switch account.quotas {
      case .unknown(let reason): unknown.add(account, reason)
      case .known(let quotas):
        found += SnapshotDigest.Quota.allCases.map { quota in
          guard let count = counts[quota], let limit = quotas[quota.rawValue], Double(count) > limit
          else { return nil }
          return finding(quota, count, Int(limit), account, facts.secondary)
        }
      }
    }
    found.append(
      unknown.finding(
        .note, "quotas-unknown", "whether the quotas in \(facts.secondary) suffice",
        remedy: "allow the restorer servicequotas:ListServiceQuotas"))
    return found.compactMap(\.self)
  }

  private func finding(
    _ quota: SnapshotDigest.Quota, _ count: Int, _ limit: Int, _ account: AccountFacts,
    _ region: String
  ) -> Finding {
    Finding(
      .blocker, "quota-too-low", account.title,
      "“\(quota.rawValue)” is \(limit) in \(region), and \(count) are to be restored",
      remedy: "aws service-quotas request-service-quota-increase --region \(region) "
        + "--service-code \(quota.service) --quota-code CODE --desired-value \(count); "
        + "the code is that of “\(quota.rawValue)” in aws service-quotas list-service-quotas "
        + "--region \(region) --service-code \(quota.service)")
  }
}

extension SnapshotDigest.Quota {
  /// The code that Service Quotas has for the service.
  var service: String {
    switch self {
    case .locations, .lfTags: "lakeformation"
    default: "glue"
    }
  }
}
