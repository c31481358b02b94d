import CanonicalJSON

/// The ends of the chain: snapshots that were sealed and that no later one names yet. Each stands in a
/// blob of its own, so that one which is removed is missed although no manifest names it.
///
/// It is written when the manifest is there, and goes when another manifest names the same snapshot. A
/// writer that is killed in between leaves a snapshot without one, or one too many: neither is damage.
struct ChainHeads: Sendable {
  private(set) var links: [ManifestLink] = []
  /// Heads that are not what was written.
  private(set) var damage: [Damage] = []

  static func blobName(_ id: String) -> String { "heads/\(id).json" }

  /// The snapshot that a blob is the head of; nil for other blobs.
  static func id(ofBlob name: String) -> String? {
    guard name.hasPrefix("heads/"), name.hasSuffix(".json") else { return nil }
    let id = String(name.dropFirst("heads/".count).dropLast(".json".count))
    return SnapshotID.isValid(id) ? id : nil
  }

  static func fileBytes(_ link: ManifestLink) -> [UInt8] {
    link.json.canonicalBytes + [UInt8(ascii: "\n")]
  }

  fileprivate mutating func add(_ bytes: [UInt8], of id: String) {
    do {
      let json: JSON
      do { json = try JSON(parsing: bytes) } catch {
        throw ArchiveError.damaged("it is no JSON", cause: error)
      }
      let link = try ManifestLink(Fields(json, "the head"))
      guard link.snapshot == id, Self.fileBytes(link) == bytes else {
        throw ArchiveError.damaged("it is not what its name says")
      }
      links.append(link)
    } catch {
      let message = (error as? ArchiveError)?.message ?? "\(error)"
      damage.append(Damage(snapshot: id, what: "\(Self.blobName(id)): \(message)"))
    }
  }
}

extension Archive {
  /// What the store says of the ends of the chain.
  /// - Throws: `ArchiveError` (`.io`).
  func chainHeads() async throws -> ChainHeads {
    let ids = try await store.list(prefix: "heads/").compactMap { ChainHeads.id(ofBlob: $0.name) }
    let blobs = try await mapConcurrently(ids) { id in
      try await readIfThere(ChainHeads.blobName(id))
    }
    var heads = ChainHeads()
    for (id, bytes) in zip(ids, blobs) {
      // One that has gone since it was listed is named by a manifest now.
      if let bytes { heads.add(bytes, of: id) }
    }
    return heads
  }

  /// Makes a snapshot whose manifest is there an end of the chain, in place of the one that it names.
  /// Repeating it changes nothing.
  /// - Throws: `ArchiveError` (`.io`).
  func recordHead(of manifest: Manifest) async throws {
    let link = ManifestLink(snapshot: manifest.id, digest: manifest.digest)
    _ = try await store.put(ChainHeads.blobName(manifest.id), .bytes(ChainHeads.fileBytes(link)))
    guard let previous = manifest.previous?.snapshot else { return }
    let former = ChainHeads.blobName(previous)
    if try await store.exists(former) { try await store.delete(former) }
  }

  /// The ids of snapshots that were sealed after this one, and are gone although no prune removed them and
  /// nobody took note: whoever takes this one for the newest should know.
  /// - Throws: `ArchiveError` (`.io`).
  public func missed(after id: String) async throws -> [String] {
    let later = try await chainHeads().links.filter { $0.snapshot > id }
    guard !later.isEmpty else { return [] }
    let absent = try await absentSnapshots()
    let present = Set(try await ids())
    return later.filter { !present.contains($0.snapshot) && !absent.contains($0) }
      .map(\.snapshot).sorted()
  }

  /// Removes heads of snapshots that are gone, of which it is known why.
  /// - Throws: `ArchiveError` (`.io`).
  func removeUselessHeads() async throws {
    let heads = try await chainHeads()
    let absent = try await absentSnapshots()
    let sealed = Set(try await ids())
    for link in heads.links where !sealed.contains(link.snapshot) && absent.contains(link) {
      try await store.delete(ChainHeads.blobName(link.snapshot))
    }
  }
}
