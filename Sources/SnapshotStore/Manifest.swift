import CanonicalJSON
import MeshModel

/// What a snapshot holds and under which conditions it was taken. Its existence in the store is
/// what makes a snapshot one.
public struct Manifest: Sendable, Hashable {
  /// The version of the archive format that this program writes.
  public static let formatVersion = 1

  /// As `SnapshotID` makes it.
  public let id: String
  /// What the caller of `SnapshotWriter.seal` said.
  public let details: SnapshotDetails
  /// Whether all accounts are complete.
  public let complete: Bool
  /// The number of records by the kind's name.
  public let counts: [String: Int]
  /// In the order of their first keys.
  public let packs: [ManifestPack]
  /// The newest snapshot at the time of sealing; nil in an empty store.
  public let previous: ManifestLink?
  /// The SHA-256 of the manifest's canonical JSON without this member.
  public let digest: String

  /// All records.
  public var records: Int { counts.values.reduce(0, +) }
  /// All packs as they lie in the store, compressed.
  public var bytes: Int { packs.reduce(0) { $0 + $1.bytes } }
}

/// What the caller says about a snapshot.
public struct SnapshotDetails: Sendable, Hashable {
  /// Of the meshdr that wrote it.
  public var meshdrVersion: String
  /// The mesh's name.
  public var mesh: String
  /// The region that was captured.
  public var region: String
  /// When the capture began: the moment to which the snapshot brings back.
  public var recoveryPoint: UTCTime
  /// When the capture ended.
  public var finished: UTCTime
  /// All accounts of the mesh, in the caller's order.
  public var accounts: [CapturedAccount]
  /// The mesh file, word for word.
  public var meshFile: String
  /// What a reader of this snapshot should know.
  public var warnings: [String]
  /// How fresh the data beside it was, an object that is kept as it is; nil where nobody measured.
  public var rpo: JSON?

  /// Nothing is checked before the snapshot is sealed.
  public init(
    meshdrVersion: String, mesh: String, region: String, recoveryPoint: UTCTime,
    finished: UTCTime, accounts: [CapturedAccount], meshFile: String, warnings: [String] = []
  ) {
    self.meshdrVersion = meshdrVersion
    self.mesh = mesh
    self.region = region
    self.recoveryPoint = recoveryPoint
    self.finished = finished
    self.accounts = accounts
    self.meshFile = meshFile
    self.warnings = warnings
  }
}

/// How the capture of one account went.
public struct CapturedAccount: Sendable, Hashable {
  /// Twelve digits.
  public let id: String
  /// The name that the mesh has for it.
  public let name: String
  /// Whether everything in it was captured.
  public let complete: Bool
  /// What failed, in the caller's order.
  public let errors: [CaptureError]
  /// When each database was listed, by name. Nil where that is not known.
  public let databases: [ListedDatabase]?
  /// What had changed once more when the account was listed for the last time. A database stands
  /// also for its tables that vanished. Nil where nobody looked a second time.
  public let moving: [RecordKey]?

  /// - Parameter complete: false if a record may be missing.
  public init(
    id: String, name: String, complete: Bool, errors: [CaptureError] = [],
    databases: [ListedDatabase]? = nil, moving: [RecordKey]? = nil
  ) {
    self.id = id
    self.name = name
    self.complete = complete
    self.errors = errors
    self.databases = databases
    self.moving = moving
  }
}

/// Between which two moments a database and all that is in it were listed.
public struct ListedDatabase: Sendable, Hashable {
  /// The database's name.
  public let name: String
  /// Before its tables were asked for.
  public let began: UTCTime
  /// When the last answer had come.
  public let ended: UTCTime

  /// Nothing is checked.
  public init(name: String, began: UTCTime, ended: UTCTime) {
    self.name = name
    self.began = began
    self.ended = ended
  }
}

/// One thing that couldn't be captured.
public struct CaptureError: Sendable, Hashable {
  /// The call that failed, `glue:GetTables`; nil if it was none.
  public let operation: String?
  /// AWS's code or our own: `AccessDeniedException`.
  public let code: String
  /// For people; without secrets.
  public let message: String

  /// - Parameter operation: nil if no call to AWS failed.
  public init(operation: String? = nil, code: String, message: String) {
    self.operation = operation
    self.code = code
    self.message = message
  }
}

/// A pack as a manifest describes it.
public struct ManifestPack: Sendable, Hashable {
  /// The SHA-256 of the pack's bytes, which is also its name.
  public let digest: String
  /// Its size in the store.
  public let bytes: Int
  /// Whose records it has.
  public let group: PackGroup
  /// In the order of their keys, which is that of the archive. Never empty.
  public let members: [ManifestMember]

  /// The pack's name in the store.
  public var blobName: String { "packs/\(digest.prefix(2))/\(digest).tar.zst" }
}

/// A member of a pack: records of one kind, one a line.
public struct ManifestMember: Sendable, Hashable {
  /// Its name in the archive.
  public let path: String
  /// Known by service and name; `belongsToDatabase` is not in the archive.
  public let kind: Kind
  /// The number of records, which is at least one.
  public let records: Int
  /// Its size, uncompressed.
  public let bytes: Int
  /// Its SHA-256, uncompressed.
  public let digest: String
  /// The least key in it.
  public let firstKey: RecordKey
  /// The greatest.
  public let lastKey: RecordKey
}

/// How one manifest points at another.
public struct ManifestLink: Sendable, Hashable {
  /// The other's id.
  public let snapshot: String
  /// The digest that the other manifest has inside.
  public let digest: String
}
