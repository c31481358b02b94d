import AWSAccess
import CanonicalJSON
import MeshModel
import SnapshotStore

/// What a capture of one account has found so far.
final class AccountCapture: Sendable {
  let site: Site
  let kinds: [any CapturedKind]
  let engine: CaptureEngine
  private let voided = VoidListings()
  let state: Guarded<State>

  struct State {
    var spools: [PackGroup: SharedSpool] = [:]
    /// Records below which other kinds are listed, by the group that they are walked in.
    var parents: [String: [Parent]] = [:]
    /// Of what belongs to no database.
    var errors: [CaptureError] = []
    /// By the databases' names.
    var walks: [String: DatabaseWalk] = [:]
    /// What belongs to a database and was listed with the account, by the databases' names. A
    /// database that is captured again needs it once more.
    var listedWithAccount: [String: [Parent]] = [:]
    var moving: [RecordKey]?
  }

  struct Parent {
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

  /// What the capture came to, beside the records.
  var result: SiteCapture {
    state.withLock { state in
      var capture = SiteCapture()
      capture.accountErrors = state.errors
      capture.databaseErrors = state.walks.mapValues(\.errors).filter { !$0.value.isEmpty }
      capture.moving = state.moving
      let walks = state.walks.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      capture.databases = engine.relisting.map { _ in
        walks.compactMap { name, walk in
          walk.interval.map { ListedDatabase(name: name, began: $0.began, ended: $0.ended) }
        }
      }
      return capture
    }
  }
  var unwritten: [PackGroup] { state.withLock { $0.spools.keys.sorted() } }

  /// The records of a kind that have been found; of tables, those of one database.
  func found(_ kind: Kind, in database: String? = nil) -> [Record] {
    state.withLock { $0.parents[Self.parentsName(kind.name, database)] ?? [] }.map(\.record)
  }

  /// Everything of one database.
  func walk(_ database: Record, concurrency: Int) async throws {
    let name = database.key.path.first ?? ""
    let began = engine.relisting?.now()
    let stamp = try engine.stamp(of: database, .database)
    state.withLock { $0.walks[name] = DatabaseWalk(stamp: stamp) }
    try await listAll(below: database, of: .database)
    let tables = found(.table, in: name)
    try await forEachConcurrently(tables, limit: concurrency) { table in
      // Several kinds look at a table. The tree of a wide one would take much room while they do.
      let read = table.body.count < 64 << 10 ? try table.read() : table
      try await self.listAll(below: read, of: .table)
    }
    let ended = engine.relisting?.now()
    state.withLock { state in
      state.parents[Self.parentsName("table", name)] = nil
      if let began, let ended { state.walks[name]?.interval = .init(began: began, ended: ended) }
    }
  }

  private func listAll(below parent: Record, of kind: Kind) async throws {
    for child in kinds where child.parents.contains(kind) {
      guard try child.isListed(below: parent) else { continue }
      try await list(child, below: parent)
    }
  }

  /// Lists one kind. A refusal is noted; what vanished between two listings is no error.
  func list(_ kind: any CapturedKind, below parent: Record?) async throws {
    guard engine.limit?.lists(kind.kind, below: parent) ?? true else { return }
    // What it called for is called for no more: another database may be begun.
    defer { engine.databases.reconsider() }
    do {
      let sink = Sink(
        account: self, kind: kind.kind, database: parent.flatMap(\.key.path.first))
      try await kind.list(at: site, below: parent, into: engine.limited(sink, to: kind))
    } catch let failure as AWSFailure where parent != nil && failure.isNotFound {
      return
    } catch {
      try note(error, kind.kind, below: parent)
    }
  }

  /// Notes why a listing failed.
  /// - Throws: the error itself where it does not come from AWS or its answer.
  func note(_ error: any Error, _ kind: Kind, below parent: Record?) throws {
    let place = "\(kind.name)s" + (parent.map { " of \($0.key.name)" } ?? "")
    let noted: CaptureError
    switch error {
    case let failure as AWSFailure:
      noted = CaptureError(
        operation: failure.operation, code: failure.code, message: "\(place): \(failure.message)")
    case let error as MalformedRecord:
      noted = CaptureError(code: "MalformedAnswer", message: "\(place): \(error)")
    case let error as JSONError:
      noted = CaptureError(code: "MalformedAnswer", message: "\(place): \(error.description)")
    default: throw error
    }
    state.withLock { state in
      if let database = parent?.key.path.first, state.walks[database] != nil {
        state.walks[database]?.errors.append(noted)
      } else {
        state.errors.append(noted)
      }
    }
  }

  func beginListing() -> UInt32 { voided.begin() }

  func add(
    _ record: Record, of kind: Kind, listing: UInt32, walking database: String?
  ) throws {
    let group = PackGroup(of: record.key, kind: kind)
    if engine.relisting != nil {
      try remember(record, of: kind, listing: listing, group, walking: database)
    }
    if kind == .database || kind == .table {
      let name = Self.parentsName(kind.name, kind == .table ? group.database : nil)
      state.withLock {
        $0.parents[name, default: []].append(Parent(record: record.unread, listing: listing))
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
  func void(_ listing: UInt32, of kind: Kind, count: Int, walking database: String?) {
    voided.void(listing)
    state.withLock { state in
      if kind == .table, let database { state.walks[database]?.tables = [:] }
      for name in state.parents.keys {
        state.parents[name]?.removeAll { $0.listing == listing }
      }
    }
    engine.observer.captured(-count, of: kind, in: site.account)
  }

  func spool(_ group: PackGroup) -> SharedSpool {
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
    if group.database != nil { engine.reckoning.count(spool.size) }
    try await writer.write(group: group, spooled: try spool.finish())
  }

  private static func parentsName(_ kind: String, _ database: String?) -> String {
    "\(kind)/\(database ?? "")"
  }
}

/// A spool that many listings add to.
final class SharedSpool: @unchecked Sendable {
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

  /// Of all that was added, in bytes.
  var size: Int { lock.withLock { _ in spool.size } }

  func finish() throws -> SpooledRecords { try spool.finish() }
}

/// Takes one listing of one kind.
private final class Sink: RecordSink {
  private let account: AccountCapture
  private let kind: Kind
  /// The database that is walked; nil for what is listed with the account.
  private let database: String?
  private let listing: Guarded<(number: UInt32, count: Int)>

  init(account: AccountCapture, kind: Kind, database: String?) {
    self.account = account
    self.kind = kind
    self.database = database
    listing = Guarded((account.beginListing(), 0))
  }

  func add(_ record: Record) throws {
    guard isTaken(record.key) else { return }
    try account.add(record, of: kind, listing: number(adding: 1), walking: database)
  }

  func add(_ batch: RecordBatch) throws {
    guard batch.firstKey.map(isTaken) ?? true else { return }
    try account.add(batch, of: kind, listing: number(adding: batch.spans.count))
  }

  /// What is listed with the account may be of databases in another machine's share.
  private func isTaken(_ key: RecordKey) -> Bool {
    database != nil || account.engine.takes(key, of: kind)
  }

  func restart() {
    let next = account.beginListing()
    let (number, count) = listing.withLock { listing in
      defer { listing = (next, 0) }
      return listing
    }
    account.void(number, of: kind, count: count, walking: database)
  }

  func part() -> any RecordSink { Sink(account: account, kind: kind, database: database) }

  private func number(adding count: Int) -> UInt32 {
    listing.withLock { listing in
      listing.count += count
      return listing.number
    }
  }
}
