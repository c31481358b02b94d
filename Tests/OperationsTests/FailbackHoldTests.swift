import Foundation
import MeshModel
import SnapshotStore
import Testing

@testable import Operations

/// What a failback begins with is kept while the mesh runs elsewhere, and let go with it.
@Suite struct FailbackHoldTests {
  private let folder: TemporaryFolder
  private let store: FolderStore
  private let archive: Archive
  private let run = "restore-20261124T030000Z-00000001"

  init() throws {
    folder = try TemporaryFolder()
    store = FolderStore(root: folder.path)
    archive = Archive(store: store)
  }

  private func seal() async throws -> String {
    let time = try #require(UTCTime("2026-11-24T02:00:00Z"))
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: time, suffix: 1), scratchDirectory: folder.path)
    return try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "1", mesh: "m", region: "us-east-1", recoveryPoint: time, finished: time,
        accounts: [], meshFile: "")
    ).id
  }

  private func keepRun(of snapshot: String) async throws {
    var result = RestoreResult(
      command: "restore", mesh: "m", snapshot: snapshot, region: "eu-west-1",
      rto: .init(objectiveSeconds: 1, seconds: 1, phases: []))
    result.run = run
    try await RunRecords(store).keep(result)
  }

  @Test func theSnapshotThatWasRestoredIsNeededUntilTheMeshIsHome() async throws {
    let (snapshot, mesh) = (try await seal(), try Samples.mesh())
    try await keepRun(of: snapshot)
    let hold = FailbackHold(archive)
    let away = ActiveSide(region: "eu-west-1", run: run)
    #expect(try await hold.needs(away, of: mesh) == .init(run: run, snapshot: snapshot))
    #expect(try await hold.needs(ActiveSide(region: "us-east-1", run: run), of: mesh) == nil)
    #expect(try await hold.needs(ActiveSide(region: "eu-west-1"), of: mesh) == nil)
    #expect(try await hold.needs(ActiveSide(region: "eu-west-1", run: "x"), of: mesh) == nil)
    // What can't be read is not taken for nothing.
    _ = try await store.put("runs/y.json", .bytes(Array("{".utf8)))
    await #expect(throws: ArchiveError.self) {
      try await hold.needs(ActiveSide(region: "eu-west-1", run: "y"), of: mesh)
    }
  }

  @Test func onlyWhatWasPutByItselfIsReleased() async throws {
    let snapshot = try await seal()
    let hold = FailbackHold(archive)
    let now = try #require(UTCTime("2026-11-25T02:00:00Z"))
    _ = try await archive.hold(snapshot, reason: "ticket 4711", now: now)
    for _ in 0..<2 {
      try await hold.put(snapshot, region: "eu-west-1", run: run, now: now)
    }
    #expect(try await hold.release() == [snapshot])
    #expect(try await hold.release().isEmpty)
    #expect(try await archive.snapshots().first?.hold?.reason == "ticket 4711")
    await #expect(throws: ArchiveError.self) {
      try await hold.put("20200101T000000Z-00000001", region: "eu-west-1", run: nil, now: now)
    }
  }
}
