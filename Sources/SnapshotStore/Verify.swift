/// What a check of a snapshot, or of a whole store, found.
public struct VerifyReport: Sendable, Hashable {
  /// The id of the snapshot whose packs were read.
  public let snapshot: String
  /// How many manifests were read, this snapshot's among them.
  public internal(set) var manifests = 1
  /// How many packs were looked for, and found or not found in their sizes.
  public internal(set) var packs = 0
  /// How many of them were read from beginning to end, or to their first damage.
  public internal(set) var packsRead = 0
  /// How many records were read and found right.
  public internal(set) var records = 0
  /// Empty if all is well.
  public internal(set) var damaged: [Damage] = []
  /// What is no damage, but should be known.
  public internal(set) var notes: [String] = []
  /// Snapshots that are gone, and of which somebody took note.
  public internal(set) var losses: [AcknowledgedLoss] = []

  init(snapshot: String) {
    self.snapshot = snapshot
  }
}

/// One thing that is not as the manifest says.
public struct Damage: Sendable, Hashable {
  /// The snapshot whose manifest is concerned, or the newest that needs the pack; nil where it is
  /// none's.
  public let snapshot: String?
  /// The pack's digest, which is its name; nil if the manifest itself is concerned.
  public let pack: String?
  /// The member's path, where it is known which one.
  public let member: String?
  /// One sentence.
  public let what: String
  /// Whether it is a snapshot that is gone, of which note can be taken.
  public let isLoss: Bool

  init(
    snapshot: String? = nil, pack: String? = nil, member: String? = nil, what: String,
    isLoss: Bool = false
  ) {
    self.snapshot = snapshot
    self.pack = pack
    self.member = member
    self.what = what
    self.isLoss = isLoss
  }
}

extension SnapshotReader {
  /// Looks for every pack in its size and reads those that `selection` takes: digests, sizes, counts,
  /// order and canonical form. Nothing is looked at but the snapshot itself and, if asked for, its
  /// link to the one before.
  /// - Parameters:
  ///   - isNeeded: which packs are looked for at all.
  ///   - selection: which of these are read.
  ///   - link: whether the snapshot before has to be the one that this one names.
  ///   - concurrency: how many packs are read at once.
  /// - Throws: `ArchiveError` (`.io`) only: damage is reported.
  public func verify(
    _ isNeeded: (ManifestPack) -> Bool = { _ in true }, reading selection: PackSelection = .all,
    link: Bool = true, concurrency: Int = 4
  ) async throws -> VerifyReport {
    var report = VerifyReport(snapshot: manifest.id)
    let present = try await store.packSizes()
    let needed = manifest.packs.filter(isNeeded).map { NeededPack(pack: $0, by: manifest.id) }
    try await report.add(
      PackCheck(store: store, selection: selection, concurrency: concurrency)
        .check(needed, present: present))
    if link {
      let chain = ChainCheck(
        absent: try await archive.absentSnapshots(),
        digest: { try await archive.digest(of: $0) })
      report.damaged += try await chain.check(manifest.previous, of: manifest.id)
    }
    report.damaged += try await archive.signatureDamage(of: [manifest])
    report.losses = try await archive.acknowledgedLosses()
    return report
  }
}

extension Archive {
  /// Checks the whole store: every manifest, the chain that they make, its ends, and that every pack that any of
  /// them needs is there in its size. Then reads packs of one snapshot, or of all.
  /// - Parameters:
  ///   - manifest: the snapshot whose packs are read.
  ///   - everySnapshot: reads the packs of all snapshots, each once.
  ///   - selection: which of these packs are read.
  ///   - concurrency: how many packs are read at once.
  /// - Throws: `ArchiveError` (`.io`) only: damage is reported.
  public func verify(
    _ manifest: Manifest, everySnapshot: Bool = false, reading selection: PackSelection = .all,
    concurrency: Int = 4
  ) async throws -> VerifyReport {
    var report = VerifyReport(snapshot: manifest.id)
    // What is sealed or pruned meanwhile must not look like damage: packs are listed last.
    let ids = try await ids()
    let read = try await manifestsForCheck(ids)
    let present = try await store.packSizes()
    report.manifests = read.count
    report.damaged = read.compactMap(\.damage)
    let manifests = read.compactMap(\.manifest)
    let heads = try await chainHeads()
    let absent = try await absentSnapshots()
    report.losses = absent.acknowledgedLosses(besides: Set(ids))
    report.damaged += heads.damage + absent.damage
    report.damaged += try await checkChain(
      manifests, heads.links, absent, unreadable: read.compactMap(\.unreadable))
    report.damaged += try await signatureDamage(of: manifests)
    let gone = try await idsRemoved(since: ids)
    let packs = Self.neededPacks(manifests.filter { !gone.contains($0.id) })
    let own = Set(manifest.packs.map(\.digest))
    let check = PackCheck(store: store, selection: selection, concurrency: concurrency)
    let wanted = packs.filter { everySnapshot || own.contains($0.pack.digest) }
    let others = packs.filter { !everySnapshot && !own.contains($0.pack.digest) }
    report.notes = try await partsNotSealed(besides: ids)
    try await report.add(check.check(wanted, present: present))
    report.add(check.lookFor(others, present: present))
    return report
  }

  /// The report, with damage where this store lacks the manifest, or has another: what was read by it
  /// came from elsewhere then.
  /// - Throws: `ArchiveError` (`.io`).
  public func noting(_ manifest: Manifest, in report: VerifyReport) async throws -> VerifyReport {
    var report = report
    do {
      guard try await self.manifest(manifest.id).digest != manifest.digest else { return report }
      report.damaged.append(
        Damage(snapshot: manifest.id, what: "its manifest differs from that of another store"))
    } catch let error as ArchiveError where error.code == .notFound {
      report.damaged.append(Damage(snapshot: manifest.id, what: "its manifest is missing"))
    } catch let error as ArchiveError where error.code == .damaged {
      guard !report.damaged.contains(where: { $0.snapshot == manifest.id && $0.pack == nil }) else {
        return report
      }
      report.damaged.append(Damage(snapshot: manifest.id, what: error.description))
    }
    return report
  }

  private struct Read: Sendable {
    var manifest: Manifest?
    var damage: Damage?
    var unreadable: String?
  }

  private func manifestsForCheck(_ ids: [String]) async throws -> [Read] {
    try await mapConcurrently(ids) { id -> Read? in
      do {
        return Read(manifest: try await self.manifest(id))
      } catch let error as ArchiveError where error.code == .damaged || error.code == .newerFormat {
        return Read(damage: Damage(snapshot: id, what: error.description), unreadable: id)
      } catch let error as ArchiveError where error.code == .notFound {
        // Pruned since it was listed.
        return nil
      }
    }.compactMap(\.self)
  }

  private func checkChain(
    _ manifests: [Manifest], _ heads: [ManifestLink], _ absent: AbsentSnapshots,
    unreadable: [String]
  ) async throws -> [Damage] {
    let digests = Dictionary(manifests.map { ($0.id, $0.digest) }) { first, _ in first }
    let chain = ChainCheck(absent: absent) { id in
      if let digest = digests[id] { return .known(digest) }
      // What can't be read is said once, as its own damage.
      return unreadable.contains(id) ? .unreadable : try await self.digest(of: id)
    }
    var damage: [Damage] = []
    for head in heads.sorted(by: { $0.snapshot > $1.snapshot }) {
      damage += try await chain.check(head: head)
    }
    for manifest in manifests.sorted(by: { $0.id > $1.id }) {
      damage += try await chain.check(manifest.previous, of: manifest.id)
    }
    for snapshot in absent.snapshots.sorted(by: { $0.snapshot > $1.snapshot }) {
      damage += try await chain.check(snapshot.previous, of: snapshot.snapshot)
    }
    return damage
  }

  /// Snapshots that many machines capture and nobody has sealed yet.
  private func partsNotSealed(besides ids: [String]) async throws -> [String] {
    let names = try await store.list(prefix: "parts/").map(\.name)
    let counts = Dictionary(grouping: names) { $0.split(separator: "/").dropFirst().first ?? "" }
    return counts.filter { !ids.contains(String($0.key)) }.sorted { $0.key < $1.key }.map {
      "snapshot \($0.key) is not sealed; there are \($0.value.count) parts of it"
    }
  }

  private func idsRemoved(since ids: [String]) async throws -> Set<String> {
    Set(ids).subtracting(try await self.ids())
  }

  /// Each pack once, with the newest snapshot that needs it.
  private static func neededPacks(_ manifests: [Manifest]) -> [NeededPack] {
    var needed: [String: NeededPack] = [:]
    for manifest in manifests.sorted(by: { $0.id < $1.id }) {
      for pack in manifest.packs { needed[pack.digest] = NeededPack(pack: pack, by: manifest.id) }
    }
    return needed.values.sorted { $0.pack.digest < $1.pack.digest }
  }
}

extension VerifyReport {
  mutating func add(_ result: PackCheck.Result) {
    packs += result.packs
    packsRead += result.packsRead
    records += result.records
    damaged += result.damaged
  }
}
