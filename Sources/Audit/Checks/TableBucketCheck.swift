import MeshModel

/// S3 Tables: rules of buckets do not replicate table buckets, and their catalogs do not come back.
struct TableBucketCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let catalogs = facts.snapshot?.digest.tableBuckets ?? [:]
    return catalogs.sorted { $0.key < $1.key }.map { account, names in
      Finding(
        .warning, "s3-tables", "\(account) \(names.sorted().joined(separator: ", "))",
        "catalogs of S3 table buckets are archived and not restored: rules of buckets do not "
          + "replicate them",
        remedy: "aws s3tables put-table-bucket-replication --table-bucket-arn ARN --configuration "
          + "..., and make the catalog in \(facts.secondary)")
    }
  }
}
