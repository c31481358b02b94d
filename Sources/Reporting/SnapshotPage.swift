import MeshModel

/// What the HTML report of a snapshot tells.
public struct SnapshotPage: Sendable {
  /// How many earlier snapshots are told of.
  public static let earlier = 12

  /// Who gained or lost what since an earlier snapshot.
  public struct AccessChanges: Sendable {
    let since: String
    let gained: [AccessText.Change]
    let lost: [AccessText.Change]
    let notes: [String]

    /// - Parameters:
    ///   - since: the earlier snapshot.
    ///   - notes: what is not known of either.
    public init(
      since: String, gained: [AccessText.Change], lost: [AccessText.Change], notes: [String]
    ) {
      self.since = since
      self.gained = gained
      self.lost = lost
      self.notes = notes
    }
  }

  /// An earlier snapshot of the same region.
  public struct Past: Sendable {
    let id: String
    let recoveryPoint: String
    let records: Int
    let bytes: Int
    let complete: Bool

    public init(id: String, recoveryPoint: String, records: Int, bytes: Int, complete: Bool) {
      self.id = id
      self.recoveryPoint = recoveryPoint
      self.records = records
      self.bytes = bytes
      self.complete = complete
    }
  }

  /// Between which two moments a database and all that is in it were listed.
  public struct Listing: Sendable {
    let account: String
    let database: String
    /// Seconds after the recovery point.
    let start: Double
    let end: Double

    /// - Parameters:
    ///   - start: seconds after the recovery point.
    ///   - end: likewise.
    public init(account: String, database: String, start: Double, end: Double) {
      self.account = account
      self.database = database
      self.start = start
      self.end = end
    }
  }

  let summary: SnapshotText.Summary
  let mesh: String
  /// Of all its packs, also those that it shares with others.
  public var bytes = 0
  /// Nil where it is not known.
  public var sharing: SharingPicture?
  /// How far the data was behind when that was measured last before; nil where nobody did.
  public var rpo: RPOResult?
  /// Nil where there is no earlier complete snapshot.
  public var access: AccessChanges?
  /// Empty where it is not known when anything was listed.
  public var listings: [Listing] = []
  /// Earlier snapshots, the oldest first.
  public var trend: [Past] = []

  public init(_ summary: SnapshotText.Summary, mesh: String) {
    self.summary = summary
    self.mesh = mesh
  }

  var records: Int { summary.counts.values.reduce(0, +) }
  var incomplete: [SnapshotText.Summary.Account] { summary.accounts.filter { !$0.complete } }
  var isComplete: Bool { incomplete.isEmpty }
}
