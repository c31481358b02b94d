import MeshModel
import Synchronization

/// Writes the packs of one snapshot, any number of groups at once, and seals it.
///
/// A writer that is dropped without `seal` leaves no snapshot, only packs that the next one
/// reuses or a prune removes.
public final class SnapshotWriter: Sendable {
  /// What the writer has put into the store so far and the manifest will name.
  public struct Packs: Sendable, Hashable {
    /// Packs that were not there.
    public var written = 0
    /// Packs that an earlier snapshot had written.
    public var reused = 0
    /// The size of the written ones, in bytes.
    public var bytes = 0

    /// None, if nothing is said.
    public init(written: Int = 0, reused: Int = 0, bytes: Int = 0) {
      self.written = written
      self.reused = reused
      self.bytes = bytes
    }
  }

  private struct State {
    var groups: Set<PackGroup> = []
    var manifestPacks: [ManifestPack] = []
    /// The digests of packs that no snapshot had before.
    var fresh: Set<String> = []

    mutating func add(_ pack: ManifestPack, _ outcome: PutOutcome) {
      manifestPacks.append(pack)
      // A group that is written again may have packs of its first time.
      if outcome == .written { fresh.insert(pack.digest) }
    }

    mutating func remove(_ group: PackGroup) {
      groups.remove(group)
      manifestPacks.removeAll { $0.group == group }
    }

    var packs: Packs {
      var packs = Packs()
      for pack in manifestPacks {
        if fresh.contains(pack.digest) {
          packs.written += 1
          packs.bytes += pack.bytes
        } else {
          packs.reused += 1
        }
      }
      return packs
    }
  }

  private let archive: Archive
  /// The id of the snapshot.
  public let id: String
  private let scratchDirectory: String
  private let limits: PackLimits
  private let claim: Claim?
  private let state = Mutex(State())

  init(
    _ archive: Archive, id: String, scratchDirectory: String, limits: PackLimits, claim: Claim?
  ) {
    self.archive = archive
    self.claim = claim
    self.id = id
    self.scratchDirectory = scratchDirectory
    self.limits = limits
  }

  /// May be read at any time, also while groups are written.
  public var packs: Packs { state.withLock(\.packs) }

  /// The packs written or reused so far, as the manifest will describe them.
  public var manifestPacks: [ManifestPack] { state.withLock(\.manifestPacks) }

  /// Writes all records of a group. Groups may be written at the same time and in any order; each
  /// once unless it is removed in between, and one without records leaves no pack.
  /// - Parameter records: in the order of their keys, all of the group.
  /// - Throws: `ArchiveError` (`.conflict` for a group given twice and for records that are out of
  ///   order or of another group; `.io`; `.damaged` if a pack in the store has a wrong size), and
  ///   what the records throw. The snapshot can't be sealed then without that group.
  public nonisolated(nonsending) func write<Records: RecordStream>(
    group: PackGroup, records: inout Records
  ) async throws {
    var raw = RawRecords(records: records)
    try await write(group: group, raw: &raw)
    records = raw.records
  }

  /// The same, of records that lie sorted in a spool: they are not taken apart.
  public func write(group: PackGroup, spooled: consuming SpooledRecords) async throws {
    try await write(group: group, raw: &spooled)
  }

  private nonisolated(nonsending) func write<Records: RawRecordStream>(
    group: PackGroup, raw: inout Records
  ) async throws {
    guard state.withLock({ $0.groups.insert(group).inserted }) else {
      throw ArchiveError(.conflict, "the packs of \(group) were written before")
    }
    var builder = PackBuilder<Records>(group, limits, scratchDirectory: scratchDirectory)
    while let pack = try builder.next(&raw) {
      try await claim?.renew()
      let outcome = try await archive.store.put(pack.description.blobName, pack.content)
      state.withLock { $0.add(pack.description, outcome) }
    }
  }

  /// Takes a group out of the snapshot, so that it can be written again. Its packs stay in the store:
  /// those that no manifest names are removed by a prune. Removing what is not there does nothing.
  ///
  /// Not while the group is being written.
  public func remove(_ group: PackGroup) { state.withLock { $0.remove(group) } }

  /// Reads what has been written so far, before it is sealed.
  /// - Throws: `ArchiveError` (`.conflict` if groups overlap).
  public func reader(_ details: SnapshotDetails) throws -> SnapshotReader {
    archive.reader(
      try Manifest(id: id, details: details, packs: manifestPacks, previous: nil))
  }

  /// Takes over the packs that another writer has left in a part of this snapshot.
  /// - Throws: `ArchiveError` (`.conflict` for a group that this one has already).
  public func adopt(_ part: SnapshotPart) throws {
    try state.withLock { state in
      let groups = Set(part.packs.map(\.group))
      guard state.groups.isDisjoint(with: groups) else {
        throw ArchiveError(.conflict, "part \(part.shard) has groups of another part")
      }
      state.groups.formUnion(groups)
      state.manifestPacks += part.packs
    }
  }

  /// Leaves a part of a snapshot, to be sealed with the others. From then on it keeps its packs from
  /// being pruned.
  /// - Parameter part: of the packs of this writer.
  /// - Throws: as `seal`.
  public func leave(_ part: SnapshotPart) async throws {
    try await claim?.renew(always: true)
    try await claim?.waitForPrunes()
    try await checkPresent(part.packs)
    _ = try await archive.store.put(part.blobName, .bytes(part.fileBytes))
    try await claim?.release()
  }

  /// Commits the snapshot by writing its manifest. Sealing again with the same details gives the
  /// same manifest.
  /// - Parameter signer: signs the manifest; nil for no signature.
  /// - Throws: `ArchiveError` (`.conflict` if the id is taken, groups overlap, or a pack has gone from
  ///   the store because its claim had ended; `.io`), `CancellationError`.
  public func seal(
    _ details: SnapshotDetails, signer: (any ManifestSigner)? = nil
  ) async throws -> Manifest {
    let packs = state.withLock(\.manifestPacks)
    // From here on no prune begins that would remove a pack, and none is under way.
    try await claim?.renew(always: true)
    try await claim?.waitForPrunes()
    try await checkPresent(packs)
    let manifest = try Manifest(
      id: id, details: details, packs: packs, previous: try await previous())
    if let signer { try await archive.sign(manifest, by: signer) }
    let name = SnapshotID.blobName(id)
    let bytes = manifest.fileBytes
    if try await archive.store.exists(name) == false {
      _ = try await archive.store.put(name, .bytes(bytes))
    }
    guard try await archive.store.read(name) == bytes else {
      throw ArchiveError(.conflict, "there is another snapshot \(id)")
    }
    if let signer { try await archive.sign(manifest, by: signer) }
    try await archive.recordHead(of: manifest)
    try await claim?.release()
    return manifest
  }

  /// A prune may have run since the packs were written.
  private func checkPresent(_ packs: [ManifestPack]) async throws {
    let present = try await archive.store.packSizes()
    for pack in packs where present[pack.blobName] != pack.bytes {
      throw ArchiveError(
        .conflict, "pack \(pack.digest) has gone from the store, so the snapshot is not whole")
    }
  }

  private func previous() async throws -> ManifestLink? {
    let earlier = try await archive.ids().filter { $0 < id }
    do {
      let newest = try await archive.newest("", among: earlier) { _ in true }
      return ManifestLink(snapshot: newest.id, digest: newest.digest)
    } catch let error as ArchiveError where error.code == .notFound || error.code == .damaged {
      return nil
    }
  }
}
