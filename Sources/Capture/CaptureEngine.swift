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
  private let ended = Counter()
  let concurrency: Int
  let relisting: Relisting?

  /// - Parameters:
  ///   - scratchDirectory: where listings are sorted that don't fit into memory; it must exist.
  ///   - concurrency: how many listings of one database, and half as many as there may be open
  ///     databases, run at once.
  ///   - memory: what may be held in memory of records that are not yet packed, in bytes.
  ///   - hasRoom: whether more calls could be under way than are. Where they can't, another open
  ///     database would take memory and end nothing sooner.
  ///   - relisting: whether accounts are listed again, to capture what changed meanwhile.
  public init(
    kinds: [any CapturedKind], scratchDirectory: String, observer: any CaptureObserver,
    concurrency: Int = 32, memory limit: Int = 48 << 20, relisting: Relisting? = nil,
    hasRoom: @escaping @Sendable () -> Bool = { true }
  ) {
    self.kinds = kinds
    self.scratchDirectory = scratchDirectory
    self.observer = observer
    self.concurrency = concurrency
    self.relisting = relisting
    let memory = SpoolMemory(limit: limit)
    self.memory = memory
    // An open database holds its records until it is packed. Few are begun at first, and no further
    // ones while those that are open keep all connections busy or take much of the memory.
    let ended = ended
    databases = Turns(2 * concurrency) { open in
      open < 8 + 2 * ended.value && memory.size < limit / 2 && hasRoom()
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
    for kind in self.kinds { kinds.append(try await kind.prepared(at: site)) }
    let account = AccountCapture(site: site, kinds: kinds, engine: self)
    try await forEachConcurrently(kinds.filter(\.parents.isEmpty), limit: concurrency) { kind in
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
        _ = ended.next()
      }
    }
  }

  /// The kind by itself; nil where it is not captured.
  func captured(_ kind: Kind) -> (any CapturedKind)? { kinds.first { $0.kind == kind } }
}

/// Is told how a capture goes on. Called from many tasks at once.
public protocol CaptureObserver: Sendable {
  /// - Parameter records: how many more there are; fewer where a listing had to begin again.
  func captured(_ records: Int, of kind: Kind, in account: String)
}

private final class Counter: Sendable {
  private let last = Guarded(0)

  var value: Int { last.withLock(\.self) }

  func next() -> Int {
    last.withLock { last in
      last += 1
      return last
    }
  }
}
