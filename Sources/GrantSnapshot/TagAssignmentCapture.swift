import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// Listing assignments: only what bears a tag, and what might without being found, is asked for its
/// own.
///
/// A capture costs one ListLFTags, both searches for each 50 values of each tag, and GetResourceLFTags
/// once for what was found. Where no table is seen to be found by a column's tag alone, it is asked
/// once more for every table that was not found; where the account has no tags, for none.
extension TagAssignmentKind {
  /// How many tables of one database are asked at once.
  private static let askedAtOnce = 16

  /// Searches for what bears tags. Where AWS refuses the search, every database and table is asked:
  /// that takes longer and finds the same.
  public func prepared(at site: Site) async throws -> any CapturedKind {
    let began = clock.wallTime()
    do {
      return TagAssignmentKind(clock: clock, bearers: try await TagBearers(at: site, now: began))
    } catch is AWSFailure {
      return TagAssignmentKind(clock: clock)
    } catch is MalformedRecord {
      return TagAssignmentKind(clock: clock)
    }
  }

  /// A tag and what bears it are in one account: links bear none. Tables that the search found are
  /// asked along with their database.
  public func isListed(below parent: Record) throws -> Bool {
    let body = try parent.value()
    guard body["TargetDatabase"] == nil, body["TargetTable"] == nil else { return false }
    let path = parent.key.path
    guard let bearers, path.count == 2 else { return true }
    let isFound = bearers.tables[path[0]]?.contains(path[1]) ?? false
    return try !isFound && (bearers.mayMissColumns || bearers.mayBeNewer(parent))
  }

  /// GetResourceLFTags, once for what bears a tag, and for what may be newer than the search. Below
  /// a database also its tables, those included that GetTables did not list: they may have come
  /// since, or be hidden.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let parent else { return }
    let path = parent.key.path
    guard let bearers, path.count == 1 else {
      return try await ask(path, at: site, into: sink)
    }
    if try bearers.databases.contains(path[0]) || bearers.mayBeNewer(parent) {
      try await ask(path, at: site, into: sink)
    }
    try await askTables(bearers.tables[path[0]] ?? [], of: path[0], at: site, into: sink)
  }

  /// One table that can't be asked does not keep the others from it.
  /// - Throws: the first failure, when all have been asked.
  private func askTables(
    _ tables: Set<String>, of database: String, at site: Site, into sink: any RecordSink
  ) async throws {
    let failures = Guarded<[AWSFailure]>([])
    try await forEachConcurrently(tables.sorted(), limit: Self.askedAtOnce) { table in
      do {
        try await ask([database, table], at: site, into: sink)
      } catch var failure as AWSFailure {
        failure.message = "table \(table): \(failure.message)"
        failures.withLock { [failure] in $0.append(failure) }
      }
    }
    let failed = failures.withLock(\.self)
    guard var first = failed.first else { return }
    if failed.count > 1 { first.message += ", and \(failed.count - 1) more tables" }
    throw first
  }

  /// Says `EntityNotFoundException` where a table is dropped and made again in between. What is gone
  /// bears no tags; of what is there they must not be lost.
  private func ask(_ path: [String], at site: Site, into sink: any RecordSink) async throws {
    for attempt in 1... {
      do {
        return try add(path, await answer(path, at: site), at: site, to: sink)
      } catch let failure as AWSFailure where failure.isNotFound {
        if try await isGone(path, at: site) { return }
        guard attempt > 1 else { continue }
        throw AWSFailure(
          code: "InconsistentAnswer",
          message: "\(path.joined(separator: ".")) is there, but its LF-Tags are not: "
            + "\(failure.code): \(failure.message)",
          operation: failure.operation, account: site.account, region: site.region)
      }
    }
  }

  /// With ShowAssignedLFTags: without it inherited tags would come back too, and restoring those as
  /// assigned ones breaks inheritance for good.
  private func answer(_ path: [String], at site: Site) async throws -> JSON {
    try await site.client.call(
      .lakeFormationGetResourceLFTags,
      ["Resource": Self.resource(path), "ShowAssignedLFTags": true])
  }

  private func add(
    _ path: [String], _ answer: JSON, at site: Site, to sink: any RecordSink
  ) throws {
    let member = path.count == 1 ? "LFTagOnDatabase" : "LFTagsOnTable"
    if let tags = answer[member], !(tags.array ?? []).isEmpty {
      try sink.add(Record(key: site.key(kind, path), value: ["LFTags": tags]))
    }
    guard path.count == 2 else { return }
    for column in answer["LFTagsOnColumns"]?.array ?? [] {
      guard !(column["LFTags"]?.array ?? []).isEmpty else { continue }
      let name = try required("Name", of: column)
      try sink.add(Record(key: site.key(kind, path + [name]), value: column))
    }
  }

  /// Whether AWS says that a database or table is not there.
  func isGone(_ path: [String], at site: Site) async throws -> Bool {
    let key = site.key(path.count == 1 ? .database : .table, path)
    return try await ReaderRights.whereabouts(of: key, at: site, notListedSince: 0) == .gone
  }
}
