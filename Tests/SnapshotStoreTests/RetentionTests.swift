import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

@Suite struct RetentionTests {
  private func candidate(_ time: String, complete: Bool = true, region: String = "us-east-1")
    throws -> RetentionCandidate
  {
    let moment = try #require(UTCTime(time))
    return RetentionCandidate(
      id: "\(time) \(region)", region: region, time: moment, complete: complete)
  }

  private func kept(_ policy: RetentionPolicy, _ snapshots: [RetentionCandidate])
    -> [String: [RetentionRule]]
  {
    Dictionary(uniqueKeysWithValues: policy.decide(snapshots.shuffled()).map { ($0.id, $0.keptBy) })
      .filter { !$0.value.isEmpty }
  }

  @Test func theTable() throws {
    let times = [
      "2026-11-23T14:00Z", "2026-11-23T02:00Z", "2026-11-22T02:00Z", "2026-11-21T02:00Z",
      "2026-11-16T02:00Z", "2026-11-15T02:00Z", "2026-10-31T02:00Z", "2026-10-01T02:00Z",
      "2025-12-31T23:59Z", "2025-01-01T00:00Z", "2024-02-29T12:00Z",
    ]
    let policy = RetentionPolicy(last: 2, daily: 3, weekly: 3, monthly: 3, yearly: 2)
    let us = " us-east-1"
    #expect(
      kept(policy, try times.map { try candidate($0) }) == [
        times[0] + us: [.last, .daily, .weekly, .monthly, .yearly, .newestComplete],
        times[1] + us: [.last],
        times[2] + us: [.daily, .weekly],  // a Sunday: the week before
        times[3] + us: [.daily],
        times[5] + us: [.weekly],
        times[6] + us: [.monthly],
        times[8] + us: [.monthly, .yearly],
      ])
  }

  @Test func theNewestCompleteOneStays() throws {
    let snapshots = [
      try candidate("2026-11-23T02:00Z", complete: false),
      try candidate("2026-11-22T02:00Z"), try candidate("2026-11-21T02:00Z"),
      try candidate("2026-11-01T02:00Z", region: "eu-west-1"),
    ]
    #expect(
      kept(RetentionPolicy(), snapshots) == [
        "2026-11-22T02:00Z us-east-1": [.newestComplete],
        "2026-11-01T02:00Z eu-west-1": [.newestComplete],
      ])
    let last = kept(RetentionPolicy(last: 1), snapshots)
    #expect(last["2026-11-23T02:00Z us-east-1"] == [.last])
  }

  @Test func aDayIsKeptByACompleteSnapshotIfItHasOne() throws {
    let snapshots = [
      try candidate("2026-11-23T14:00Z"), try candidate("2026-11-22T14:00Z", complete: false),
      try candidate("2026-11-22T02:00Z"), try candidate("2026-11-21T02:00Z", complete: false),
    ]
    let kept = kept(RetentionPolicy(daily: 3), snapshots)
    #expect(
      kept.keys.sorted() == [
        "2026-11-21T02:00Z us-east-1", "2026-11-22T02:00Z us-east-1", "2026-11-23T14:00Z us-east-1",
      ])
  }

  @Test func pruneRemovesWhatNothingNeeds() async throws {
    let store = MemoryStore()
    let archive = Archive(store: store)
    let shared = [PackGroup(account: "1"): [record("1", grant, ["g"])]]
    for (day, extra) in ["21", "22", "23"].enumerated() {
      let group = PackGroup(account: "1", database: "d\(day % 2)")
      let groups = shared.merging([group: [record("1", table, ["d\(day % 2)", "t"])]]) { $1 }
      try await writeSnapshot(archive, details("2026-11-\(extra)T02:00:00Z"), groups: groups)
    }
    #expect(store.contents.keys.filter { $0.hasPrefix("packs/") }.count == 3)
    let policy = RetentionPolicy(last: 1)
    let before = store.contents
    let dry = try await archive.prune(policy, dryRun: true, clock: TestClock().clock)
    #expect(store.contents == before)
    let report = try await archive.prune(policy, dryRun: false, clock: TestClock().clock)
    #expect(report == dry)
    #expect(report.removedSnapshots.count == 2 && report.removedPacks.count == 1)
    let left = try await archive.snapshots()
    #expect(left.count == 1)
    #expect(try await archive.reader(archive.find("latest")).verify().damaged.isEmpty)
    let again = try await archive.prune(policy, dryRun: false, clock: TestClock().clock)
    #expect(again.removedPacks.isEmpty)
  }

  @Test func pruneStopsAtDamage() async throws {
    let store = MemoryStore()
    let archive = Archive(store: store)
    try await writeSnapshot(archive, details("2026-11-22T02:00:00Z"))
    let manifest = try await writeSnapshot(archive, details()).manifest
    store.set(SnapshotID.blobName(manifest.id), [])
    let before = store.contents
    let policy = RetentionPolicy()
    let found = await code {
      _ = try await archive.prune(policy, dryRun: false, clock: TestClock().clock)
    }
    #expect(found == .damaged)
    #expect(store.contents == before)
  }
}
