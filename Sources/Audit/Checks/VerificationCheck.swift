import CanonicalJSON
import MeshModel

/// The roles of locations that are registered in the secondary can reach their buckets.
struct VerificationCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    facts.accounts.flatMap { account in
      (account.locations.value ?? []).compactMap { finding($0, account, facts) }
    }
  }

  private func finding(
    _ location: JSON, _ account: AccountFacts, _ facts: AuditFacts
  ) -> Finding? {
    let arn = location["ResourceArn"]?.string ?? ""
    guard location["VerificationStatus"]?.string == "VERIFICATION_FAILED" else { return nil }
    let role = location["RoleArn"]?.string ?? "its role"
    return Finding(
      .blocker, "location-unreachable", arn,
      "\(role), with which \(account.title) has registered it, can't reach it: nobody can read "
        + "through Lake Formation what is there",
      remedy: "allow the role s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket there, "
        + "and the use of its key; then aws lakeformation describe-resource --region "
        + "\(facts.secondary) --resource-arn \(arn)")
  }
}
