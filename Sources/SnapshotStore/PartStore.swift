extension Archive {
  /// Parts of a snapshot, and what stands among them and can't be read.
  public struct Parts: Sendable {
    public var parts: [SnapshotPart] = []
    public var damaged: [ArchiveError] = []
  }

  /// After so many seconds a part is of no use any more, counted from the moment in the snapshot's
  /// id: what was captured together has to be of one time.
  public static let partLifetime: Int64 = 7 * 24 * 3600

  /// All parts of a snapshot that is not sealed yet, by their numbers and ages.
  /// - Throws: `ArchiveError` (`.io`).
  public func parts(of id: String) async throws -> Parts {
    let names = try await store.list(prefix: SnapshotPart.folder(id)).map(\.name)
    let read = try await mapConcurrently(names) { name in try await part(name) }
    var parts = Parts()
    for result in read.compactMap(\.self) {
      switch result {
      case .success(let part): parts.parts.append(part)
      case .failure(let error): parts.damaged.append(error)
      }
    }
    parts.parts.sort {
      ($0.shard.count, $0.shard.number, $0.finished, $0.blobName)
        < ($1.shard.count, $1.shard.number, $1.finished, $1.blobName)
    }
    return parts
  }

  /// - Returns: nil for one that was removed since it was listed.
  private func part(_ name: String) async throws -> Result<SnapshotPart, ArchiveError>? {
    do {
      return .success(try SnapshotPart(fileBytes: try await store.read(name), blob: name))
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    } catch let error as ArchiveError where error.code != .io {
      return .failure(error)
    }
  }

  /// Removes the parts of a snapshot, for which it must be sealed.
  /// - Throws: `ArchiveError` (`.io`).
  public func removeParts(of id: String) async throws {
    for blob in try await store.list(prefix: SnapshotPart.folder(id)) {
      try await store.delete(blob.name)
    }
  }

  /// The manifest of a snapshot that is sealed; nil for one that is not.
  /// - Throws: `ArchiveError` (`.damaged`, `.newerFormat`, `.io`).
  public func sealed(_ id: String) async throws -> Manifest? {
    do { return try await manifest(id) } catch let error as ArchiveError
      where error.code == .notFound
    { return nil }
  }
}

// MARK: - Pruning

extension Archive {
  /// Parts that may still be sealed, and the names of those that are of no use any more: of snapshots
  /// that are sealed or were, and too old.
  func partsForPrune(at now: UTCTime) async throws -> (needed: [SnapshotPart], useless: [String]) {
    let names = try await store.list(prefix: "parts/").map(\.name)
    let ids = Set(names.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) })
    let sealed = Set(try await self.ids())
      .union(try await absentSnapshots().snapshots.map(\.snapshot))
    var needed: [SnapshotPart] = []
    var useless: [String] = []
    for id in ids.sorted() {
      let age = SnapshotID.recoveryPoint(id).map { (now.milliseconds - $0.milliseconds) / 1000 }
      if sealed.contains(id) || (age ?? .max) >= Self.partLifetime {
        useless += names.filter { $0.hasPrefix(SnapshotPart.folder(id)) }
      } else {
        needed += try await parts(of: id).parts
      }
    }
    return (needed, useless)
  }
}
