import MeshModel

/// All parts of a snapshot as one: what one machine would have captured.
public struct JoinedParts: Sendable, Hashable {
  /// One for each shard, by their numbers.
  public let parts: [SnapshotPart]
  /// Every account of the mesh with what all shards say of it.
  public let accounts: [SnapshotPart.Account]
  /// What the parts say of the mesh, each sentence once.
  public let warnings: [String]

  /// When the first began.
  public var began: UTCTime { parts.map(\.began).min() ?? UTCTime(milliseconds: 0) }
  /// When the last ended.
  public var finished: UTCTime { parts.map(\.finished).max() ?? UTCTime(milliseconds: 0) }
  public var mesh: String { parts[0].mesh }
  public var region: String { parts[0].region }
  public var meshFile: String { parts[0].meshFile }
  public var meshdrVersion: String { parts[0].meshdrVersion }

  /// What all shards wrote and reused.
  public var written: SnapshotWriter.Packs {
    parts.reduce(into: SnapshotWriter.Packs()) { sum, part in
      sum.written += part.written.written
      sum.reused += part.written.reused
      sum.bytes += part.written.bytes
    }
  }

  /// Joins what the shards left. Of a shard that was run more than once, the part without errors
  /// counts, and of several of these the latest.
  /// - Parameter all: in any order.
  /// - Throws: `ArchiveError` (`.notFound` naming the shards that are missing, `.conflict` for parts
  ///   that were not captured alike).
  public init(_ all: [SnapshotPart]) throws {
    let parts = try Self.choose(all)
    try Self.checkAlike(parts)
    self.parts = parts
    warnings = parts.flatMap(\.warnings).withoutRepetitions
    accounts = Self.join(parts)
  }

  private static func choose(_ all: [SnapshotPart]) throws -> [SnapshotPart] {
    guard let first = all.first else {
      throw ArchiveError(.notFound, "no shard has left a part of it")
    }
    var missing: [String] = []
    for (count, parts) in Dictionary(grouping: all, by: \.shard.count).sorted(by: {
      $0.key < $1.key
    }) {
      let byNumber = Dictionary(grouping: parts, by: \.shard.number)
      let absent = (1...count).filter { byNumber[$0] == nil }
      guard !absent.isEmpty else {
        return byNumber.sorted { $0.key < $1.key }.compactMap { best($0.value) }
      }
      let names = absent.prefix(20).map { "\($0)/\(count)" }.joined(separator: ", ")
      missing.append(
        (absent.count == 1 ? "shard \(names) is" : "shards \(names)")
          + (absent.count > 20 ? " and \(absent.count - 20) more" : "")
          + (absent.count == 1 ? "" : " are") + " missing")
    }
    throw ArchiveError(
      .notFound, "snapshot \(first.snapshot) can't be sealed: \(missing.joined(separator: "; "))")
  }

  private static func best(_ parts: [SnapshotPart]) -> SnapshotPart? {
    parts.max { left, right in
      if left.isWhole != right.isWhole { return right.isWhole }
      return (left.finished, left.blobName) < (right.finished, right.blobName)
    }
  }

  private static func checkAlike(_ parts: [SnapshotPart]) throws {
    let first = parts[0]
    func check(_ what: String, _ isAlike: (SnapshotPart) -> Bool) throws {
      guard let other = parts.first(where: { !isAlike($0) }) else { return }
      throw ArchiveError(
        .conflict,
        "shards \(first.shard) and \(other.shard) of snapshot \(first.snapshot) were captured with "
          + "\(what): run all of them alike")
    }
    try check("different versions of meshdr") { $0.meshdrVersion == first.meshdrVersion }
    try check("different mesh files") { $0.meshFile == first.meshFile }
    try check("different regions") { $0.region == first.region && $0.mesh == first.mesh }
    let selected = Dictionary(first.accounts.map { ($0.id, $0.selected) }) { first, _ in first }
    try check("different accounts selected") { part in
      part.accounts.allSatisfy { selected[$0.id] == nil || selected[$0.id] == $0.selected }
    }
  }
}

// MARK: - Accounts

extension JoinedParts {
  private static func join(_ parts: [SnapshotPart]) -> [SnapshotPart.Account] {
    let accounts = parts.flatMap(\.accounts)
    let ids = accounts.map(\.id).withoutRepetitions
    let byID = Dictionary(grouping: accounts, by: \.id)
    return ids.compactMap { id in
      let same = byID[id] ?? []
      guard var account = join(same) else { return nil }
      if same.count < parts.count {
        account.errors.append(
          CaptureError(
            code: "NotInEveryPart",
            message: "\(parts.count - same.count) of \(parts.count) shards did not know the account"
          ))
      }
      return account
    }
  }

  /// What several shards say of one account.
  private static func join(_ same: [SnapshotPart.Account]) -> SnapshotPart.Account? {
    guard let first = same.first else { return nil }
    var account = SnapshotPart.Account(id: first.id, name: first.name, selected: first.selected)
    account.reached = same.contains(where: \.reached)
    account.shortcomings = same.flatMap(\.shortcomings).withoutRepetitions
    account.errors = same.flatMap(\.errors).withoutRepetitions
    for part in same { account.databaseErrors.merge(part.databaseErrors) { $0 + $1 } }
    if same.contains(where: { $0.databases != nil }) {
      account.databases = same.flatMap { $0.databases ?? [] }.sorted {
        $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    }
    if same.contains(where: { $0.moving != nil }) {
      account.moving = Set(same.flatMap { $0.moving ?? [] }).sorted()
    }
    return account
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stands first.
  fileprivate var withoutRepetitions: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
