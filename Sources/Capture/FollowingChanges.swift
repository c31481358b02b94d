import AWSAccess
import MeshModel
import SnapshotStore

/// What another listing of an account has shown.
private struct Movement: Sendable {
  /// Databases of which something changed, as they are now.
  var databases: [Record] = []
  /// The names of those that are gone.
  var vanished: [String] = []
  /// Everything that appeared or changed; a database where it or a table of it vanished.
  var keys: [RecordKey] = []
}

extension AccountCapture {
  /// Remembers what a later listing is compared with.
  func remember(
    _ record: Record, of kind: Kind, listing: UInt32, _ group: PackGroup,
    walking database: String?
  ) throws {
    if let database {
      guard kind == .table, let stamp = try engine.stamp(of: record, kind) else { return }
      let key = shortDigest(record.key)
      state.withLock { $0.walks[database]?.tables[key] = stamp }
    } else if kind != .database, let owner = group.database {
      let parent = Parent(record: record.unread, listing: listing)
      state.withLock { $0.listedWithAccount[owner, default: []].append(parent) }
    }
  }

  /// Lists databases and tables again and captures the databases in which something moved, until
  /// nothing does or the passes are used up.
  func followChanges(into writer: SnapshotWriter) async throws {
    for _ in 0..<Relisting.passes {
      guard let movement = try await movement() else { return }
      state.withLock { $0.moving = movement.keys.sorted() }
      if movement.keys.isEmpty { return }
      for name in movement.vanished { forget(name, in: writer) }
      try await engine.forEachDatabase(movement.databases) { database in
        try await self.captureAgain(database, into: writer)
      }
    }
  }

  /// - Returns: nil where the databases can't be listed: that one is missing then says nothing.
  private func movement() async throws -> Movement? {
    guard let kind = engine.captured(.database), engine.limit?.lists(.database) ?? true else {
      return nil
    }
    let listed = RecordCollector()
    do {
      try await kind.list(at: site, below: nil, into: engine.limited(listed, to: kind))
    } catch {
      let isKnown = state.withLock { !$0.errors.isEmpty }
      if !isKnown || !(error is AWSFailure) { try note(error, .database, below: nil) }
      return nil
    }
    let databases = listed.records.filter { engine.takes($0.key, of: .database) }
    let names = Set(databases.compactMap(\.key.path.first))
    var start = Movement()
    start.vanished = state.withLock { $0.walks.keys.filter { !names.contains($0) } }
    start.keys = start.vanished.map {
      RecordKey(account: site.account, kind: .database, path: [$0])
    }
    let movement = Guarded(start)
    try await forEachConcurrently(databases, limit: 8) { database in
      let keys = try await self.moved(in: database)
      guard !keys.isEmpty else { return }
      movement.withLock { movement in
        movement.databases.append(database)
        movement.keys += keys
      }
    }
    return movement.withLock(\.self)
  }

  /// What of a database is no longer as it was when it was walked.
  private func moved(in database: Record) async throws -> [RecordKey] {
    let name = database.key.path.first ?? ""
    guard let walk = state.withLock({ $0.walks[name] }),
      try walk.stamp == engine.stamp(of: database, .database)
    else { return [database.key] }
    guard let kind = engine.captured(.table), try kind.isListed(below: database),
      engine.limit?.lists(.table, below: database) ?? true
    else { return [] }
    let tables = MovedTables(kind, before: walk.tables)
    do {
      try await kind.list(at: site, below: database, into: engine.limited(tables, to: kind))
    } catch let failure as AWSFailure where failure.isNotFound {
      return [database.key]
    } catch {
      // What could not be listed at first is known to be missing.
      if walk.errors.isEmpty || !(error is AWSFailure) {
        try note(error, .table, below: database)
      }
      return []
    }
    return tables.keys(in: database.key)
  }

  /// A database that is gone has no records in the snapshot.
  private func forget(_ name: String, in writer: SnapshotWriter) {
    let group = PackGroup(account: site.account, database: name)
    state.withLock { state in
      state.walks[name] = nil
      state.spools[group] = nil
    }
    writer.remove(group)
  }

  /// Captures a database in place of what was captured of it before. Where that fails and the first
  /// time had not, the first stays: it is whole, if older.
  private func captureAgain(_ database: Record, into writer: SnapshotWriter) async throws {
    let name = database.key.path.first ?? ""
    let group = PackGroup(account: site.account, database: name)
    let (before, others) = state.withLock { state in
      state.spools[group] = nil
      return (state.walks[name], state.listedWithAccount[name] ?? [])
    }
    try spool(group).add(database, listing: beginListing())
    for other in others { try spool(group).add(other.record, listing: other.listing) }
    try await walk(database, concurrency: engine.concurrency)
    let failures = state.withLock { $0.walks[name]?.errors ?? [] }
    if var before, before.errors.isEmpty, !failures.isEmpty {
      before.errors = failures
      state.withLock { [before] state in
        state.walks[name] = before
        state.spools[group] = nil
      }
      return
    }
    writer.remove(group)
    try await write(group, to: writer)
  }
}
