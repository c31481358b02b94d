import AWSAccess
import Capture
import MeshModel
import SnapshotStore

/// What a restore is given.
public struct RestoreJob: Sendable {
  public var reader: SnapshotReader
  public var mapping: Mapping
  /// The accounts to restore, by their ids in the snapshot.
  public var accounts: [String]
  /// The accounts of the secondary that could be entered, by their ids.
  public var sites: [String: Site]
  /// Why each of the others could not be.
  public var notEntered: [String: CaptureError]
  /// How what is wanted follows from what is given.
  public var derivation: any Derivation = WholeSnapshot()
  /// The command in whose name it runs.
  public var command = "restore"
  public var policy = PlanPolicy()
  public var priority: [Selector] = []
  /// In seconds.
  public var objective: Double
  public var concurrency = 32

  public init(
    reader: SnapshotReader, mapping: Mapping, accounts: [String], sites: [String: Site],
    notEntered: [String: CaptureError], objective: Double
  ) {
    self.reader = reader
    self.mapping = mapping
    self.accounts = accounts
    self.sites = sites
    self.notEntered = notEntered
    self.objective = objective
  }
}

/// What a restore works with, besides AWS.
public struct RestoreTools: Sendable {
  public var kinds: [any CapturedKind]
  /// Where captures of the secondary are kept while they are compared; emptied by the caller.
  public var scratchDirectory: String
  public var clock: RunClock
  public var observer: any RestoreObserver & CaptureObserver
  /// Asked before each call; true stops the restore cleanly.
  public var shouldStop: @Sendable () -> Bool
  /// For how many seconds until now some call of AWS was under way; nil where nobody counts.
  public var waited: (@Sendable () -> Double)?
  /// Looks at the files of tables; nil where nobody looks.
  public var tableFiles: (any TableFiles)?

  public init(
    kinds: [any CapturedKind], scratchDirectory: String, clock: RunClock,
    observer: any RestoreObserver & CaptureObserver, shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.kinds = kinds
    self.scratchDirectory = scratchDirectory
    self.clock = clock
    self.observer = observer
    self.shouldStop = shouldStop
  }
}
