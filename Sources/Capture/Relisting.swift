import AWSAccess
import CanonicalJSON
import MeshModel
import SnapshotStore

/// Listing accounts again after they were captured. Glue has no snapshot of its own: a listing that
/// takes minutes shows each table at another moment. What changed meanwhile is captured again.
///
/// Databases and tables tell of their changes in a listing; partitions and what else stands below
/// tables do not, and are only captured again with their database.
public struct Relisting: Sendable {
  /// How often an account is listed again at most, and what moved is captured again. What moved
  /// the last time as well is moving all the time: a further pass would not find it at rest either.
  public static let passes = 2

  let now: @Sendable () -> UTCTime

  /// - Parameter now: the time of day.
  public init(now: @escaping @Sendable () -> UTCTime) {
    self.now = now
  }
}

/// What the capture of one account came to, beside its records.
public struct SiteCapture: Sendable {
  /// What could not be listed of what belongs to no database.
  public var accountErrors: [CaptureError] = []
  /// What could not be listed of each database, by its name.
  public var databaseErrors: [String: [CaptureError]] = [:]
  /// What had changed once more when the account was listed for the last time. Nil where it was not
  /// listed again.
  public var moving: [RecordKey]?
  /// When each database was listed, by name; nil where accounts are not listed again.
  public var databases: [ListedDatabase]?

  /// Of an account that could not be entered.
  public init() {}

  /// What could not be listed.
  public var errors: [CaptureError] {
    let names = databaseErrors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return accountErrors + names.flatMap { databaseErrors[$0] ?? [] }
  }
}

/// What is remembered of the walk of a database when its records are packed.
struct DatabaseWalk: Sendable {
  struct Interval: Sendable {
    let began: UTCTime
    let ended: UTCTime
  }

  /// Of the database itself.
  let stamp: UInt64?
  var interval: Interval?
  var errors: [CaptureError] = []
  /// The tables' stamps by their keys, both as digests: there may be a million tables.
  var tables: [UInt64: UInt64] = [:]

  init(stamp: UInt64?) {
    self.stamp = stamp
  }
}

/// A short digest. It is good in this process only, which draws its own key for it.
func shortDigest(_ bytes: [UInt8]) -> UInt64 {
  var hasher = Hasher()
  bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  return UInt64(bitPattern: Int64(hasher.finalize()))
}

func shortDigest(_ key: RecordKey) -> UInt64 { shortDigest(Array(key.text.utf8)) }

extension CaptureEngine {
  /// Nil where accounts are not listed again, and where the kind can't tell.
  func stamp(of record: Record, _ kind: Kind) throws -> UInt64? {
    guard relisting != nil else { return nil }
    return try captured(kind)?.stamp(of: record).map(shortDigest)
  }
}

/// Takes a listing of tables and keeps only which of them differ from what they were.
final class MovedTables: RecordSink {
  private struct State {
    var seen: Set<UInt64> = []
    var moved: [RecordKey] = []
    var parts: [MovedTables] = []
  }

  private let kind: any CapturedKind
  private let before: [UInt64: UInt64]
  private let state = Guarded(State())

  init(_ kind: any CapturedKind, before: [UInt64: UInt64]) {
    self.kind = kind
    self.before = before
  }

  func add(_ record: Record) throws {
    guard let stamp = try kind.stamp(of: record).map(shortDigest) else { return }
    let key = shortDigest(record.key)
    let isMoved = before[key] != stamp
    state.withLock { state in
      state.seen.insert(key)
      if isMoved { state.moved.append(record.key) }
    }
  }

  func add(_ batch: RecordBatch) throws {
    for record in try batch.records() { try add(record) }
  }

  func restart() { state.withLock { $0 = State() } }

  func part() -> any RecordSink {
    let part = MovedTables(kind, before: before)
    state.withLock { $0.parts.append(part) }
    return part
  }

  /// Tables that appeared or changed, and their database where one vanished.
  func keys(in database: RecordKey) -> [RecordKey] {
    let seen = allSeen
    return allMoved + (before.keys.allSatisfy(seen.contains) ? [] : [database])
  }

  private var allSeen: Set<UInt64> {
    let (seen, parts) = state.withLock { ($0.seen, $0.parts) }
    return parts.reduce(into: seen) { $0.formUnion($1.allSeen) }
  }

  private var allMoved: [RecordKey] {
    let (moved, parts) = state.withLock { ($0.moved, $0.parts) }
    return moved + parts.flatMap(\.allMoved)
  }
}
