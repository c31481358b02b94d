import Foundation
import SnapshotStore
import Synchronization
import Testing

@testable import Operations

/// A clock that a test sets.
private final class TestClock: Sendable {
  private let moment = Mutex(UTCTime(milliseconds: 1_764_000_000_000))

  func pass(_ seconds: Double) { moment.withLock { $0 = $0.adding(seconds) } }

  var now: @Sendable () -> String {
    { self.moment.withLock { $0.description } }
  }
}

@Suite struct LeaseTests {
  private let folder: TemporaryFolder
  private let store: FolderStore
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
    store = FolderStore(root: folder.path)
  }

  private func lease(
    _ run: String, host: String = "a", isGone: Bool = false, clock: TestClock? = nil
  ) async throws -> Lease {
    try await Lease(
      "eu-west-1", in: store,
      holder: Lease.Holder(run: run, host: host, process: 7, nonce: run),
      now: (clock ?? self.clock).now, isGone: { _ in isGone })
  }

  private func refused(_ run: String, host: String = "b") async -> String? {
    do {
      _ = try await lease(run, host: host)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func theSecondIsRefusedAndToldWhoHoldsTheRegion() async throws {
    let first = try await lease("restore-1")
    let refusal = try #require(await refused("restore-2"))
    #expect(refusal.contains("restore-1") && refusal.contains("process 7 on a"))
    #expect(!first.isLost)
    // Another region is another lease.
    _ = try await Lease(
      "eu-central-1", in: store,
      holder: Lease.Holder(run: "x", host: "b", process: 1, nonce: "x"), now: clock.now,
      isGone: { _ in false })
  }

  @Test func aLeaseThatIsRenewedHolds() async throws {
    let first = try await lease("restore-1")
    for _ in 0..<20 {
      clock.pass(Lease.interval)
      try await first.renew()
      #expect(!first.isLost)
      #expect(await refused("restore-2") != nil)
    }
  }

  @Test func aDeadOnesLeaseRunsOutAfterItsHolderHasStopped() async throws {
    let first = try await lease("restore-1")
    var takenAfter: Double?
    var lostAfter: Double?
    for second in 0..<400 where takenAfter == nil {
      if lostAfter == nil, first.isLost { lostAfter = Double(second) }
      if await refused("restore-2") == nil { takenAfter = Double(second) }
      clock.pass(1)
    }
    let (lost, taken) = (try #require(lostAfter), try #require(takenAfter))
    #expect(lost < Lease.length && taken >= Lease.length)
    #expect(taken - lost >= 2 * Lease.margin - 1)
    try await first.renew()
    #expect(first.isLost)
  }

  @Test func oneThatEndedLeavesTheRegionFreeAndNothingBehind() async throws {
    let first = try await lease("restore-1")
    try await first.renew()
    try await first.end()
    try await first.clear()
    #expect(try await store.list(prefix: "leases/").count == 1)
    let second = try await lease("restore-2", host: "b")
    #expect(!second.isLost)
    #expect(await refused("restore-3", host: "c") != nil)
  }

  @Test func aProcessOfThisMachineThatIsGoneHoldsNothing() async throws {
    _ = try await lease("restore-1")
    #expect(await refused("restore-2", host: "a") != nil)
    let second = try await lease("restore-2", isGone: true)
    #expect(!second.isLost)
  }

  @Test func ofManyAtOnceOneHoldsTheRegion() async throws {
    let held = await withTaskGroup(of: Bool.self) { tasks in
      for number in 0..<16 {
        tasks.addTask { (try? await lease("restore-\(number)", host: "\(number)")) != nil }
      }
      return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(held == 1)
  }

  @Test func whatCannotBeReadIsNotTakenForFree() async throws {
    _ = try await store.put("leases/eu-west-1/000001.json", .bytes(Array("{".utf8)))
    #expect(await refused("restore-1") != nil)
  }
}
