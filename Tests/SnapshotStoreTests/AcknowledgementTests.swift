import CanonicalJSON
import Foundation
import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

/// Losses of which somebody took note: no damage any more, and never forgotten.
@Suite struct AcknowledgementTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }

  private func snapshots(_ days: ClosedRange<Int>, in store: any BlobStore) async throws
    -> [Manifest]
  {
    var manifests: [Manifest] = []
    for day in days {
      let details = try details("2026-11-\(day)T02:00:00Z")
      manifests.append(
        try await writeSnapshot(Archive(store: store), details, groups: [:]).manifest)
    }
    return manifests
  }

  private func note(_ reason: String = "removed by mistake", at day: Int = 24) throws
    -> Acknowledgement
  {
    Acknowledgement(
      at: try #require(UTCTime("2026-11-\(day)T09:00:00Z")), by: "oncall@bastion", reason: reason)
  }

  private func check(_ archive: Archive? = nil) async throws -> VerifyReport {
    let archive = archive ?? self.archive
    return try await archive.verify(archive.find("latest"))
  }

  private func lose(_ manifest: Manifest, _ store: MemoryStore? = nil) {
    (store ?? self.store).set(SnapshotID.blobName(manifest.id), nil)
  }

  @Test(arguments: 0..<4)
  func anyLossIsDamageUntilItIsAcknowledged(_ index: Int) async throws {
    let manifests = try await snapshots(10...13, in: store)
    let lost = manifests[index]
    lose(lost)
    let before = try await check()
    #expect(before.damaged.map(\.snapshot) == [lost.id] && before.damaged.allSatisfy(\.isLoss))
    #expect(before.losses.isEmpty)
    let loss = AcknowledgedLoss(snapshot: lost.id, acknowledgement: try note())
    #expect(try await archive.acknowledge([lost.id], note()) == [loss])
    let after = try await check()
    #expect(after.damaged.isEmpty && after.losses == [loss])
    #expect(try await archive.acknowledgedLosses() == [loss])
    // The first note stays.
    #expect(try await archive.acknowledge([lost.id], note("another", at: 25)) == [loss])
    // It stays through prunes, and the snapshots that come later.
    _ = try await snapshots(15...17, in: store)
    _ = try await archive.prune(
      RetentionPolicy(last: 1), dryRun: false, clock: TestClock().clock)
    let last = try await check()
    #expect(last.damaged.isEmpty && last.losses == [loss])
  }

  @Test func theChainGoesOnBehindALostSnapshot() async throws {
    let manifests = try await snapshots(10...13, in: store)
    lose(manifests[2])
    _ = try await archive.acknowledge([manifests[2].id], note())
    lose(manifests[1])
    #expect(try await check().damaged.map(\.snapshot) == [manifests[1].id])
    _ = try await archive.acknowledge([String(manifests[1].id.prefix(10))], note())
    lose(manifests[0])
    #expect(try await check().damaged.map(\.snapshot) == [manifests[0].id])
    _ = try await archive.acknowledge([manifests[0].id], note())
    #expect(try await check().damaged.isEmpty)
    #expect(try await check().losses.map(\.snapshot) == manifests[..<3].map(\.id).reversed())
  }

  @Test func onlyWhatIsMissedCanBeAcknowledged() async throws {
    let manifests = try await snapshots(10...14, in: store)
    let acknowledgement = try note()
    func refusal(_ references: [String]) async -> ArchiveError.Code? {
      await code { _ = try await archive.acknowledge(references, acknowledgement) }
    }
    #expect(await refusal([manifests[1].id]) == .invalid)
    #expect(await refusal(["20261101T020000Z-00000001"]) == .notFound)
    #expect(await refusal(["latest"]) == .notFound)
    lose(manifests[1])
    lose(manifests[3])
    #expect(await refusal(["202611"]) == .ambiguous)
    #expect(await refusal([""]) == .notFound)
    #expect(await refusal([manifests[1].id, manifests[0].id]) == .invalid)
    #expect(!store.contents.keys.contains { $0.hasPrefix("absent/") })
    _ = try await archive.acknowledge([manifests[1].id, manifests[3].id], note())
    #expect(try await check().damaged.isEmpty)
  }

  /// A copy that brings the snapshot back ends the matter, and a new loss of it is known.
  @Test func oneThatIsThereAgainIsNotListed() async throws {
    let manifests = try await snapshots(10...12, in: store)
    lose(manifests[1])
    _ = try await archive.acknowledge([manifests[1].id], note())
    store.set(SnapshotID.blobName(manifests[1].id), manifests[1].fileBytes)
    let there = try await check()
    #expect(there.losses.isEmpty && there.damaged.isEmpty)
    lose(manifests[1])
    #expect(try await check().losses.count == 1)
  }

  @Test func inSeveralStoresItIsInAllAndOnlyOfWhatAllLack() async throws {
    let (first, second) = (MemoryStore(), MemoryStore())
    let mirror = MirroredStore([first, second].map { MirroredStore.Copy($0) }, note: { _ in })
    let manifests = try await snapshots(10...12, in: mirror)
    let both = Archive(store: mirror)
    lose(manifests[1], first)
    let acknowledgement = try note()
    #expect(
      await code { _ = try await both.acknowledge([manifests[1].id], acknowledgement) } == .invalid)
    lose(manifests[1], second)
    _ = try await both.acknowledge([manifests[1].id], acknowledgement)
    for copy in both.copies {
      let report = try await check(copy)
      #expect(report.damaged.isEmpty && report.losses.count == 1)
    }
  }

  @Test func killedAnywhereItIsDoneAgain() async throws {
    for steps in 0..<4 {
      let store = MemoryStore()
      let manifests = try await snapshots(10...13, in: store)
      let archive = Archive(store: store)
      for lost in manifests[..<2] {
        lose(lost, store)
        if lost == manifests[0] { _ = try await archive.acknowledge([lost.id], note()) }
      }
      let dying = Archive(store: DyingStore(store, steps: steps))
      _ = try? await dying.acknowledge([manifests[1].id], note())
      #expect(try await check(archive).losses.contains { $0.snapshot == manifests[0].id })
      _ = try await archive.acknowledge([manifests[1].id], note())
      #expect(try await check(archive).damaged.isEmpty, "\(steps) steps")
      #expect(try await archive.acknowledgedLosses().count == 2)
    }
  }

  @Test func pythonKnowsOfIt() async throws {
    let folder = try TemporaryFolder()
    let root = folder.path + "/store"
    let archive = Archive(store: FolderStore(root: root))
    let manifests = try await snapshots(10...12, in: archive.store)
    for lost in manifests[1...] {
      try FileManager.default.removeItem(atPath: "\(root)/snapshots/\(lost.id).json")
      #expect(try run("python3", ForeignReaderTests.reader, root).status == 5)
      _ = try await archive.acknowledge([lost.id], note())
      let read = try run("python3", ForeignReaderTests.reader, root)
      #expect(read.status == 0, "\(read.output)")
    }
  }
}
