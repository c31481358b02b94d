import CanonicalJSON
import MeshModel

/// What is known of one bucket. What is nil is not known, and no ground for a finding.
public struct BucketFacts: Sendable, Hashable {
  public enum Versioning: String, Sendable, Hashable {
    case enabled = "Enabled"
    case suspended = "Suspended"
    /// It was never switched on.
    case off
  }

  public var name: String
  /// The owner's id.
  public var account: String?
  public var region: String?
  /// Nil where nobody could ask.
  public var rules: [ReplicationRule]?
  /// The role that replicates, by its ARN.
  public var replicationRole: String?
  public var versioning: Versioning?
  /// The default encryption's algorithm, `aws:kms` or `AES256`.
  public var encryption: String?
  /// Why it could not be asked, or does not exist.
  public var problem: String?

  public init(name: String) {
    self.name = name
  }

  /// A bucket as the snapshot holds it. Rules of buckets outside of the snapshot's region were not
  /// captured.
  public init?(_ record: Record, primary: String) throws {
    let body = try record.value()
    guard let name = body["Name"]?.string else { return nil }
    self.init(name: name)
    account = record.key.account
    region = body["BucketRegion"]?.string
    if region == primary { rules = ReplicationRule.all(in: body["ReplicationConfiguration"]) }
    replicationRole = body["ReplicationConfiguration"]?["Role"]?.string
  }
}

/// The way of a bucket's data to the secondary, for keys that begin alike. Pure.
public struct ReplicaRoute: Sendable, Hashable {
  public var bucket: String
  /// What the keys begin with that go this way: the rule's prefix where it covers what was asked
  /// for, else what was asked for.
  public var prefix: String
  /// The bucket of the replica; nil where there is none.
  public var replica: String?
  public var source: Mapping.Source?
  /// The rule that decides; disabled, where no enabled one does.
  public var rule: ReplicationRule?
  public var coverage: ReplicationRule.Coverage
  /// Whether anybody could ask which rules the bucket has.
  public var rulesAreKnown: Bool

  /// - Parameters:
  ///   - facts: the bucket that is asked about; nil where nothing is known of it.
  ///   - override: the replica that the mesh file names.
  ///   - regions: regions of buckets by name, as far as known.
  public init(
    bucket: String, prefix: String, facts: BucketFacts?, override: String?, secondary: String,
    regions: [String: String]
  ) {
    self.bucket = bucket
    self.prefix = prefix
    coverage = .none
    rulesAreKnown = facts?.rules != nil
    if facts?.region == secondary {
      (replica, source, coverage) = (bucket, .inRegion, .whole)
      return
    }
    let rule = (facts?.rules ?? []).filter { rule in
      rule.coverage(of: prefix) != .none
        && (override.map { $0 == rule.destination }
          ?? ((regions[rule.destination] ?? secondary) == secondary))
    }.max { Self.rank($0, prefix) < Self.rank($1, prefix) }
    if let rule {
      self.rule = rule
      (replica, source) = (rule.destination, .replicationRule)
      coverage = rule.coverage(of: prefix)
      if prefix.utf8.starts(with: rule.prefix.utf8) { self.prefix = rule.prefix }
    }
    if let override {
      (replica, source) = (override, .meshFile)
      if rule == nil { self.prefix = "" }
    }
  }

  /// Enabled ones first, then those that cover all, then as S3 chooses.
  private static func rank(_ rule: ReplicationRule, _ prefix: String) -> Int {
    let isWhole = rule.coverage(of: prefix) == .whole
    return (rule.isEnabled ? 1 << 40 : 0) + (isWhole ? 1 << 39 : 0)
      + min(max(rule.priority, 0), 1 << 30)
  }
}
