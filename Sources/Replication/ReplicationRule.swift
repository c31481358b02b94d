import CanonicalJSON
import MeshModel

/// One replication rule of a bucket, as GetBucketReplication tells it. Pure.
public struct ReplicationRule: Sendable, Hashable {
  public var id: String
  public var isEnabled: Bool
  /// The higher one wins; 0 where the rule has none.
  public var priority: Int
  /// What keys begin with.
  public var prefix: String
  /// Tags that an object must bear, all of them, as `name=value`.
  public var tags: [String]
  /// Whether the rule is of the second form, with a `Filter`.
  public var hasFilter: Bool
  public var destination: String
  /// The owner of the destination; nil where it is the source's, or not said.
  public var account: String?
  public var storageClass: String?
  public var hasMetrics: Bool
  public var hasTimeControl: Bool
  public var replicatesDeleteMarkers: Bool
  public var replicatesExistingObjects: Bool
  /// Whether objects encrypted with keys of KMS are replicated.
  public var replicatesKMS: Bool
  /// The key that replicas are encrypted with.
  public var replicaKey: String?
  /// Whether the destination's account becomes the owner of replicas.
  public var changesOwner: Bool

  /// Nil for a rule without a destination bucket.
  public init?(_ rule: JSON) {
    let filter = rule["Filter"]
    let and = filter?["And"]
    let destination = rule["Destination"]
    func isOn(_ value: JSON?) -> Bool { value?["Status"]?.string == "Enabled" }
    guard let arn = destination?["Bucket"]?.string, let bucket = ARN(arn)?.resource else {
      return nil
    }
    self.destination = bucket
    id = rule["ID"]?.string ?? ""
    isEnabled = isOn(rule)
    priority = rule["Priority"]?.integer ?? 0
    hasFilter = filter != nil
    prefix = rule["Prefix"]?.string ?? filter?["Prefix"]?.string ?? and?["Prefix"]?.string ?? ""
    let listed = and?["Tags"]?.array ?? and?["Tag"]?.array ?? []
    tags = (listed + [filter?["Tag"]].compactMap(\.self)).map {
      "\($0["Key"]?.string ?? "")=\($0["Value"]?.string ?? "")"
    }
    account = destination?["Account"]?.string
    storageClass = destination?["StorageClass"]?.string
    hasMetrics = isOn(destination?["Metrics"])
    hasTimeControl = isOn(destination?["ReplicationTime"])
    // A rule of the first form replicates those that users make.
    replicatesDeleteMarkers = filter == nil || isOn(rule["DeleteMarkerReplication"])
    replicatesExistingObjects = isOn(rule["ExistingObjectReplication"])
    replicatesKMS = isOn(rule["SourceSelectionCriteria"]?["SseKmsEncryptedObjects"])
    replicaKey = destination?["EncryptionConfiguration"]?["ReplicaKmsKeyID"]?.string
    changesOwner = destination?["AccessControlTranslation"]?["Owner"]?.string == "Destination"
  }

  /// How much of what begins with a prefix the rule covers.
  public enum Coverage: Sendable, Hashable { case whole, part, none }

  public func coverage(of prefix: String) -> Coverage {
    if prefix.utf8.starts(with: self.prefix.utf8) { return tags.isEmpty ? .whole : .part }
    return self.prefix.utf8.starts(with: prefix.utf8) ? .part : .none
  }

  /// The rules of a `ReplicationConfiguration`.
  public static func all(in configuration: JSON?) -> [ReplicationRule] {
    (configuration?["Rules"]?.array ?? []).compactMap(ReplicationRule.init)
  }
}
