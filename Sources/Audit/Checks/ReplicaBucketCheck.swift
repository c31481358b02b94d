import MeshModel

/// The buckets that stand for others are there, in the secondary.
struct ReplicaBucketCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let replicas = facts.snapshot?.digest.replicas ?? [:]
    return Set(replicas.values.map(\.bucket)).sorted().compactMap { bucket in
      let subject = "s3://\(bucket)"
      switch facts.replicas[bucket] ?? .unknown("nobody asked") {
      case .known(.inRegion(facts.secondary)): return nil
      case .known(.inRegion(let region)):
        return Finding(
          .blocker, "replica-in-wrong-region", subject,
          "\(bucket) stands for a bucket of the primary, and is in \(region), not in "
            + facts.secondary,
          remedy: "replicate to a bucket in \(facts.secondary), or name another in the mesh file")
      case .known(.missing):
        return Finding(
          .blocker, "replica-missing", subject,
          "\(bucket) stands for a bucket of the primary, and does not exist",
          remedy: "aws s3api create-bucket --bucket \(bucket) --region \(facts.secondary) "
            + "--create-bucket-configuration LocationConstraint=\(facts.secondary)")
      case .unknown(let reason):
        return Finding(
          .warning, "replica-unknown", subject,
          "whether \(bucket) is there is unknown: \(reason)",
          remedy: "aws s3api head-bucket --bucket \(bucket) --region \(facts.secondary)")
      }
    }
  }
}
