import CanonicalJSON
import Foundation
import MeshModel
import Synchronization
import Testing

@testable import SnapshotStore

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "meshdr-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }
}

let database = Kind("glue", "database", belongsToDatabase: true)
let table = Kind("glue", "table", belongsToDatabase: true)
let partition = Kind("glue", "partition", belongsToDatabase: true)
let grant = Kind("lakeformation", "grant")

func record(_ account: String, _ kind: Kind, _ path: [String], _ note: JSON = 1) -> Record {
  Record(
    key: RecordKey(account: account, kind: kind, path: path),
    value: ["Name": .string(path.last ?? ""), "Note": note, "Zeit": "größer „so“ \u{1F600}"])
}

/// What a small mesh of two accounts has, with names that are hard on file formats.
let sampleGroups: [PackGroup: [Record]] = {
  let names = ["sales", "Straße/50%", String(repeating: "数", count: 200), "_", "..", "a\"b\\c"]
  var groups: [PackGroup: [Record]] = [:]
  for account in ["111111111111", "222222222222"] {
    for name in names {
      let tables = (0..<7).map { record(account, table, [name, "t\($0)"]) }
      let partitions = (0..<40).map { record(account, partition, [name, "t1", "p\($0)"]) }
      groups[PackGroup(account: account, database: name)] =
        [record(account, database, [name])] + tables + partitions
    }
    groups[PackGroup(account: account)] = (0..<5).map { record(account, grant, ["g\($0)"]) }
  }
  return groups
}()

func details(_ time: String = "2026-11-23T02:00:00.123Z", complete: Bool = true)
  throws -> SnapshotDetails
{
  let point = try #require(UTCTime(time))
  let errors = [CaptureError(operation: "glue:GetTables", code: "Throttling", message: "slow")]
  return SnapshotDetails(
    meshdrVersion: "0.1.0", mesh: "nimbuscart", region: "us-east-1", recoveryPoint: point,
    finished: UTCTime(milliseconds: point.milliseconds + 61_000),
    accounts: [
      CapturedAccount(id: "111111111111", name: "hub", complete: true),
      CapturedAccount(
        id: "222222222222", name: "sales", complete: complete, errors: complete ? [] : errors,
        databases: [
          ListedDatabase(
            name: "orders", began: point, ended: UTCTime(milliseconds: point.milliseconds + 1))
        ], moving: [RecordKey(account: "222222222222", kind: .table, path: ["orders", "t"])]),
    ], meshFile: "mesh: nimbuscart # „ü“\n\u{7f}\n", warnings: ["nothing of note"])
}

/// Writes and seals a snapshot, all groups at once.
@discardableResult
func writeSnapshot(
  _ archive: Archive, _ details: SnapshotDetails,
  groups: [PackGroup: [Record]] = sampleGroups, suffix: UInt32 = 1, packLimit: Int = 32 << 20,
  clock: StoreClock? = nil, signer: (any ManifestSigner)? = nil
) async throws -> (manifest: Manifest, packs: SnapshotWriter.Packs) {
  let scratch = try TemporaryFolder()
  let id = SnapshotID.make(recoveryPoint: details.recoveryPoint, suffix: suffix)
  let writer = try await archive.writer(
    id: id, scratchDirectory: scratch.path, packLimit: packLimit, clock: clock)
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    for (group, records) in groups.shuffled() {
      tasks.addTask {
        var stream = RecordList(records.shuffled())
        try await writer.write(group: group, records: &stream)
      }
    }
    try await tasks.waitForAll()
  }
  return (try await writer.seal(details, signer: signer), writer.packs)
}

/// A clock that stands still until it is set, or until somebody waits.
final class TestClock: Sendable {
  private let time = Mutex(UTCTime("2026-11-23T02:00:00Z") ?? UTCTime(milliseconds: 0))
  private let waits = Mutex(0)

  /// How often somebody waited.
  var waitCount: Int { waits.withLock(\.self) }

  func pass(_ seconds: Int64) {
    time.withLock { $0 = UTCTime(milliseconds: $0.milliseconds + seconds * 1000) }
  }

  /// - Parameter isWaiting: called at every wait, before the time that is waited for has passed.
  func clock(_ isWaiting: @escaping @Sendable () async throws -> Void = {}) -> StoreClock {
    StoreClock(
      now: { self.time.withLock(\.self) },
      sleep: { seconds in
        self.waits.withLock { $0 += 1 }
        try await isWaiting()
        self.pass(Int64(seconds))
      })
  }

  var clock: StoreClock { clock() }
}

func archive(_ folder: TemporaryFolder) -> Archive {
  Archive(store: FolderStore(root: folder.path + "/store"))
}

/// All records of the groups, as a reader should give them.
func sorted(_ groups: [PackGroup: [Record]]) -> [Record] {
  groups.values.flatMap { $0 }.sorted { $0.key < $1.key }
}

extension SnapshotReader {
  /// What `records` streams, in memory.
  func all(
    account: String? = nil, kind: Kind? = nil, database: String? = nil, under: RecordKey? = nil
  ) async throws -> [Record] {
    var stream = try await records(
      account: account, kind: kind, database: database, under: under)
    return try stream.collect()
  }
}

struct ProcessResult {
  let status: Int32
  let output: String
}

/// Runs a program that is found on the path.
func run(_ arguments: String...) throws -> ProcessResult { try run(arguments) }

func run(_ arguments: [String]) throws -> ProcessResult {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return ProcessResult(
    status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
}
