import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

/// Snapshots that are written while others are pruned.
@Suite struct ClaimTests {
  private let store = MemoryStore()
  private let folder: TemporaryFolder
  private var archive: Archive { Archive(store: store) }
  private let policy = RetentionPolicy(last: 1)
  private let group = PackGroup(account: "1", database: "d")

  init() throws {
    folder = try TemporaryFolder()
  }

  private var records: [Record] { [record("1", table, ["d", "t"])] }

  /// An old snapshot, whose pack nothing else needs, and a newer one.
  private func twoSnapshots() async throws {
    try await writeSnapshot(archive, details("2026-11-20T02:00:00Z"), groups: [group: records])
    try await writeSnapshot(archive, details("2026-11-21T02:00:00Z"), groups: [:])
  }

  private func writer(_ clock: StoreClock) async throws -> SnapshotWriter {
    try await archive.writer(
      id: "20261123T020000Z-00000001", scratchDirectory: folder.path, clock: clock)
  }

  private func whole() async throws {
    let newest = try await archive.find("latest")
    #expect(try await archive.verify(newest, everySnapshot: true).damaged == [])
  }

  @Test func aPackThatASnapshotUnderWayReusesStays() async throws {
    try await twoSnapshots()
    let clock = TestClock()
    let writer = try await writer(clock.clock)
    var stream = RecordList(records)
    try await writer.write(group: group, records: &stream)
    #expect(writer.packs.reused == 1)
    let report = try await archive.prune(policy, dryRun: false, clock: clock.clock)
    #expect(report.removedSnapshots.count == 1 && report.removedPacks.isEmpty)
    #expect(report.underWay == [writer.id])
    _ = try await writer.seal(details())
    try await whole()
    let after = try await archive.prune(policy, dryRun: false, clock: clock.clock)
    #expect(after.underWay.isEmpty && after.removedPacks.isEmpty)
    #expect(!store.contents.keys.contains { $0.hasPrefix("claims/") })
  }

  @Test func aKilledWriterKeepsPacksForADay() async throws {
    try await twoSnapshots()
    let clock = TestClock()
    _ = try await writer(clock.clock)
    clock.pass(23 * 3600)
    #expect(
      try await archive.prune(policy, dryRun: true, clock: clock.clock).removedPacks.isEmpty)
    clock.pass(3600)
    let report = try await archive.prune(policy, dryRun: false, clock: clock.clock)
    #expect(report.removedPacks.count == 1 && report.underWay.isEmpty)
    #expect(!store.contents.keys.contains { $0.hasPrefix("claims/") })
    try await whole()
  }

  @Test func aWriterWhoseClaimEndedDoesNotSealWhatHasGone() async throws {
    try await twoSnapshots()
    let clock = TestClock()
    let writer = try await writer(clock.clock)
    var stream = RecordList(records)
    try await writer.write(group: group, records: &stream)
    clock.pass(25 * 3600)
    let report = try await archive.prune(policy, dryRun: false, clock: clock.clock)
    #expect(report.removedPacks.count == 1)
    #expect(await code { _ = try await writer.seal(details()) } == .conflict)
    #expect(try await archive.snapshots().count == 1)
    try await whole()
  }

  @Test func aLongSnapshotRenewsItsClaim() async throws {
    try await twoSnapshots()
    let clock = TestClock()
    let writer = try await writer(clock.clock)
    for hour in 0..<30 {
      clock.pass(3600)
      let group = PackGroup(account: "1", database: "e\(hour)")
      var stream = RecordList([record("1", table, ["e\(hour)", "t"])])
      try await writer.write(group: group, records: &stream)
      #expect(store.contents.keys.filter { $0.hasPrefix("claims/") }.count == 1)
    }
    let report = try await archive.prune(policy, dryRun: false, clock: clock.clock)
    #expect(report.underWay == [writer.id])
    _ = try await writer.seal(details())
    try await whole()
  }

  @Test func aWriterWaitsForAPruneToEnd() async throws {
    try await twoSnapshots()
    let time = TestClock()
    let prune = try await Claim.take(.prune, in: store, clock: time.clock)
    let writer = try await writer(time.clock { try await prune.release() })
    #expect(time.waitCount == 1)
    _ = try await writer.seal(details())
  }

  @Test func aWriterDoesNotWaitForAKilledPruneForEver() async throws {
    let time = TestClock()
    _ = try await Claim.take(.prune, in: store, clock: time.clock)
    _ = try await writer(time.clock)
    #expect((400...500).contains(time.waitCount))
  }

  @Test func aSnapshotThatIsSealedDuringAPruneKeepsItsPacks() async throws {
    try await twoSnapshots()
    let time = TestClock()
    // The prune has seen no claim and is about to remove packs; the writer begins now.
    let prune = try await Claim.take(.prune, in: store, clock: time.clock)
    let store = store
    let writer = try await writer(
      time.clock {
        for pack in try await store.list(prefix: "packs/") { try await store.delete(pack.name) }
        try await prune.release()
      })
    var stream = RecordList(records)
    try await writer.write(group: group, records: &stream)
    #expect(writer.packs.written == 1)
    _ = try await writer.seal(details())
  }

  @Test func whatIsOnHoldStays() async throws {
    try await twoSnapshots()
    let old = try await archive.find("20261120")
    let now = try details().recoveryPoint
    let hold = try await archive.hold(old.id, reason: "ticket 4711", now: now)
    #expect(hold.reason == "ticket 4711" && hold.since == now)
    #expect(try await archive.hold(old.id, reason: "another", now: now) == hold)
    #expect(try await archive.snapshots().map(\.hold) == [nil, hold])
    let clock = TestClock().clock
    let report = try await archive.prune(policy, dryRun: false, clock: clock)
    #expect(report.decisions.last?.keptBy == [.hold] && report.removedSnapshots.isEmpty)
    // Whatever is in it, it holds.
    store.set(Hold.blobName(old.id), [1, 2, 3])
    #expect(try await archive.prune(policy, dryRun: true, clock: clock).removedSnapshots.isEmpty)
    #expect(try await archive.release(old.id))
    #expect(try await !archive.release(old.id))
    #expect(
      try await archive.prune(policy, dryRun: false, clock: clock).removedSnapshots == [old.id])
    #expect(await code { _ = try await archive.hold(old.id, reason: nil, now: now) } == .notFound)
    #expect(!store.contents.keys.contains { $0.hasPrefix("holds/") })
  }

  /// What meshdr holds by itself and what people hold stand beside each other: neither goes with the
  /// other, and either is enough.
  @Test func holdsOfPeopleAndOfMeshdrAreTwo() async throws {
    try await twoSnapshots()
    let (old, clock) = (try await archive.find("20261120"), TestClock().clock)
    let now = try details().recoveryPoint
    let own = try await archive.hold(old.id, reason: "failback", now: now, isAutomatic: true)
    #expect(own.isAutomatic)
    #expect(try await archive.snapshots().last?.hold == own)
    let person = try await archive.hold(old.id, reason: "ticket 4711", now: now)
    #expect(person.reason == "ticket 4711" && !person.isAutomatic)
    #expect(try await archive.snapshots().last?.hold == person)
    #expect(try await archive.automaticHolds() == [old.id])
    #expect(try await archive.release(old.id, isAutomatic: true))
    #expect(try await archive.automaticHolds().isEmpty)
    #expect(try await archive.prune(policy, dryRun: false, clock: clock).removedSnapshots.isEmpty)
    _ = try await archive.hold(old.id, reason: nil, now: now, isAutomatic: true)
    #expect(try await archive.release(old.id))
    #expect(try await archive.prune(policy, dryRun: false, clock: clock).removedSnapshots.isEmpty)
    #expect(try await archive.release(old.id, isAutomatic: true))
    // What is needed stays without any hold.
    #expect(
      try await archive.prune(policy, dryRun: false, keeping: [old.id], clock: clock)
        .removedSnapshots.isEmpty)
    #expect(
      try await archive.prune(policy, dryRun: false, clock: clock).removedSnapshots == [old.id])
    #expect(!store.contents.keys.contains { $0.hasPrefix("holds/") })
  }
}
