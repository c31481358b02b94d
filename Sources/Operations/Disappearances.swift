import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import SnapshotStore

/// What a capture should have found: what the snapshot before held, and what the account's own
/// grants are on. What is not there was removed, or is hidden from the reader.
struct Disappearances: Sendable {
  /// The snapshot before; nil if there is none.
  let before: SnapshotReader?
  let now: SnapshotReader
  /// The accounts that were captured.
  let sites: [String: Site]
  /// Names of accounts by id.
  let names: [String: String]
  /// What was captured; nil for everything.
  var limit: CaptureLimit?

  struct Findings: Sendable {
    var warnings: [String] = []
    /// How many databases and tables are there and not listed, by account.
    var hidden: [String: Int] = [:]
  }

  /// Names are asked for one by one: so many of each account, the rest is counted.
  private static let mostAsked = 500
  private static let mostNamed = 3

  /// An earlier snapshot that can't be read is no reason not to take another.
  /// - Throws: `ArchiveError` for what was just written, `CancellationError`.
  func findings() async throws -> Findings {
    do {
      return try await search()
    } catch let error as ArchiveError {
      guard let before else { throw error }
      var findings = try await Disappearances(
        before: nil, now: now, sites: sites, names: names, limit: limit
      ).search()
      findings.warnings.insert(
        "not compared with snapshot \(before.manifest.id), which can't be read: \(error)", at: 0)
      return findings
    }
  }

  private func search() async throws -> Findings {
    let found = Guarded(Findings())
    try await forEachConcurrently(sites.values, limit: max(sites.count, 1)) { site in
      let missing = try await missing(at: site)
      let answers = try await ask(missing, at: site)
      let drops = limit == nil ? drops(at: site, without: answers.gone) : []
      let warnings = describe(answers, at: site) + drops
      found.withLock { found in
        found.warnings += warnings
        if !answers.hidden.isEmpty { found.hidden[site.account] = answers.hidden.count }
      }
    }
    var findings = found.withLock(\.self)
    findings.warnings.sort()
    return findings
  }

  private func label(_ account: String) -> String {
    names[account].map { "account \(account) \($0)" } ?? "account \(account)"
  }
}

// MARK: - What is missing

extension Disappearances {
  /// Databases and tables that ought to be listed and are not, in order. Of a missing database its
  /// tables are not among them.
  private func missing(at site: Site) async throws -> [RecordKey] {
    let account = site.account
    let mentioned = try await mentions(account)
    var databases = mentioned.filter { $0.kindName == Kind.database.name }
    var tables = mentioned.subtracting(databases)
    if let before {
      databases.formUnion(Self.databases(before, account))
      for database in changedDatabases(account) {
        tables.formUnion(try await self.tables(of: database, account, in: before))
      }
    }
    let listed = Self.databases(now, account)
    databases.subtract(listed)
    tables = tables.filter { table in
      listed.contains(RecordKey(account: account, kind: .database, path: [table.path[0]]))
    }
    for database in Set(tables.map { $0.path[0] }) {
      tables.subtract(try await self.tables(of: database, account, in: now))
    }
    return (databases.sorted() + tables.sorted()).filter { limit?.covers($0) ?? true }
  }

  /// As the manifest has them: each has a pack of its own, which need not be read.
  private static func databases(_ reader: SnapshotReader, _ account: String) -> Set<RecordKey> {
    let packs = reader.manifest.packs.filter { pack in
      pack.group.account == account && pack.members.contains { $0.kind == .database }
    }
    return Set(
      packs.compactMap(\.group.database).map {
        RecordKey(account: account, kind: .database, path: [$0])
      })
  }

  private func tables(
    of database: String, _ account: String, in reader: SnapshotReader
  ) async throws -> Set<RecordKey> {
    var keys: Set<RecordKey> = []
    let records = try await reader.records(account: account, kind: .table, database: database)
    while let record = try records.next() { keys.insert(record.key) }
    return keys
  }

  /// Databases whose tables are not the same in both snapshots.
  private func changedDatabases(_ account: String) -> [String] {
    guard let before else { return [] }
    let (then, today) = (Self.tableDigests(before, account), Self.tableDigests(now, account))
    return then.keys.filter { today[$0] != nil && today[$0] != then[$0] }.sorted()
  }

  /// The digests of the tables' members, by database.
  private static func tableDigests(
    _ reader: SnapshotReader, _ account: String
  ) -> [String: Set<String>] {
    var digests: [String: Set<String>] = [:]
    for pack in reader.manifest.packs where pack.group.account == account {
      guard let database = pack.group.database else { continue }
      digests[database, default: []].formUnion(
        pack.members.filter { $0.kind == .table }.map(\.digest))
    }
    return digests
  }

  /// What the account's own catalog is granted on: databases, and tables.
  private func mentions(_ account: String) async throws -> Set<RecordKey> {
    var mentions: Set<RecordKey> = []
    let grants = try await now.records(account: account, kind: .grant)
    while let grant = try grants.next() {
      let path = grant.key.path
      guard path.count > 2, path[1] == account, let form = GrantResource.Form(rawValue: path[0]),
        form.depth > 0, path.count > 2 + form.depth
      else { continue }
      // Glue keeps names in lower case, whatever a grant was given on.
      let names = path[2..<(2 + form.depth)].map { $0.lowercased() }
      mentions.insert(RecordKey(account: account, kind: .database, path: Array(names.prefix(1))))
      guard form.depth > 1 else { continue }
      mentions.insert(RecordKey(account: account, kind: .table, path: names))
    }
    return mentions
  }
}

extension GrantResource.Form {
  /// How many names of the catalog stand in a grant's key: database, and table.
  fileprivate var depth: Int {
    switch self {
    case .database, .allTables, .allColumns: 1
    case .table, .columns, .filter: 2
    case .catalog, .policy, .tag, .location, .expression: 0
    }
  }
}

// MARK: - What AWS says of it

extension Disappearances {
  struct Answers: Sendable {
    var gone: Set<RecordKey> = []
    var hidden: [RecordKey: String] = [:]
    var unknown: [RecordKey: String] = [:]
    var notAsked: [RecordKey] = []
  }

  private func ask(_ keys: [RecordKey], at site: Site) async throws -> Answers {
    let answers = Guarded(Answers())
    let began = Double(now.manifest.details.recoveryPoint.milliseconds) / 1000
    try await forEachConcurrently(keys.prefix(Self.mostAsked), limit: 8) { key in
      let answer = try await ReaderRights.whereabouts(of: key, at: site, notListedSince: began)
      answers.withLock { answers in
        switch answer {
        case .gone: answers.gone.insert(key)
        case .tooNew: break
        case .hidden(let words): answers.hidden[key] = words
        case .unknown(let words): answers.unknown[key] = words
        }
      }
    }
    var result = answers.withLock(\.self)
    result.notAsked = Array(keys.dropFirst(Self.mostAsked))
    return result
  }

  /// One sentence for each kind and answer: what was removed in the ordinary way is none.
  private func describe(_ answers: Answers, at site: Site) -> [String] {
    var lines: [String] = []
    for kind in [Kind.database, .table] {
      let needed = ReaderRights.needed(toList: kind.name, of: kind.service)
      let hidden = answers.hidden.filter { $0.key.kindName == kind.name }
      if let words = hidden.min(by: { $0.key < $1.key })?.value {
        lines.append(
          "\(label(site.account)): \(list(hidden.keys, kind)) there, but hidden from the reader "
            + "(\(words)): \(needed)")
      }
      let unknown = answers.unknown.filter { $0.key.kindName == kind.name }
      if let words = unknown.min(by: { $0.key < $1.key })?.value {
        lines.append(
          "\(label(site.account)): \(list(unknown.keys, kind)) no longer listed, and AWS does not "
            + "say whether removed or hidden (\(words)): if nobody removed them, \(needed)")
      }
    }
    let rest = answers.notAsked
    if !rest.isEmpty {
      lines.append(
        "\(label(site.account)): \(rest.count) more databases and tables are no longer listed, and "
          + "were not asked for one by one; of those that were, \(answers.gone.count) are gone")
    }
    return lines
  }

  /// `databases hr, payroll and 4 more are`, to be followed by what they are.
  private func list(_ keys: some Collection<RecordKey>, _ kind: Kind) -> String {
    let names = keys.sorted().prefix(Self.mostNamed).map(\.name).joined(separator: ", ")
    let more = keys.count > Self.mostNamed ? " and \(keys.count - Self.mostNamed) more" : ""
    return keys.count == 1 ? "\(kind.name) \(names) is" : "\(kind.name)s \(names)\(more) are"
  }
}

// MARK: - Counts

extension Disappearances {
  private struct Count {
    let service: String
    var then = 0
    var today = 0

    var isLargeDrop: Bool { then - today >= 10 && today * 2 < then }
  }

  /// Kinds of which nothing, or far less, is left. What went with a database that AWS says is gone
  /// does not count.
  private func drops(at site: Site, without gone: Set<RecordKey>) -> [String] {
    guard let before else { return [] }
    let removed = Set(gone.filter { $0.kindName == Kind.database.name }.map { $0.path[0] })
    var counts: [String: Count] = [:]
    func add(_ reader: SnapshotReader, to member: WritableKeyPath<Count, Int>) {
      for pack in reader.manifest.packs where pack.group.account == site.account {
        if let database = pack.group.database, removed.contains(database) { continue }
        for part in pack.members {
          counts[part.kind.name, default: Count(service: part.kind.service)][keyPath: member] +=
            part.records
        }
      }
    }
    add(before, to: \.then)
    add(now, to: \.today)
    return counts.sorted { $0.key < $1.key }.compactMap { kind, count in
      let needed = ReaderRights.needed(toList: kind, of: count.service)
      guard count.today == 0 || count.isLargeDrop, count.then > count.today else { return nil }
      let left = count.today == 0 ? "no \(kind) any more" : "only \(count.today) \(kind)s"
      return "\(label(site.account)) has \(left), where snapshot \(before.manifest.id) had "
        + "\(count.then): if nobody removed them, \(needed)"
    }
  }
}
