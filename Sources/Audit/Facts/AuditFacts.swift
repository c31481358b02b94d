import CanonicalJSON
import MeshModel

/// Everything that the checks judge by, gathered before the first of them.
public struct AuditFacts: Sendable {
  public var primary: String
  public var secondary: String
  /// Seconds since 1970.
  public var now: Double
  /// In the order of their ids.
  public var accounts: [AccountFacts]
  /// The newest complete snapshot; nil where there is none.
  public var snapshot: SnapshotFacts?
  /// Whether each role and user that the snapshot names is there, by its ARN.
  public var principals: [String: Answer<Bool>] = [:]
  /// The state of each KMS key that the secondary needs, by its ARN.
  public var keys: [String: Answer<KeyState>] = [:]
  /// The policy of each of these keys.
  public var keyPolicies: [String: Answer<JSON>] = [:]
  /// Whether RAM may share with the whole organization.
  public var sharing: Answer<Bool> = .unknown("nobody asked")
  /// Whether each replica can be found in the secondary, by the bucket's name.
  public var replicas: [String: Answer<ReplicaState>] = [:]
  /// Where the snapshots lie.
  public var stores: [StoreFacts] = []

  public init(
    primary: String, secondary: String, now: Double, accounts: [AccountFacts] = [],
    snapshot: SnapshotFacts? = nil
  ) {
    self.primary = primary
    self.secondary = secondary
    self.now = now
    self.accounts = accounts
    self.snapshot = snapshot
  }
}

/// A KMS key in the secondary.
public enum KeyState: Sendable, Hashable {
  case usable
  /// It is there, and can't be used: `PendingDeletion`.
  case unusable(String)
  case missing
}

/// A bucket that is to stand for another.
public enum ReplicaState: Sendable, Hashable {
  /// The region that it is in.
  case inRegion(String)
  case missing
}

/// What is known of one account, in the secondary where nothing else is said.
public struct AccountFacts: Sendable {
  public var id: String
  public var name: String
  public var restorer = Entry.unknown("nobody tried")
  public var reader = Entry.unknown("nobody tried")
  /// What the restorer may not do, of what a restore needs.
  public var restorerRights: Answer<Rights> = .unknown("nobody asked")
  public var readerRights: Answer<Rights> = .unknown("nobody asked")
  /// GetDataLakeSettings.
  public var settings: Answer<JSON> = .unknown("nobody asked")
  /// GetDataLakeSettings in the primary, as the reader sees it.
  public var primarySettings: Answer<JSON> = .unknown("nobody asked")
  /// ListResources.
  public var locations: Answer<[JSON]> = .unknown("nobody asked")
  /// Whether Lake Formation is connected to IAM Identity Center.
  public var identityCenter: Answer<Bool> = .unknown("nobody asked")
  /// The quotas of Glue and Lake Formation by their names.
  public var quotas: Answer<[String: Double]> = .unknown("nobody asked")

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }

  /// How the account is called in findings.
  public var title: String { name.isEmpty || name == id ? id : "\(id) \(name)" }
}

/// Whether an account can be entered.
public enum Entry: Sendable, Hashable {
  /// As whom.
  case entered(String)
  /// AWS says no; with what it says.
  case refused(String)
  case unknown(String)

  public var principal: String? {
    if case .entered(let principal) = self { principal } else { nil }
  }
}

/// What the policies of a role allow.
public struct Rights: Sendable, Hashable {
  /// Actions that nothing allows, or something denies.
  public var denied: [String]
  /// Of these, those that the organization denies in the region.
  public var deniedByOrganization: [String]

  public init(denied: [String] = [], deniedByOrganization: [String] = []) {
    self.denied = denied
    self.deniedByOrganization = deniedByOrganization
  }
}

/// A snapshot, and what it comes to in the secondary.
public struct SnapshotFacts: Sendable {
  public var id: String
  /// Seconds since 1970.
  public var recoveryPoint: Double
  public var digest: SnapshotDigest
  /// A newer snapshot that is not complete, with what its accounts said.
  public var newerIncomplete: Incomplete?

  public struct Incomplete: Sendable, Hashable {
    public var id: String
    /// A line an account.
    public var reasons: [String]

    public init(id: String, reasons: [String]) {
      self.id = id
      self.reasons = reasons
    }
  }

  public init(
    id: String, recoveryPoint: Double, digest: SnapshotDigest, newerIncomplete: Incomplete? = nil
  ) {
    self.id = id
    self.recoveryPoint = recoveryPoint
    self.digest = digest
    self.newerIncomplete = newerIncomplete
  }
}
