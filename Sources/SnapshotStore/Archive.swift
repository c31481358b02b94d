import CanonicalJSON

/// All snapshots in one store.
public struct Archive: Sendable {
  /// Where the archive lies.
  public let store: any BlobStore

  /// By whom a snapshot has to be signed; nil for by nobody.
  public let demand: @Sendable (Manifest) -> SignatureDemand?

  /// Nothing is read or written before a method is called.
  public init(
    store: any BlobStore,
    demand: @escaping @Sendable (Manifest) -> SignatureDemand? = { _ in nil }
  ) {
    self.store = store
    self.demand = demand
  }

  /// The archive as each of several stores has it by itself.
  public var copies: [Archive] { store.copies.map { Archive(store: $0, demand: demand) } }

  /// All snapshots, newest first. One whose manifest is damaged is among them and says so.
  /// - Throws: `ArchiveError` (`.io`; `.newerFormat` and `.damaged` only for the store as a
  ///   whole, by its `format.json`).
  public func snapshots() async throws -> [SnapshotSummary] {
    try await checkFormat()
    let ids = try await ids()
    let holds = try await holds()
    return try await mapConcurrently(ids) { id in
      guard var summary = try await summary(id) else { return nil }
      summary.hold = holds[id]
      return summary
    }.compactMap(\.self)
  }

  /// - Returns: nil for one that was pruned since it was listed.
  private func summary(_ id: String) async throws -> SnapshotSummary? {
    do {
      return SnapshotSummary(try await manifest(id))
    } catch let error as ArchiveError where error.code == .damaged || error.code == .newerFormat {
      return SnapshotSummary(id: id, damage: error)
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  /// The snapshot that a reference means.
  /// - Parameter reference: an id, the unambiguous start of one, `latest` (the newest complete
  ///   one), or `before:2026-11-23T02:00Z` (the newest complete one whose recovery point is
  ///   earlier). Damaged ones are passed over in looking for the newest, unless nothing else is
  ///   left.
  /// - Throws: `ArchiveError` (`.notFound`, `.ambiguous`, `.invalid`, `.damaged`, `.newerFormat`,
  ///   `.io`).
  public func find(_ reference: String) async throws -> Manifest {
    try await checkFormat()
    if reference == "latest" {
      return try await newest("there is no complete snapshot") { $0.complete }
    }
    if reference.hasPrefix("before:") {
      let text = String(reference.dropFirst("before:".count))
      guard let time = UTCTime(text) else {
        throw ArchiveError(.invalid, "“\(text)” is no time such as 2026-11-23T02:00Z")
      }
      return try await newest("there is no complete snapshot from before \(time)") {
        $0.complete && $0.details.recoveryPoint < time
      }
    }
    return try await manifest(id(startingWith: reference))
  }

  /// Begins a snapshot. Nothing of it can be seen before `SnapshotWriter.seal`.
  /// - Parameters:
  ///   - id: from `SnapshotID.make`.
  ///   - scratchDirectory: where packs are put together; it must exist.
  ///   - packLimit: the most bytes of lines in one pack. Snapshots share packs only if they were
  ///     written with the same limit.
  ///   - clock: what the claim goes by that keeps a prune from removing packs which this snapshot
  ///     relies on, and how it waits for a prune that is under way. Nil for a store that nobody else
  ///     knows.
  /// - Throws: `ArchiveError` (`.invalid`, `.newerFormat`, `.io`), `CancellationError`.
  public func writer(
    id: String, scratchDirectory: String, packLimit: Int = 8 << 20, clock: StoreClock? = nil
  ) async throws -> SnapshotWriter {
    guard SnapshotID.isValid(id) else {
      throw ArchiveError(.invalid, "“\(id)” is no id for a snapshot")
    }
    if try await store.put(Self.formatBlob, .bytes(Self.formatBytes)) == .alreadyThere {
      try await checkFormat()
    }
    var claim: Claim?
    if let clock {
      claim = try await Claim.take(.snapshot(id), in: store, clock: clock)
      try await Claim.waitForPrunes(in: store, clock: clock)
    }
    return SnapshotWriter(
      self, id: id, scratchDirectory: scratchDirectory,
      limits: PackLimits(maximum: max(packLimit, 1)), claim: claim)
  }

  /// Reads from a snapshot. Nothing is opened before it is asked for.
  public func reader(_ manifest: Manifest) -> SnapshotReader {
    SnapshotReader(self, manifest: manifest)
  }

  /// The ids of all snapshots, newest first.
  func ids() async throws -> [String] {
    try await store.list(prefix: "snapshots/").compactMap { SnapshotID.id(ofBlob: $0.name) }
      .sorted(by: >)
  }

  func manifest(_ id: String) async throws -> Manifest {
    try Manifest(fileBytes: try await store.read(SnapshotID.blobName(id)), id: id)
  }

  /// The newest snapshot that `isWanted`, reading no more manifests than needed.
  func newest(
    _ otherwise: String, among ids: [String]? = nil, where isWanted: (Manifest) -> Bool
  ) async throws -> Manifest {
    var damage: ArchiveError?
    var candidates = ids ?? []
    if ids == nil { candidates = try await self.ids() }
    for id in candidates {
      do {
        let manifest = try await manifest(id)
        if isWanted(manifest) { return manifest }
      } catch let error as ArchiveError where error.code == .damaged {
        damage = damage ?? error
      }
    }
    throw damage ?? ArchiveError(.notFound, otherwise)
  }

  private func id(startingWith start: String) async throws -> String {
    guard !start.isEmpty else { throw ArchiveError(.invalid, "an empty name of a snapshot") }
    let matches = try await ids().filter { $0.hasPrefix(start) }
    if matches.count > 1 {
      let names = matches.prefix(5).joined(separator: ", ")
      throw ArchiveError(
        .ambiguous, "“\(start)” fits \(matches.count) snapshots: \(names)")
    }
    guard let match = matches.first else {
      throw ArchiveError(.notFound, "there is no snapshot “\(start)”")
    }
    return match
  }
}

// MARK: - The version of the whole store

extension Archive {
  static let formatBlob = "format.json"
  static let formatBytes =
    JSON.object(["format": "meshdr-archive", "version": JSON(Manifest.formatVersion)])
    .canonicalBytes + [UInt8(ascii: "\n")]

  /// Refuses a store that a newer version has changed. A store without `format.json` is taken for
  /// an empty one, or one whose manifests say which format they have.
  func checkFormat() async throws {
    let bytes: [UInt8]
    do { bytes = try await store.read(Self.formatBlob) } catch let error as ArchiveError
      where error.code == .notFound
    { return }
    try Self.checkFormat(bytes)
  }

  /// The same of the content of a `format.json`.
  /// - Throws: `ArchiveError` (`.damaged`, `.newerFormat`).
  static func checkFormat(_ bytes: [UInt8]) throws {
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch {
      throw ArchiveError.damaged("\(formatBlob) is no JSON", cause: error)
    }
    guard json["format"]?.string == "meshdr-archive", let version = json["version"]?.integer,
      version > 0
    else { throw ArchiveError.damaged("\(formatBlob) is not that of a meshdr archive") }
    guard version <= Manifest.formatVersion else {
      throw ArchiveError(
        .newerFormat,
        "the store has format \(version); this meshdr reads up to format "
          + "\(Manifest.formatVersion)")
    }
  }
}
