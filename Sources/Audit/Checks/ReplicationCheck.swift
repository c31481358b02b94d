import MeshModel

/// Replication covers every registered location, and what it writes can be read at once.
struct ReplicationCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    (facts.snapshot?.digest.unreplicated ?? []).map { place in
      Finding(
        .blocker, place.code, place.location, place.message,
        remedy: "aws s3api get-bucket-replication --bucket \(place.bucket), and put it with a rule "
          + "that covers the location and writes to STANDARD, STANDARD_IA or GLACIER_IR: "
          + "aws s3api put-bucket-replication --bucket \(place.bucket)")
    }
  }
}
