import MeshModel
import Testing

@testable import SnapshotStore

/// Manifests that were removed or altered, and those that a prune removed.
@Suite struct ChainTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }

  /// Snapshots of so many days in November, with a pack of their own each.
  private func snapshots(_ days: ClosedRange<Int>) async throws -> [Manifest] {
    var manifests: [Manifest] = []
    for day in days {
      let group = PackGroup(account: "1", database: "d\(day)")
      manifests.append(
        try await writeSnapshot(
          archive, details("2026-11-\(day)T02:00:00Z"),
          groups: [group: [record("1", table, ["d\(day)", "t"])]]
        ).manifest)
    }
    return manifests
  }

  private func check() async throws -> [Damage] {
    try await archive.verify(archive.find("latest")).damaged
  }

  private func prune(last: Int) async throws -> PruneReport {
    try await archive.prune(
      RetentionPolicy(last: last), dryRun: false, clock: TestClock().clock)
  }

  @Test func whatPruneRemovedIsNotMissed() async throws {
    let manifests = try await snapshots(10...15)
    #expect(try await check().isEmpty)
    #expect(try await prune(last: 4).removedSnapshots.count == 2)
    #expect(try await check().isEmpty)
    #expect(try await prune(last: 2).removedSnapshots.count == 2)
    #expect(try await check().isEmpty)
    // One list of all, however often there was a prune.
    #expect(store.contents.keys.filter { $0.hasPrefix("absent/") }.count == 1)
    let newest = try #require(manifests.last)
    #expect(try await archive.reader(newest).verify().damaged.isEmpty)
  }

  @Test func aRemovedSnapshotIsMissedAlsoBehindPrunedOnes() async throws {
    let manifests = try await snapshots(10...15)
    let removed = manifests[0]
    _ = try await archive.hold(removed.id, reason: nil, now: details().recoveryPoint)
    #expect(try await prune(last: 1).removedSnapshots.count == 4)
    #expect(try await check().isEmpty)
    store.set(SnapshotID.blobName(removed.id), nil)
    #expect(try await check().map(\.snapshot) == [removed.id])
  }

  @Test func everyRemovedManifestIsMissedAndTheNewestToo() async throws {
    let manifests = try await snapshots(10...14)
    for manifest in manifests {
      let name = SnapshotID.blobName(manifest.id)
      store.set(name, nil)
      #expect(try await check().map(\.snapshot) == [manifest.id])
      store.set(name, manifest.fileBytes)
    }
    #expect(try await check().isEmpty)
  }

  @Test func theNewestAndOnesSealedLateHaveHeads() async throws {
    func heads() -> [String] { store.contents.keys.filter { $0.hasPrefix("heads/") }.sorted() }
    let manifests = try await snapshots(10...12)
    #expect(heads() == [ChainHeads.blobName(manifests[2].id)])
    // Sealed after one with a later id, so that nothing names it.
    let late = try await writeSnapshot(archive, details("2026-11-11T14:00:00Z"), groups: [:])
      .manifest
    #expect(heads() == [late.id, manifests[2].id].map(ChainHeads.blobName))
    let name = SnapshotID.blobName(late.id)
    store.set(name, nil)
    #expect(try await check().map(\.snapshot) == [late.id])
    store.set(name, late.fileBytes)
    // What a prune removes is not missed, and leaves no head.
    #expect(try await prune(last: 1).removedSnapshots.count == 3)
    #expect(heads() == [ChainHeads.blobName(manifests[2].id)])
    #expect(try await check().isEmpty)
  }

  /// What a restore of the newest snapshot is told.
  @Test func aNewerOneThatIsGoneIsMissed() async throws {
    let manifests = try await snapshots(10...12)
    #expect(try await archive.missed(after: manifests[1].id) == [])
    store.set(SnapshotID.blobName(manifests[2].id), nil)
    let newest = try await archive.find("latest").id
    #expect(newest == manifests[1].id)
    #expect(try await archive.missed(after: newest) == [manifests[2].id])
    #expect(try await archive.missed(after: manifests[2].id) == [])
    let known = Acknowledgement(at: try details().finished, by: "oncall", reason: "known")
    _ = try await archive.acknowledge([manifests[2].id], known)
    #expect(try await archive.missed(after: newest) == [])
  }

  @Test func aSpoiltHeadIsDamage() async throws {
    let newest = try #require(try await snapshots(10...11).last)
    let name = ChainHeads.blobName(newest.id)
    let bytes = try await store.read(name)
    for index in bytes.indices {
      var spoilt = bytes
      spoilt[index] ^= 1
      store.set(name, spoilt)
      #expect(try await check().map(\.snapshot) == [newest.id], "byte \(index)")
      store.set(name, Array(bytes[..<index]))
      #expect(try await check().map(\.snapshot) == [newest.id], "\(index) bytes")
    }
    // An archive from before there were heads is whole.
    store.set(name, nil)
    #expect(try await check().isEmpty)
  }

  @Test func anAlteredManifestBreaksTheChain() async throws {
    let manifests = try await snapshots(10...12)
    let old = manifests[1]
    var changed = old.details
    changed.warnings = []
    let forged = try Manifest(
      id: old.id, details: changed, packs: old.packs, previous: old.previous)
    store.set(SnapshotID.blobName(old.id), forged.fileBytes)
    #expect(try await check().map(\.snapshot) == [old.id])
    // One that can't even be read is damaged, and said to be so once.
    store.set(SnapshotID.blobName(old.id), [1, 2, 3])
    #expect(try await check().map(\.snapshot) == [old.id])
  }

  @Test func aSpoiltListOfAbsentSnapshotsIsDamage() async throws {
    _ = try await snapshots(10...12)
    _ = try await prune(last: 1)
    let name = try #require(store.contents.keys.first { $0.hasPrefix("absent/") })
    let bytes = try await store.read(name)
    for index in bytes.indices {
      var spoilt = bytes
      spoilt[index] ^= 1
      store.set(name, spoilt)
      #expect(try await !check().isEmpty, "byte \(index)")
    }
    store.set(name, nil)
    #expect(try await !check().isEmpty)
  }

  @Test func pruneThatIsKilledAnywhereLeavesAWholeChain() async throws {
    for steps in 0..<12 {
      let store = MemoryStore()
      let archive = Archive(store: store)
      for day in 10...13 {
        let group = PackGroup(account: "1", database: "d\(day)")
        try await writeSnapshot(
          archive, details("2026-11-\(day)T02:00:00Z"),
          groups: [group: [record("1", table, ["d\(day)", "t"])]])
      }
      let dying = Archive(store: DyingStore(store, steps: steps))
      let policy = RetentionPolicy(last: 1)
      _ = try? await dying.prune(policy, dryRun: false, clock: TestClock().clock)
      let newest = try await archive.find("latest")
      #expect(try await archive.verify(newest, everySnapshot: true).damaged == [], "\(steps)")
      // The killed one's claim holds nobody up for ever.
      let clock = TestClock()
      try await writeSnapshot(archive, details(), groups: [:], clock: clock.clock)
      _ = try await archive.prune(policy, dryRun: false, clock: clock.clock)
      #expect(try await archive.snapshots().count == 1)
      #expect(store.contents.keys.filter { $0.hasPrefix("packs/") }.isEmpty)
      let last = try await archive.find("latest")
      #expect(try await archive.verify(last, everySnapshot: true).damaged == [], "\(steps)")
    }
  }
}
