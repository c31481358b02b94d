import Foundation
import SnapshotStore
import Testing

@testable import Operations

/// Which journals a prune removes, of files and of chunks alike.
@Suite struct JournalPruningTests {
  private let folder: TemporaryFolder
  private let now = "2026-11-24T03:00:00.000Z"
  private let ended = #"{"at":"x","event":"end"}"#
  private let stopped = #"{"at":"x","event":"stopped"}"#

  init() throws { folder = try TemporaryFolder() }

  private var files: FolderStore { FolderStore(root: folder.path) }
  /// A store that is no folder, as far as runs can tell.
  private var chunks: MirroredStore { MirroredStore([.init(files)]) { _ in } }

  private func start(_ region: String) -> String {
    #"{"event":"start","region":"\#(region)","run":"r","snapshot":"s"}"#
  }

  private func journal(_ run: String, in region: String = "eu-west-1", _ last: String) throws {
    let lines = [start(region), #"{"event":"begin","key":"k"}"#, last, ""]
    try write("runs/\(run).journal.ndjson", lines.joined(separator: "\n"))
    try write("journals/\(run)/000001-a.ndjson", lines[0] + "\n" + lines[1] + "\n")
    try write("journals/\(run)/000002-a.ndjson", last + "\n")
  }

  private func write(_ name: String, _ text: String) throws {
    let path = "\(folder.path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)),
      withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Old ones that ended, that did not, that were followed by one that did; a drill that was not
  /// undone; what a repoint did; and a young one.
  private func fill() throws {
    try journal("restore-20261001T020000Z-00000001", stopped)
    try journal("restore-20261002T020000Z-00000002", ended)
    try journal("restore-20261003T020000Z-00000003", stopped)
    try journal("restore-20261004T020000Z-00000004", in: "eu-central-1", stopped)
    try journal("restore-20261120T020000Z-00000005", in: "eu-north-1", ended)
    try journal("restore-20261001T020000Z-00000006", in: "eu-north-1", stopped)
    try journal("drill-20261001T020000Z-00000007", stopped)
    try journal("drill-20261002T020000Z-00000008", ended)
    try journal("repoint-20261001T020000Z-00000009", ended)
  }

  private let gone: Set = [
    "restore-20261001T020000Z-00000001", "restore-20261002T020000Z-00000002",
    "restore-20261001T020000Z-00000006", "drill-20261002T020000Z-00000008",
  ]

  private func pruned(_ store: any BlobStore, dryRun: Bool = false) async throws -> Set<String> {
    let local = "\(folder.path)/runs"
    return Set(
      try await RunRecords(store).pruneJournals(now: now, local: local, dryRun: dryRun))
  }

  @Test func oldFilesOfFinishedRunsGo() async throws {
    try fill()
    #expect(try await pruned(files, dryRun: true) == gone)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs").count == 9)
    #expect(try await pruned(files) == gone)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs")
    #expect(left.count == 5 && !left.contains { file in gone.contains { file.hasPrefix($0) } })
    #expect(try await pruned(files).isEmpty)
  }

  @Test func oldChunksOfFinishedRunsGoAndTheirFilesOnThisMachine() async throws {
    try fill()
    #expect(try await pruned(chunks, dryRun: true) == gone)
    #expect(try await pruned(chunks) == gone)
    let left = try await files.list(prefix: "journals/").map(\.name)
    #expect(left.count == 10 && !left.contains { name in gone.contains { name.contains($0) } })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs").count == 5)
    #expect(try await pruned(chunks).isEmpty)
  }

  @Test func whatCanBeResumedIsStillThere() async throws {
    try fill()
    _ = try await pruned(files)
    let begun = try await RunRecords(files).unfinished("restore", now: now)
    #expect(begun.region == "eu-central-1")
  }

  /// A failback asks the journal what was restored, however long ago that was.
  @Test func whatAFailbackNeedsStays() async throws {
    try fill()
    let needed = "restore-20261002T020000Z-00000002"
    let local = "\(folder.path)/runs"
    for store in [chunks, files] as [any BlobStore] {
      let pruned = try await RunRecords(store).pruneJournals(
        now: now, local: local, dryRun: true, keeping: [needed])
      #expect(Set(pruned) == gone.subtracting([needed]))
    }
  }

  @Test func oldFailbacksThatEndedGoLikeRestores() async throws {
    try journal("failback-20261001T020000Z-00000001", in: "us-east-1", stopped)
    try journal("failback-20261002T020000Z-00000002", in: "us-east-1", ended)
    try journal("failback-20261003T020000Z-00000003", in: "us-east-1", stopped)
    #expect(
      try await pruned(files) == [
        "failback-20261001T020000Z-00000001", "failback-20261002T020000Z-00000002",
      ])
  }
}
