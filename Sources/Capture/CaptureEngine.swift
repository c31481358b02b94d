import AWSAccess
import CanonicalJSON
import MeshModel
import SnapshotStore

/// Captures accounts: every kind, from the account down to its partitions. Any number of accounts
/// at once; what they take together is bounded.
public struct CaptureEngine: Sendable {
  let kinds: [any CapturedKind]
  let observer: any CaptureObserver
  let scratchDirectory: String
  /// Databases that are open at once, of all accounts.
  let databases: Turns
  let memory: SpoolMemory
  /// Numbers databases as they are opened.
  private let begun = Counter()
  let reckoning = Reckoning()
  let concurrency: Int
  let relisting: Relisting?
  let limit: CaptureLimit?
  private let shard: Shard?

  /// - Parameters:
  ///   - scratchDirectory: where listings are sorted that don't fit into memory; it must exist.
  ///   - concurrency: how many listings of one database, and half as many as there may be open
  ///     databases, run at once.
  ///   - memory: what may be held in memory of records that are not yet packed, in bytes.
  ///   - limit: what is captured; nil for everything.
  ///   - hasRoom: whether more calls could be under way than are. Where they can't, another open
  ///     database would take memory and end nothing sooner.
  ///   - relisting: whether accounts are listed again, to capture what changed meanwhile.
  ///   - shard: whose share is captured; nil for everything.
  public init(
    kinds: [any CapturedKind], scratchDirectory: String, observer: any CaptureObserver,
    concurrency: Int = 32, memory bound: Int = 48 << 20, relisting: Relisting? = nil,
    limit: CaptureLimit? = nil, shard: Shard? = nil,
    hasRoom: @escaping @Sendable () -> Bool = { true }
  ) {
    self.kinds = kinds
    self.scratchDirectory = scratchDirectory
    self.observer = observer
    self.concurrency = concurrency
    self.relisting = relisting
    self.limit = limit
    self.shard = shard
    let memory = SpoolMemory(limit: bound)
    self.memory = memory
    let reckoning = reckoning
    databases = Turns(2 * concurrency) { open in
      reckoning.admits(another: open, held: memory.size, limit: bound) && hasRoom()
    }
  }

  /// Captures an account into the packs of a snapshot.
  ///
  /// - Returns: what could not be listed, and what would not come to rest; all else is captured all
  ///   the same.
  /// - Throws: `CancellationError`, and `ArchiveError` where the store fails.
  public func capture(
    _ site: Site, into writer: SnapshotWriter
  ) async throws -> SiteCapture {
    var kinds: [any CapturedKind] = []
    for kind in self.kinds where limit?.lists(kind.kind) ?? true {
      kinds.append(try await kind.prepared(at: site))
    }
    let account = AccountCapture(site: site, kinds: kinds, engine: self)
    // Who has the account's own records lists all that belongs to it; the others, what they need to
    // know the databases of their share by.
    let isOwner = takes(PackGroup(account: site.account))
    let listed = kinds.filter { kind in
      kind.parents.isEmpty && (isOwner || kind.kind.belongsToDatabase)
    }
    try await forEachConcurrently(listed, limit: concurrency) { kind in
      try await account.list(kind, below: nil)
    }
    try await forEachDatabase(account.found(.database)) { database in
      try await account.walk(database, concurrency: concurrency)
      try await account.write(
        PackGroup(account: site.account, database: database.key.path.first), to: writer)
    }
    if relisting != nil { try await account.followChanges(into: writer) }
    for group in account.unwritten { try await account.write(group, to: writer) }
    return account.result
  }

  /// Opens databases of one account, as many at once as the records of all accounts allow.
  func forEachDatabase(
    _ records: [Record], _ body: @escaping @Sendable (Record) async throws -> Void
  ) async throws {
    try await forEachConcurrently(records, limit: 8) { database in
      try await databases.run {
        try await Turns.$rank.withValue(begun.next()) { try await body(database) }
      }
    }
  }

  /// Whether a group is in the share that is captured.
  public func takes(_ group: PackGroup) -> Bool { shard?.takes(group) ?? true }

  /// The same of a record's group.
  func takes(_ key: RecordKey, of kind: Kind) -> Bool {
    shard.map { $0.takes(PackGroup(of: key, kind: kind)) } ?? true
  }

  /// The kind by itself; nil where it is not captured.
  func captured(_ kind: Kind) -> (any CapturedKind)? { kinds.first { $0.kind == kind } }

  /// A sink that passes on what is to be captured of a kind.
  func limited(_ sink: any RecordSink, to kind: any CapturedKind) -> any RecordSink {
    limit.map { LimitedSink(sink, kind, $0) } ?? sink
  }
}

/// Is told how a capture goes on. Called from many tasks at once.
public protocol CaptureObserver: Sendable {
  /// - Parameter records: how many more there are; fewer where a listing had to begin again.
  func captured(_ records: Int, of kind: Kind, in account: String)
}

private final class Counter: Sendable {
  private let last = Guarded(0)

  func next() -> Int {
    last.withLock { last in
      last += 1
      return last
    }
  }
}
