import CanonicalJSON
import MeshModel
import SnapshotStore

/// How what is wanted of a region follows from the records that are given: those of a snapshot, or
/// those of the region itself. It is what one command differs in from another.
public protocol Derivation: Sendable {
  /// Whether what is wanted follows from the region as it is, and not from the snapshot.
  var startsFromRegion: Bool { get }

  /// The records that what is wanted follows from, where they are neither the snapshot's nor the
  /// region's.
  var source: SnapshotReader? { get }

  /// The derivation as one run uses it, with what it looks up in the region first.
  /// - Throws: `ArchiveError` where the capture of the region can't be read.
  func prepared(for region: SnapshotReader) async throws -> any Derivation

  /// The record as it should be; nil where it should not be there. Within a database it must not
  /// change the order of the keys.
  /// - Throws: `JSONError` where the body can't be read.
  func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record?

  /// Records of a kind that should be there besides; of kinds that are not bulk.
  func additional(_ kind: Kind) -> [Record]

  /// Whether tables lead readers to replicas by it, whose files then have to be there.
  var leadsToReplicas: Bool { get }

  /// Whether everything in the region is looked at.
  var seesAll: Bool { get }

  /// Whether a record of the region is looked at. What is not is neither compared nor touched.
  func looksAt(_ key: RecordKey) -> Bool
}

extension Derivation {
  public var startsFromRegion: Bool { false }
  public var source: SnapshotReader? { nil }

  /// Whether what is wanted is all that a snapshot holds.
  var isOfSnapshot: Bool { !startsFromRegion && source == nil }

  public func prepared(for region: SnapshotReader) async throws -> any Derivation { self }
  public func additional(_ kind: Kind) -> [Record] { [] }
  public var leadsToReplicas: Bool { !startsFromRegion }
  public var seesAll: Bool { true }
  public func looksAt(_ key: RecordKey) -> Bool { true }
}

/// Everything that the snapshot holds, mapped: what a restore makes of a region.
public struct WholeSnapshot: Derivation {
  public init() {}

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    try kind.mapped(record, by: mapper)
  }
}

/// The records of a region that are looked at.
struct SeenRecords<Base: RecordStream>: RecordStream {
  private var base: Base
  private let derivation: any Derivation

  init(_ base: Base, _ derivation: any Derivation) {
    self.base = base
    self.derivation = derivation
  }

  mutating func next() throws -> Record? {
    while let record = try base.next() {
      if derivation.looksAt(record.key) { return record }
    }
    return nil
  }
}
