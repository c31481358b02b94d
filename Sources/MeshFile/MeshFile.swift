import MeshModel

/// The mesh configuration, `meshdr.yaml`: checked as a whole, so that what is here can be used.
public struct MeshFile: Sendable, Equatable {
  /// The mesh's name.
  public let mesh: String
  /// The region that the mesh runs in when nothing is wrong.
  public private(set) var primary: String
  /// The region to restore in; nil where the command line has to name it.
  public private(set) var secondary: String?
  /// Folders and `s3://bucket/prefix`, as written; empty where the command line has to name one.
  /// Relative folders are relative to the working directory.
  public var stores: [String] { storeSettings.map(\.url) }
  /// The same, with how they are written.
  public let storeSettings: [Store]
  /// How manifests are signed; nil where they are not.
  public let signing: Signing?
  /// The accounts of the mesh, and how they are entered.
  public let accounts: Accounts
  /// The objectives that measurements are held against.
  public let objectives: Objectives
  /// What pruning keeps; nil where the file says nothing, and then nothing may be pruned.
  public let retention: Retention?
  /// Databases and tables to restore first, the first of all first.
  public let priority: [Selector]
  /// What the secondary has under another name.
  public private(set) var mapping: Overrides
  /// What is captured beyond what is always captured.
  public let capture: Capture
  /// Who stands in for the mesh's principals in a drill.
  public let drill: Drill
  /// Data whose loss is accepted.
  public let acceptedGaps: [AcceptedGap]
  /// The file's content, verbatim, as it travels in every snapshot.
  public let text: String
  /// What errors call the file.
  public let path: String

  /// The largest file that is read, in bytes.
  public static let largestSize = 1 << 20

  /// The same mesh, running in another region. The text stays as it is.
  /// - Parameters:
  ///   - region: the one that counts as the primary.
  ///   - standby: the one to restore in.
  ///   - buckets: the replicas there, over which no others are named.
  // Swift 6.3.1 crashes when it optimises this into an async function.
  @inline(never)
  public func running(
    in region: String, standby: String?, buckets: [String: String]? = nil
  ) -> MeshFile {
    var mesh = self
    mesh.primary = region
    mesh.secondary = standby
    if let buckets {
      mesh.mapping = Overrides(buckets: buckets, kms: [:], principals: [:], accounts: [:])
    }
    return mesh
  }

  init(_ parts: Parts, text: String, path: String) {
    mesh = parts.mesh
    primary = parts.primary
    secondary = parts.secondary
    storeSettings = parts.stores
    signing = parts.signing
    accounts = parts.accounts
    objectives = parts.objectives
    retention = parts.retention
    priority = parts.priority
    mapping = parts.mapping
    capture = parts.capture
    drill = parts.drill
    acceptedGaps = parts.acceptedGaps
    self.text = text
    self.path = path
  }

  /// An error at the place where the file says which accounts there are: what only AWS could tell.
  public func refusal(ofAccounts message: String) -> MeshFileError {
    refusal(message, at: accounts.mark)
  }

  /// An error at the place where the file says which account stands in a drill for `account`, or for
  /// any where that is not said.
  public func refusal(ofDrillAccount account: String, _ message: String) -> MeshFileError {
    refusal(message, at: drill.accountMarks[account] ?? drill.mark)
  }

  func refusal(_ message: String, at mark: Mark) -> MeshFileError {
    MeshFileError(path: path, line: mark.line, column: mark.column, message: message)
  }
}

extension MeshFile {
  /// Which accounts make up the mesh.
  public struct Accounts: Sendable, Equatable {
    /// Where the accounts come from.
    public enum Source: String, Sendable, CaseIterable {
      /// AWS Organizations is asked.
      case organization
      /// The file lists them.
      case list
    }

    public let from: Source
    /// Names, paths or ids of organizational units; empty for the whole organization.
    public let units: [String]
    /// Where each unit is named, in the same order.
    let unitMarks: [Mark]
    /// Where the file says where the accounts come from.
    let mark: Mark
    /// Ids of accounts to leave out.
    public let exclude: [String]
    /// With `from: list`, the accounts; otherwise names that the file gives to some of them.
    public let list: [Account]
    /// The role assumed in each account to capture; nil to use the caller's own credentials.
    public let readerRole: String?
    /// The role assumed in each account to restore; nil to use the caller's own credentials.
    public let restorerRole: String?

    /// The listed accounts that are not left out, in the file's order.
    public var listed: [Account] { list.filter { !exclude.contains($0.id) } }
  }

  /// An account as the file lists it.
  public struct Account: Sendable, Hashable {
    /// Twelve digits.
    public let id: String
    /// What people call it; the id where the file gives no name.
    public let name: String

    /// - Parameter id: twelve digits.
    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// What recovery is promised to achieve; in seconds, and nil where nothing is promised.
  public struct Objectives: Sendable, Equatable {
    /// How far back the data may be set by a recovery, in seconds.
    public let rpo: Int?
    /// How long a recovery may take, in seconds.
    public let rto: Int?
  }

  /// How many snapshots pruning keeps by each rule. At least one is above zero.
  public struct Retention: Sendable, Equatable {
    /// The newest ones.
    public let last: Int
    /// The last one of each of so many days.
    public let daily: Int
    /// The last one of each of so many weeks.
    public let weekly: Int
    /// The last one of each of so many months.
    public let monthly: Int
    /// The last one of each of so many years.
    public let yearly: Int
  }

  /// What is captured only where the mesh file asks for it.
  public struct Capture: Sendable, Equatable {
    /// Databases and tables whose partitions' column statistics are captured, with a call for each
    /// partition.
    public let partitionStatistics: [Selector]
    /// How many former versions of each table are captured.
    public let tableVersions: Int

    public init(partitionStatistics: [Selector], tableVersions: Int) {
      self.partitionStatistics = partitionStatistics
      self.tableVersions = tableVersions
    }

    /// Nothing.
    public static let none = Capture(partitionStatistics: [], tableVersions: 0)
  }

  /// Who and what stands in, in a drill, for the mesh.
  public struct Drill: Sendable, Equatable {
    /// The account that stands for each account of the mesh in a full drill, by the id of the latter.
    public let accounts: [String: String]
    /// Who stands in for a principal, by the principal of the mesh.
    public let principals: [String: String]
    /// The name of a role in each account that stands in for everybody else; nil for the restorer.
    public let role: String?
    /// The role assumed in each drill account; nil for the one that restores.
    public let restorerRole: String?
    /// KMS key ids, aliases or ARNs that drill accounts have for those of the mesh.
    public let kms: [String: String]
    /// Where each drill account is named, by the account that it stands for.
    let accountMarks: [String: Mark]
    let mark: Mark

    /// Nobody but the restorer, and no account.
    public static let none = Drill(
      accounts: [:], principals: [:], role: nil, restorerRole: nil, kms: [:], accountMarks: [:],
      mark: .start)
  }

  /// The names that the secondary has for what the primary calls otherwise.
  public struct Overrides: Sendable, Equatable {
    /// Replica buckets by the buckets that they replicate; these win over replication rules.
    public let buckets: [String: String]
    /// KMS key ids, aliases or ARNs.
    public let kms: [String: String]
    /// Principals: ARNs, or account ids alone or with a group behind them.
    public let principals: [String: String]
    /// Account ids.
    public let accounts: [String: String]

    /// Puts these names into a mapping, over those that it has.
    public func apply(to mapping: inout Mapping) {
      for (bucket, replica) in buckets {
        mapping.buckets[bucket] = .init(bucket: replica, source: .meshFile)
      }
      mapping.keys.merge(kms) { $1 }
      mapping.principals.merge(principals) { $1 }
      mapping.accounts.merge(accounts) { $1 }
    }
  }
}
