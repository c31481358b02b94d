import CanonicalJSON
import MeshModel

/// What checks need to know of a snapshot, in the secondary's names.
public struct SnapshotDigest: Sendable {
  /// How often grants, settings and opt-ins name each principal.
  public internal(set) var principals: [String: Int] = [:]
  /// The locations that are to be registered.
  public internal(set) var locations: [Location] = []
  /// Keys of KMS, and what needs each.
  public internal(set) var keys: [String: Set<String>] = [:]
  /// The accounts that need each key.
  public internal(set) var keyAccounts: [String: Set<String>] = [:]
  /// Replicas by the bucket that each stands for, with the account that names it.
  public internal(set) var replicas: [String: Replica] = [:]
  /// What keeps data of registered locations from arriving in the secondary so that it can be read, as
  /// `ReplicationJudge` finds it.
  public internal(set) var replication: Set<Finding> = []
  /// What the mapping has no answer for.
  public internal(set) var unmapped: [Mapper.Problem] = []
  /// How many of each there are in each account, by the names of quotas.
  public internal(set) var counts: [String: [Quota: Int]] = [:]
  public internal(set) var settings: [String: JSON] = [:]
  /// What is not as it should be in the primary already.
  public internal(set) var faults: [Fault] = []
  /// How many grants IAM_ALLOWED_PRINCIPALS has in each account.
  public internal(set) var openGrants: [String: Int] = [:]
  /// How many grants users and groups of Identity Center have in each account.
  public internal(set) var identityCenterGrants: [String: Int] = [:]
  /// Accounts that give anything to another account.
  public internal(set) var sharingAccounts: Set<String> = []
  /// Catalogs of table buckets, by account.
  public internal(set) var tableBuckets: [String: Set<String>] = [:]

  public struct Location: Sendable, Hashable {
    public let account: String
    /// The ARN in the secondary.
    public let arn: String
    public let role: String
    public let usesServiceLinkedRole: Bool
  }

  public struct Replica: Sendable, Hashable {
    public let bucket: String
    public let account: String
  }

  /// Quotas that are compared, by the names that Service Quotas has for them.
  public enum Quota: String, Sendable, Hashable, CaseIterable {
    case databases = "Max databases per account"
    case tables = "Max tables per account"
    case tablesPerDatabase = "Max tables per database"
    case partitions = "Max partitions per account"
    case functions = "Max functions per account"
    case connections = "Max connections per account"
    case locations = "Number of registered paths"
    case lfTags = "Maximum number of LF-tags"

    /// What limits how many records of a kind an account can have; nil where nothing is compared.
    init?(_ kind: Kind) {
      switch kind.name {
      case "database": self = .databases
      case "table": self = .tables
      case "partition": self = .partitions
      case "user-defined-function": self = .functions
      case "connection": self = .connections
      case "location": self = .locations
      case "lf-tag": self = .lfTags
      default: return nil
      }
    }
  }

  /// What a snapshot has although it can't work.
  public enum Fault: Sendable, Hashable {
    /// A grant on a database, a table, a filter or an expression that is not there.
    case grantOnMissing(RecordKey, target: RecordKey)
    /// A filter with columns that its table does not have.
    case filterWithoutColumns(RecordKey, columns: [String])
    /// A policy or an expression with an LF-Tag, or values of one, that is not there.
    case missingTag(RecordKey, tags: [String])
    /// An invitation that was not accepted in time, or a share that did not reach somebody.
    case shareNotAccepted(RecordKey, share: String, principal: String, status: String)
  }
}
