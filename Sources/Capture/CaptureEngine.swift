import AWSAccess
import CanonicalJSON
import MeshModel
import SnapshotStore

/// Captures one account at a time: every kind, from the account down to its partitions.
public struct CaptureEngine: Sendable {
  private let kinds: [any CapturedKind]
  private let scratchDirectory: String
  private let observer: any CaptureObserver
  /// How many listings of one account run at once, on each of the two levels.
  private let concurrency: Int

  /// - Parameters:
  ///   - scratchDirectory: where listings are sorted that don't fit into memory; it must exist.
  ///   - concurrency: how many databases, and of each how many tables, are listed at once.
  public init(
    kinds: [any CapturedKind], scratchDirectory: String, observer: any CaptureObserver,
    concurrency: Int = 8
  ) {
    self.kinds = kinds
    self.scratchDirectory = scratchDirectory
    self.observer = observer
    self.concurrency = concurrency
  }

  /// Captures an account into the packs of a snapshot.
  ///
  /// - Returns: what could not be listed; the rest is captured all the same.
  /// - Throws: `CancellationError`, and `ArchiveError` where the store fails.
  public func capture(
    _ site: Site, into writer: SnapshotWriter
  ) async throws -> [CaptureError] {
    let account = AccountCapture(
      site: site, kinds: kinds, scratchDirectory: scratchDirectory, observer: observer)
    try await forEachConcurrently(kinds.filter(\.parents.isEmpty), limit: concurrency) { kind in
      try await account.list(kind, below: nil)
    }
    try await forEachConcurrently(account.found(.database), limit: concurrency) { database in
      try await account.walk(database, concurrency: concurrency)
      try await account.write(
        PackGroup(account: site.account, database: database.key.path.first), to: writer)
    }
    for group in account.unwritten { try await account.write(group, to: writer) }
    return account.errors
  }
}

/// Is told how a capture goes on. Called from many tasks at once.
public protocol CaptureObserver: Sendable {
  func captured(_ records: Int, of kind: Kind, in account: String)
}

/// What a capture of one account has found so far.
private final class AccountCapture: Sendable {
  private let site: Site
  private let kinds: [any CapturedKind]
  private let scratchDirectory: String
  private let observer: any CaptureObserver
  private let state: Guarded<State>

  private struct State {
    var spools: [PackGroup: SharedSpool] = [:]
    /// Records below which other kinds are listed, by the group that they are walked in.
    var parents: [String: [Record]] = [:]
    var errors: [CaptureError] = []
  }

  init(
    site: Site, kinds: [any CapturedKind], scratchDirectory: String,
    observer: any CaptureObserver
  ) {
    self.site = site
    self.kinds = kinds
    self.scratchDirectory = scratchDirectory
    self.observer = observer
    state = Guarded(State())
  }

  var errors: [CaptureError] { state.withLock(\.errors) }
  var unwritten: [PackGroup] { state.withLock { $0.spools.keys.sorted() } }

  /// The records of a kind that have been found; of tables, those of one database.
  func found(_ kind: Kind, in database: String? = nil) -> [Record] {
    state.withLock { $0.parents[Self.parentsName(kind.name, database)] ?? [] }
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

  fileprivate func add(_ record: Record, of kind: Kind) throws {
    let group = PackGroup(of: record.key, kind: kind)
    let spool = state.withLock { state in
      if kind == .database || kind == .table {
        let name = Self.parentsName(kind.name, kind == .table ? group.database : nil)
        state.parents[name, default: []].append(record)
      }
      let spool = state.spools[group] ?? SharedSpool(directory: scratchDirectory, merge: merge)
      state.spools[group] = spool
      return spool
    }
    try spool.add(record)
    observer.captured(1, of: kind, in: site.account)
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
    var records = try spool.finish()
    try await writer.write(group: group, records: &records)
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

  init(directory: String, merge: @escaping RecordSpool.Merge) {
    spool = RecordSpool(directory: directory, merge: merge)
  }

  func add(_ record: Record) throws { try lock.withLock { _ in try spool.add(record) } }
  func finish() throws -> SpooledRecords { try spool.finish() }
}

private final class Sink: RecordSink {
  private let account: AccountCapture
  private let kind: Kind

  init(account: AccountCapture, kind: Kind) {
    self.account = account
    self.kind = kind
  }

  func add(_ record: Record) throws { try account.add(record, of: kind) }
}
