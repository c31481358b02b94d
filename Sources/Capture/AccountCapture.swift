import AWSAccess
import CanonicalJSON
import MeshModel
import SnapshotStore

/// What a capture of one account has found so far.
final class AccountCapture: Sendable {
  private let site: Site
  private let kinds: [any CapturedKind]
  private let engine: CaptureEngine
  private let voided = VoidListings()
  private let state: Guarded<State>

  private struct State {
    var spools: [PackGroup: SharedSpool] = [:]
    /// Records below which other kinds are listed, by the group that they are walked in.
    var parents: [String: [Parent]] = [:]
    var errors: [CaptureError] = []
  }

  private struct Parent {
    let record: Record
    let listing: UInt32
  }

  /// - Parameter kinds: those of the engine, prepared for the account.
  init(site: Site, kinds: [any CapturedKind], engine: CaptureEngine) {
    self.site = site
    self.kinds = kinds
    self.engine = engine
    state = Guarded(State())
  }

  var errors: [CaptureError] { state.withLock(\.errors) }
  var unwritten: [PackGroup] { state.withLock { $0.spools.keys.sorted() } }

  /// The records of a kind that have been found; of tables, those of one database.
  func found(_ kind: Kind, in database: String? = nil) -> [Record] {
    state.withLock { $0.parents[Self.parentsName(kind.name, database)] ?? [] }.map(\.record)
  }

  /// Everything of one database.
  func walk(_ database: Record, concurrency: Int) async throws {
    try await listAll(below: database, of: .database)
    let tables = found(.table, in: database.key.path.first)
    try await forEachConcurrently(tables, limit: concurrency) { table in
      try await self.listAll(below: table, of: .table)
    }
    state.withLock { $0.parents[Self.parentsName("table", database.key.path.first)] = nil }
  }

  private func listAll(below parent: Record, of kind: Kind) async throws {
    for child in kinds where child.parents.contains(kind) {
      guard try child.isListed(below: parent) else { continue }
      try await list(child, below: parent)
    }
  }

  /// Lists one kind. A refusal is noted; what vanished between two listings is no error.
  func list(_ kind: any CapturedKind, below parent: Record?) async throws {
    do {
      try await kind.list(at: site, below: parent, into: Sink(account: self, kind: kind.kind))
    } catch let failure as AWSFailure {
      if parent != nil, failure.isNotFound { return }
      note(kind.kind, parent, failure.operation, failure.code, failure.message)
    } catch let malformed as MalformedRecord {
      note(kind.kind, parent, nil, "MalformedAnswer", malformed.description)
    } catch let error as JSONError {
      note(kind.kind, parent, nil, "MalformedAnswer", error.description)
    }
  }

  private func note(
    _ kind: Kind, _ parent: Record?, _ operation: String?, _ code: String, _ message: String
  ) {
    let place = parent.map { " of \($0.key.name)" } ?? ""
    let error = CaptureError(
      operation: operation, code: code, message: "\(kind.name)s\(place): \(message)")
    state.withLock { $0.errors.append(error) }
  }

  func beginListing() -> UInt32 { voided.begin() }

  func add(_ record: Record, of kind: Kind, listing: UInt32) throws {
    let group = PackGroup(of: record.key, kind: kind)
    if kind == .database || kind == .table {
      let name = Self.parentsName(kind.name, kind == .table ? group.database : nil)
      state.withLock {
        $0.parents[name, default: []].append(Parent(record: record, listing: listing))
      }
    }
    try spool(group).add(record, listing: listing)
    engine.observer.captured(1, of: kind, in: site.account)
  }

  /// Adds records that all belong to one group, and below which nothing is listed.
  func add(_ batch: RecordBatch, of kind: Kind, listing: UInt32) throws {
    guard let first = batch.firstKey else { return }
    try spool(PackGroup(of: first, kind: kind)).add(batch, listing: listing)
    engine.observer.captured(batch.spans.count, of: kind, in: site.account)
  }

  /// Forgets what a listing has given: it begins again.
  func void(_ listing: UInt32, of kind: Kind, count: Int) {
    voided.void(listing)
    state.withLock { state in
      for name in state.parents.keys {
        state.parents[name]?.removeAll { $0.listing == listing }
      }
    }
    engine.observer.captured(-count, of: kind, in: site.account)
  }

  private func spool(_ group: PackGroup) -> SharedSpool {
    state.withLock { state in
      let spool =
        state.spools[group]
        ?? SharedSpool(
          directory: engine.scratchDirectory, memory: engine.memory, voided: voided, merge: merge)
      state.spools[group] = spool
      return spool
    }
  }

  /// Two records under one key: only a kind knows whether that can be.
  private func merge(_ first: Record, _ second: Record) throws -> Record {
    guard let kind = kinds.first(where: { $0.kind.name == first.key.kindName }) else {
      return first
    }
    return try kind.merged(first, second)
  }

  /// Packs a group and forgets it.
  func write(_ group: PackGroup, to writer: SnapshotWriter) async throws {
    guard let spool = state.withLock({ $0.spools.removeValue(forKey: group) }) else { return }
    try await writer.write(group: group, spooled: try spool.finish())
  }

  private static func parentsName(_ kind: String, _ database: String?) -> String {
    "\(kind)/\(database ?? "")"
  }
}

/// A spool that many listings add to.
private final class SharedSpool: @unchecked Sendable {
  // The spool is only touched under the lock.
  private let lock = Guarded(())
  private let spool: RecordSpool

  init(
    directory: String, memory: SpoolMemory, voided: VoidListings,
    merge: @escaping RecordSpool.Merge
  ) {
    spool = RecordSpool(directory: directory, memory: memory, voided: voided, merge: merge)
  }

  func add(_ record: Record, listing: UInt32) throws {
    try lock.withLock { _ in try spool.add(record, listing: listing) }
  }

  func add(_ batch: RecordBatch, listing: UInt32) throws {
    try lock.withLock { _ in try spool.add(batch, listing: listing) }
  }

  func finish() throws -> SpooledRecords { try spool.finish() }
}

/// Takes one listing of one kind.
private final class Sink: RecordSink {
  private let account: AccountCapture
  private let kind: Kind
  private let listing: Guarded<(number: UInt32, count: Int)>

  init(account: AccountCapture, kind: Kind) {
    self.account = account
    self.kind = kind
    listing = Guarded((account.beginListing(), 0))
  }

  func add(_ record: Record) throws {
    try account.add(record, of: kind, listing: number(adding: 1))
  }

  func add(_ batch: RecordBatch) throws {
    try account.add(batch, of: kind, listing: number(adding: batch.spans.count))
  }

  func restart() {
    let next = account.beginListing()
    let (number, count) = listing.withLock { listing in
      defer { listing = (next, 0) }
      return listing
    }
    account.void(number, of: kind, count: count)
  }

  func part() -> any RecordSink { Sink(account: account, kind: kind) }

  private func number(adding count: Int) -> UInt32 {
    listing.withLock { listing in
      listing.count += count
      return listing.number
    }
  }
}
