import Foundation
import MeshModel
import SnapshotStore
import Testing

@testable import Operations

/// From which snapshot both sides of a failback began is found in the store, or said not to be known.
@Suite struct FailbackBaseTests {
  private let folder: TemporaryFolder
  private let store: FolderStore
  private let runs: RunRecords
  private let active = ActiveSide(region: "eu-west-1", run: "restore-20261124T030000Z-00000001")

  init() throws {
    folder = try TemporaryFolder()
    store = FolderStore(root: folder.path)
    runs = RunRecords(store)
  }

  private func base(_ options: FailbackOptions = FailbackOptions()) async throws -> FailbackBase {
    try await FailbackBase(options, "eu-west-1", active, Archive(store: store), runs)
  }

  private func seal(_ suffix: UInt32, region: String = "us-east-1") async throws -> String {
    let time = try #require(UTCTime("2026-11-24T02:00:00Z"))
    let writer = try await Archive(store: store).writer(
      id: SnapshotID.make(recoveryPoint: time, suffix: suffix), scratchDirectory: folder.path)
    return try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "1", mesh: "m", region: region, recoveryPoint: time, finished: time,
        accounts: [], meshFile: "")
    ).id
  }

  private func keep(
    _ run: String, _ snapshot: String, missing: [String]? = [], only: String = "",
    extra: [String] = [], isJournalled: Bool = true
  ) async throws {
    var result = RestoreResult(
      command: "restore", mesh: "m", snapshot: snapshot, region: "eu-west-1",
      rto: .init(objectiveSeconds: 1, seconds: 1, phases: []))
    result.run = run
    result.verified = missing.map { keys in
      var verified = RestoreResult.Verification()
      (verified.missing, verified.extra) = (keys, extra)
      return verified
    }
    try await runs.keep(result)
    if isJournalled { try journal(run, only: only) }
  }

  private func journal(_ run: String, only: String = "", region: String = "eu-west-1") throws {
    let start =
      #"{"event":"start","region":""# + region + #"","only":["# + only + #"],"accounts":["sales"]}"#
      + "\n"
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/runs", withIntermediateDirectories: true)
    try start.write(
      toFile: "\(folder.path)/runs/\(run).journal.ndjson", atomically: true, encoding: .utf8)
  }

  @Test func itIsTheSnapshotOfTheActiveSidesRestoreInItsLastAttempt() async throws {
    let run = active.run ?? ""
    try await keep(run, try await seal(1), missing: ["a/glue/table/x/y"], only: #""sales""#)
    try await keep(run, try await seal(2), missing: ["a/glue/table/x/z"], only: #""sales""#)
    try await keep("restore-20261125T030000Z-00000002", try await seal(3))
    let base = try await base()
    #expect(base.run == run)
    #expect(base.manifest.id.hasSuffix("00000002"))
    #expect(base.unrestored == ["a/glue/table/x/z"])
    #expect(base.only == [.database("sales")] && base.accounts == ["sales"])
  }

  @Test func whatTheRestoreLeftBeyondTheSnapshotIsKnown() async throws {
    try await keep(
      active.run ?? "", try await seal(1), missing: ["a/glue/table/x/y"],
      extra: ["a/glue/table/x/old"])
    #expect(try await base().unrestored == ["a/glue/table/x/y", "a/glue/table/x/old"])
  }

  /// A restore that was killed later has changed the region nobody knows how.
  @Test func aLaterRestoreWithoutAResultIsFinishedFirst() async throws {
    try await keep(active.run ?? "", try await seal(1))
    try journal("restore-20261123T030000Z-00000009")
    try journal("restore-20261125T030000Z-00000009", region: "eu-central-1")
    _ = try await base()
    let killed = "restore-20261125T040000Z-00000008"
    try journal(killed)
    await #expect(throws: CommandFailure.self) { try await base() }
    try await keep(killed, try await seal(2))
    _ = try await base()
  }

  @Test func whatIsNotKnownIsNotTaken() async throws {
    await #expect(throws: CommandFailure.self) { try await base() }
    let run = active.run ?? ""
    // It never came to its verification.
    try await keep(run, try await seal(1), missing: nil)
    await #expect(throws: CommandFailure.self) { try await base() }
    // What it was limited to is not known.
    let other = "restore-20261125T030000Z-00000002"
    try await keep(other, try await seal(2), isJournalled: false)
    var options = FailbackOptions()
    options.run = other
    await #expect(throws: CommandFailure.self) { try await base(options) }
    options.snapshot = try await seal(3)
    let named = try await base(options)
    #expect(named.run == nil && named.unrestored.isEmpty)
    // A snapshot of the region itself says nothing of what was restored there.
    options.snapshot = try await seal(4, region: "eu-west-1")
    await #expect(throws: CommandFailure.self) { try await base(options) }
  }
}
