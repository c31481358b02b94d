import MeshModel

/// Judges how a product's replication is set up: pure, over what is known. What is not known is
/// named once as such, and is no ground for anything else.
public struct ReplicationJudge: Sendable {
  private let secondary: String

  public init(secondary: String) {
    self.secondary = secondary
  }

  /// Everything that is wrong, the worst first.
  /// - Parameters:
  ///   - source: of the product's bucket; nil where nothing is known of it.
  ///   - replica: of the replica's bucket.
  public func findings(
    _ route: ReplicaRoute, source: BucketFacts?, replica: BucketFacts?
  ) -> [Finding] {
    guard route.source != .inRegion else { return [] }
    var found = sourceFindings(route, source) + ruleFindings(route, source)
    if let name = route.replica {
      found += replicaFindings(route, replica ?? BucketFacts(name: name))
      if let rule = route.rule { found += keyFindings(route, rule, source, replica) }
    }
    return found.sorted { ($0.severity, $0.code, $0.subject) < ($1.severity, $1.code, $1.subject) }
  }

  private func sourceFindings(_ route: ReplicaRoute, _ source: BucketFacts?) -> [Finding] {
    let name = "s3://\(route.bucket)"
    guard let source, source.rules != nil else {
      return [
        Finding(
          .warning, "replication-unknown", name,
          "the replication rules of \(route.bucket) are not known: "
            + (source?.problem ?? "it is in none of the accounts that were captured"),
          remedy: "let the reader role ask s3:GetReplicationConfiguration of it, or add its account"
        )
      ]
    }
    guard let versioning = source.versioning, versioning != .enabled else { return [] }
    return [
      Finding(
        .blocker, "source-not-versioned", name,
        "\(route.bucket) keeps no versions, so S3 replicates nothing of it",
        remedy: "aws s3api put-bucket-versioning --bucket \(route.bucket) "
          + "--versioning-configuration Status=Enabled")
    ]
  }

  private func ruleFindings(_ route: ReplicaRoute, _ source: BucketFacts?) -> [Finding] {
    let name = "s3://\(route.bucket)/\(route.prefix)"
    guard let rule = route.rule else {
      guard route.source != .meshFile else {
        return [
          Finding(
            .warning, "copied-otherwise", name,
            "the mesh file names a replica, but no rule sends anything there: what copies it is "
              + "unknown to S3",
            remedy: "see to it that whatever copies it runs, or replicate the bucket by a rule")
        ]
      }
      guard let rules = source?.rules else { return [] }
      return [
        rules.isEmpty
          ? Finding(
            .blocker, "no-replication", name, "\(route.bucket) has no replication rule",
            remedy: "replicate it to a bucket in \(secondary): aws s3api put-bucket-replication "
              + "--bucket \(route.bucket), or name its replica in the mesh file's mapping")
          : Finding(
            .blocker, "prefix-not-covered", name,
            "none of the \(rules.count) rules of \(route.bucket) sends it to \(secondary)",
            remedy: "add a rule whose prefix covers it")
      ]
    }
    return stateFindings(route, rule, name) + habitFindings(route, rule, name)
  }

  private func stateFindings(
    _ route: ReplicaRoute, _ rule: ReplicationRule, _ name: String
  ) -> [Finding] {
    var found: [Finding] = []
    if !rule.isEnabled {
      found.append(
        Finding(
          .blocker, "rule-disabled", name,
          "rule “\(rule.id)” is disabled: nothing new is replicated",
          remedy: "enable it, then replicate with Batch Replication what was written meanwhile"))
    }
    if !rule.tags.isEmpty {
      found.append(
        Finding(
          .warning, "rule-by-tags", name,
          "rule “\(rule.id)” takes only objects tagged \(rule.tags.joined(separator: ", "))",
          remedy: "let the rule go by its prefix alone, or tag every object as it is written"))
    } else if route.coverage == .part {
      found.append(
        Finding(
          .blocker, "prefix-not-covered", name,
          "rule “\(rule.id)” covers only \(rule.prefix) of it",
          remedy: "let the rule's prefix be “\(route.prefix)”, or add one"))
    }
    if let storageClass = rule.storageClass, ["GLACIER", "DEEP_ARCHIVE"].contains(storageClass) {
      found.append(
        Finding(
          .blocker, "replica-archived", name,
          "replicas are written to \(storageClass): they can't be read before they are restored",
          remedy: "let rule “\(rule.id)” write to STANDARD, STANDARD_IA or GLACIER_IR"))
    }
    return found
  }

  private func habitFindings(
    _ route: ReplicaRoute, _ rule: ReplicationRule, _ name: String
  ) -> [Finding] {
    var found: [Finding] = []
    if !rule.hasMetrics && !rule.hasTimeControl {
      found.append(
        Finding(
          .warning, "no-metrics", name,
          "rule “\(rule.id)” publishes no replication metrics: how far it is behind can only be "
            + "listed",
          remedy: "set Metrics, and ReplicationTime where the objective is 15 minutes or less, to "
            + "Enabled in the rule"))
    } else if !rule.hasTimeControl {
      found.append(
        Finding(
          .note, "no-time-control", name,
          "rule “\(rule.id)” is without Replication Time Control: AWS promises no time",
          remedy: "set ReplicationTime to Enabled in the rule"))
    }
    if !rule.replicatesDeleteMarkers {
      found.append(
        Finding(
          .note, "delete-markers", name,
          "rule “\(rule.id)” replicates no delete markers: what is deleted here stays in the replica",
          remedy: "set DeleteMarkerReplication to Enabled, unless the replica is to keep it"))
    }
    return found
  }

  private func replicaFindings(_ route: ReplicaRoute, _ replica: BucketFacts) -> [Finding] {
    let name = "s3://\(replica.name)"
    var found: [Finding] = []
    if let problem = replica.problem {
      found.append(
        Finding(
          .warning, "replica-unknown", name, "\(replica.name) could not be asked: \(problem)",
          remedy: "let the reader role list it and ask for its versioning and encryption"))
    }
    if let region = replica.region, region != secondary {
      found.append(
        Finding(
          .blocker, "replica-in-wrong-region", name,
          "\(replica.name) is in \(region), not in \(secondary)",
          remedy: "replicate to a bucket in \(secondary)"))
    }
    if let versioning = replica.versioning, versioning != .enabled {
      found.append(
        Finding(
          .blocker, "replica-not-versioned", name,
          "\(replica.name) keeps no versions, so S3 replicates nothing to it",
          remedy: "aws s3api put-bucket-versioning --bucket \(replica.name) "
            + "--versioning-configuration Status=Enabled"))
    }
    return found
  }

  private func keyFindings(
    _ route: ReplicaRoute, _ rule: ReplicationRule, _ source: BucketFacts?, _ replica: BucketFacts?
  ) -> [Finding] {
    let name = "s3://\(route.bucket)/\(route.prefix)"
    var found: [Finding] = []
    if source?.encryption?.hasPrefix("aws:kms") == true, !rule.replicatesKMS {
      found.append(
        Finding(
          .blocker, "encrypted-objects", name,
          "\(route.bucket) encrypts with a key of KMS, and rule “\(rule.id)” does not take such "
            + "objects",
          remedy: "set SourceSelectionCriteria.SseKmsEncryptedObjects to Enabled, with a "
            + "ReplicaKmsKeyID of \(secondary)"))
    }
    if rule.replicatesKMS {
      let region = rule.replicaKey.flatMap(ARN.init).map(\.region)
      if rule.replicaKey == nil {
        found.append(
          Finding(
            .blocker, "replica-key", name,
            "rule “\(rule.id)” takes objects encrypted with keys of KMS, but names none for replicas",
            remedy: "name a ReplicaKmsKeyID of \(secondary) in the rule"))
      } else if let region, region != (replica?.region ?? secondary) {
        found.append(
          Finding(
            .blocker, "replica-key", name,
            "the key for replicas is of \(region), not of \(replica?.region ?? secondary)",
            remedy: "name a ReplicaKmsKeyID of \(replica?.region ?? secondary) in the rule"))
      }
    }
    let owner = rule.account ?? replica?.account
    if let owner, let own = source?.account, owner != own, !rule.changesOwner {
      found.append(
        Finding(
          .note, "replica-owner", name,
          "the replica's bucket is of account \(owner), and replicas stay owned by \(own)",
          remedy: "set AccessControlTranslation to Owner=Destination, unless the bucket enforces "
            + "that its owner owns everything"))
    }
    return found
  }
}
