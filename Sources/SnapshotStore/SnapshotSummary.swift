/// One line of the list of snapshots.
public struct SnapshotSummary: Sendable {
  /// The snapshot's id.
  public let id: String
  /// The mesh's name; empty where the manifest can't be read, as all that is not in the id.
  public let mesh: String
  /// The region that was captured.
  public let region: String
  /// When the capture began; from the id, to the second, where the manifest can't be read.
  public let recoveryPoint: UTCTime
  /// When the capture ended.
  public let finished: UTCTime?
  /// Whether all accounts are complete; false where the manifest can't be read.
  public let complete: Bool
  /// The number of records.
  public let records: Int
  /// The size of its packs in the store, whether or not it shares them.
  public let bytes: Int
  /// Why the manifest can't be read; nil if it can.
  public let damage: ArchiveError?
  /// What keeps it from being pruned; nil if nothing does.
  public var hold: Hold?
}

extension SnapshotSummary {
  init(_ manifest: Manifest) {
    self.init(
      id: manifest.id, mesh: manifest.details.mesh, region: manifest.details.region,
      recoveryPoint: manifest.details.recoveryPoint, finished: manifest.details.finished,
      complete: manifest.complete, records: manifest.records, bytes: manifest.bytes, damage: nil)
  }

  /// - Parameter id: a valid one, so that it tells the time; it may still be no date at all.
  init(id: String, damage: ArchiveError) {
    self.init(
      id: id, mesh: "", region: "",
      recoveryPoint: SnapshotID.recoveryPoint(id) ?? UTCTime(milliseconds: 0), finished: nil,
      complete: false, records: 0, bytes: 0, damage: damage)
  }
}

extension SnapshotID {
  /// The recovery point, to the second; nil if the digits make no date.
  public static func recoveryPoint(_ id: String) -> UTCTime? {
    guard isValid(id) else { return nil }
    return UTCTime(compact: String(id.prefix(16)))
  }
}
