import MeshModel
import Synchronization
import StoreConformance
import Testing

@testable import SnapshotStore

/// A store whose user is killed, or loses it, after so many changes to it: from then on nothing is
/// done, and everything fails.
final class DyingStore: BlobStore {
  private let store: any BlobStore
  private let left: Mutex<Int>
  private let losesReply: Bool

  /// - Parameters:
  ///   - steps: how many blobs are still written or removed.
  ///   - losesReply: whether the last of these is done and its user told that it failed.
  init(_ store: any BlobStore, steps: Int, losesReply: Bool = false) {
    self.store = store
    self.losesReply = losesReply
    left = Mutex(steps)
  }

  private func change<Result>(_ body: () async throws -> Result) async throws -> Result {
    let isLast = try left.withLock { left in
      guard left > 0 else { throw ArchiveError(.io, "killed") }
      left -= 1
      return left == 0
    }
    let result = try await body()
    if isLast && losesReply { throw ArchiveError(.io, "the connection was lost") }
    return result
  }

  private func live() throws {
    guard left.withLock({ $0 > 0 }) else { throw ArchiveError(.io, "killed") }
  }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    try await change { try await store.put(name, content) }
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try await change { try await store.claim(name, bytes) }
  }

  func read(_ name: String) async throws -> [UInt8] {
    try live()
    return try await store.read(name)
  }

  func local(_ name: String) async throws -> LocalBlob {
    try live()
    return try await store.local(name)
  }

  func list(prefix: String) async throws -> [BlobInfo] {
    try live()
    return try await store.list(prefix: prefix)
  }

  func delete(_ name: String) async throws {
    try await change { try await store.delete(name) }
  }

  func exists(_ name: String) async throws -> Bool {
    try live()
    return try await store.exists(name)
  }
}

/// A store without room for more than so many bytes.
final class FullStore: BlobStore {
  private let store: any BlobStore
  private let room: Mutex<Int>

  init(_ store: any BlobStore, room: Int) {
    self.store = store
    self.room = Mutex(room)
  }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    if try await store.exists(name) { return try await store.put(name, content) }
    try room.withLock { room in
      guard room >= content.size else { throw ArchiveError(.io, "no space left on device") }
      room -= content.size
    }
    return try await store.put(name, content)
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try await store.claim(name, bytes)
  }

  func read(_ name: String) async throws -> [UInt8] { try await store.read(name) }
  func local(_ name: String) async throws -> LocalBlob { try await store.local(name) }
  func list(prefix: String) async throws -> [BlobInfo] { try await store.list(prefix: prefix) }
  func delete(_ name: String) async throws { try await store.delete(name) }
  func exists(_ name: String) async throws -> Bool { try await store.exists(name) }
}

/// Whatever happens to a store while a snapshot is written, it stays whole, and the next snapshot uses
/// what is there.
@Suite struct FaultTests {
  private let groups = [
    PackGroup(account: "1", database: "d"): [record("1", table, ["d", "t"])],
    PackGroup(account: "1"): [record("1", grant, ["g"])],
  ]

  /// A store with a snapshot in it.
  private func store() async throws -> MemoryStore {
    let store = MemoryStore()
    let group = PackGroup(account: "1", database: "old")
    try await writeSnapshot(
      Archive(store: store), details("2026-11-22T02:00:00Z"),
      groups: [group: [record("1", table, ["old", "t"])]])
    return store
  }

  private func expectWholeAndUsable(_ store: MemoryStore, _ what: String) async throws {
    let archive = Archive(store: store)
    let newest = try await archive.find("latest")
    #expect(try await archive.verify(newest, everySnapshot: true).damaged == [], "\(what)")
    let before = store.contents.keys.filter { $0.hasPrefix("packs/") }.count
    let clock = TestClock()
    let (next, packs) = try await writeSnapshot(
      archive, details("2026-11-24T02:00:00Z"), groups: groups, clock: clock.clock)
    #expect(packs.written + packs.reused == 2 && packs.reused == before - 1, "\(what)")
    #expect(try await archive.verify(next, everySnapshot: true).damaged == [], "\(what)")
    clock.pass(25 * 3600)
    let pruned = try await archive.prune(
      RetentionPolicy(last: 1), dryRun: false, clock: clock.clock)
    #expect(pruned.underWay.isEmpty)
    #expect(try await archive.verify(next, everySnapshot: true).damaged == [], "\(what)")
    #expect(store.contents.keys.filter { $0.hasPrefix("packs/") }.count == 2, "\(what)")
    #expect(!store.contents.keys.contains { $0.hasPrefix("claims/") }, "\(what)")
  }

  @Test(arguments: [false, true])
  func killedOrCutOffAtEveryStep(losesReply: Bool) async throws {
    var isDone = false
    for steps in 1..<20 where !isDone {
      let store = try await store()
      let dying = Archive(store: DyingStore(store, steps: steps, losesReply: losesReply))
      let found = await code {
        try await writeSnapshot(dying, details(), groups: groups, clock: TestClock().clock)
      }
      isDone = found == nil
      #expect(isDone || found == .io)
      try await expectWholeAndUsable(store, "\(steps) steps")
    }
    #expect(isDone)
  }

  @Test func noneThatIsKilledIsSeenWithoutItsSignature() async throws {
    let folder = try TemporaryFolder()
    let signer = try TestSigner(.ecdsa, folder.path)
    let wanted = demand(signer.publicKey, since: "2026-11-23T00:00Z")
    var isDone = false
    for steps in 1..<20 where !isDone {
      let store = try await store()
      let dying = Archive(store: DyingStore(store, steps: steps))
      let found = await code {
        try await writeSnapshot(
          dying, details(), groups: groups, clock: TestClock().clock, signer: signer)
      }
      isDone = found == nil
      let archive = Archive(store: store) { _ in wanted }
      let newest = try await archive.find("latest")
      #expect(try await archive.verify(newest, everySnapshot: true).damaged == [], "\(steps)")
      try await expectWholeAndUsable(store, "\(steps) steps")
    }
    #expect(isDone)
  }

  @Test func fullAtEveryByte() async throws {
    var isDone = false
    for room in stride(from: 0, to: 8000, by: 60) where !isDone {
      let store = try await store()
      let full = Archive(store: FullStore(store, room: room))
      let found = await code {
        try await writeSnapshot(full, details(), groups: groups, clock: TestClock().clock)
      }
      isDone = found == nil
      #expect(isDone || found == .io)
      try await expectWholeAndUsable(store, "room for \(room) bytes")
    }
    #expect(isDone)
  }
}
