import CanonicalJSON
import Foundation
import MeshModel
import Testing

@testable import SnapshotStore

/// Archives that were written once and are kept for good: what a version wrote, every later one reads,
/// and what is damaged is found. They are checked in and never written again; RECORD_FIXTURES makes
/// those that are missing, from what this version writes.
@Suite struct FixtureTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures"
  private static let reader =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path + "/archive-reader/read_archive.py"

  /// Two accounts with names that are hard on file formats.
  private static let groups: [PackGroup: [Record]] = {
    var groups: [PackGroup: [Record]] = [:]
    for account in ["111111111111", "222222222222"] {
      for name in ["sales", "Straße/50%"] {
        groups[PackGroup(account: account, database: name)] =
          [record(account, database, [name])]
          + (0..<3).map { record(account, table, [name, "t\($0)"]) }
          + (0..<9).map { record(account, partition, [name, "t1", "p\($0)"]) }
      }
      groups[PackGroup(account: account)] = (0..<5).map { record(account, grant, ["g\($0)"]) }
    }
    return groups
  }()

  private static let ids = (20...23).map { "202611\($0)T020000Z-00000001" }

  /// Four snapshots, of which the first was pruned and the second is on hold, and a part of a fifth.
  private static func write(_ store: FolderStore) async throws {
    let archive = Archive(store: store)
    for day in 20...23 {
      var groups = groups
      groups[PackGroup(account: "111111111111", database: "sales")]?.append(
        record("111111111111", table, ["sales", "u\(day)"]))
      try await writeSnapshot(archive, details("2026-11-\(day)T02:00:00.000Z"), groups: groups)
    }
    let clock = TestClock().clock
    _ = try await archive.hold(ids[1], reason: "ticket 4711", now: clock.now())
    _ = try await archive.prune(RetentionPolicy(last: 2), dryRun: false, clock: clock)
    let scratch = try TemporaryFolder()
    let writer = try await archive.writer(
      id: "20261124T020000Z-00000001", scratchDirectory: scratch.path)
    let whole = try details()
    let shard = try #require(Shard(1, of: 2))
    try await writer.leave(
      SnapshotPart(
        snapshot: writer.id, shard: shard, meshdrVersion: "0.1.0", mesh: whole.mesh,
        region: whole.region, began: whole.recoveryPoint, finished: whole.finished,
        accounts: [SnapshotPart.Account(id: "111111111111", name: "hub")],
        meshFile: whole.meshFile, warnings: [], packs: [], written: writer.packs))
  }

  private static func store(_ name: String) -> FolderStore {
    FolderStore(root: "\(folder)/\(name)")
  }

  /// A whole store of the first version of the format.
  private static let whole = "format-1"

  @Test func theFirstFormatIsRead() async throws {
    let store = Self.store(Self.whole)
    try await Self.recordIfAsked(Self.whole) { try await Self.write(store) }
    let archive = Archive(store: store)
    let summaries = try await archive.snapshots()
    #expect(summaries.map(\.id) == [Self.ids[3], Self.ids[2], Self.ids[1]])
    #expect(summaries.map { $0.hold?.reason } == [nil, nil, "ticket 4711"])
    #expect(summaries.allSatisfy { $0.damage == nil && $0.complete })
    let manifest = try await archive.find("latest")
    #expect(manifest.records == 63 && manifest.previous?.snapshot == Self.ids[2])
    #expect(manifest.digest == Self.digest)
    let report = try await archive.verify(manifest, everySnapshot: true)
    #expect(report.damaged == [] && report.manifests == 3)
    var expected = Self.groups
    expected[PackGroup(account: "111111111111", database: "sales")]?.append(
      record("111111111111", table, ["sales", "u23"]))
    #expect(try await archive.reader(manifest).all() == sorted(expected))
    #expect(try await archive.parts(of: "20261124T020000Z-00000001").parts.count == 1)
    #expect(try run("python3", Self.reader, store.root).status == 0)
  }

  /// Of the newest manifest of the fixture, so that nobody records it anew without noticing.
  private static let digest = "acea1eadc5324e2c5fe9ee9f8572c4e413d443c0f83cca934a561e12b1fb2014"

  /// What was done to a store, and what has to be found.
  struct Spoilt: Sendable {
    let name: String
    let what: String
    let spoil: @Sendable (FolderStore, Manifest) throws -> Void
  }

  private static func change(
    _ path: String, _ body: (inout [UInt8]) -> Void
  ) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    body(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private static let spoilt: [Spoilt] = [
    Spoilt(name: "pack-flipped", what: "digest in its name") { store, manifest in
      try change("\(store.root)/\(manifest.packs[0].blobName)") { $0[$0.count / 2] ^= 4 }
    },
    Spoilt(name: "pack-truncated", what: "bytes instead of") { store, manifest in
      try change("\(store.root)/\(manifest.packs[1].blobName)") { $0.removeLast(9) }
    },
    Spoilt(name: "pack-missing", what: "missing") { store, manifest in
      try FileManager.default.removeItem(atPath: "\(store.root)/\(manifest.packs[2].blobName)")
    },
    Spoilt(name: "pack-swapped", what: "bytes instead of") { store, manifest in
      let other = "\(store.root)/\(manifest.packs[1].blobName)"
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: other)))
      try change("\(store.root)/\(manifest.packs[3].blobName)") { $0 = bytes }
    },
    Spoilt(name: "manifest-flipped", what: "the manifest of") { store, manifest in
      try change("\(store.root)/snapshots/\(manifest.id).json") { $0[$0.count / 2] ^= 1 }
    },
    Spoilt(name: "manifest-removed", what: "no prune removed it") { store, _ in
      try FileManager.default.removeItem(atPath: "\(store.root)/snapshots/\(ids[2]).json")
    },
    Spoilt(name: "manifest-replaced", what: "not the one") { store, manifest in
      let forged = try Manifest(
        id: ids[2], details: details("2026-11-22T02:00:00.000Z"), packs: manifest.packs,
        previous: nil)
      try change("\(store.root)/snapshots/\(ids[2]).json") { $0 = forged.fileBytes }
    },
    Spoilt(name: "absent-removed", what: "no prune removed it") { store, _ in
      try FileManager.default.removeItem(atPath: "\(store.root)/absent")
    },
    Spoilt(name: "counts-wrong", what: "counts") { store, manifest in
      var json = try JSON(parsing: manifest.fileBytes)
      json["digest"] = nil
      json["counts"] = ["table": 1]
      json["digest"] = .string(SHA256.digest(json.canonicalBytes))
      let bytes = json.canonicalBytes + [10]
      try change("\(store.root)/snapshots/\(manifest.id).json") { $0 = bytes }
    },
    Spoilt(name: "format-newer", what: "format 2") { store, _ in
      try change("\(store.root)/format.json") {
        $0 = Array(#"{"format":"meshdr-archive","version":2}"#.utf8) + [10]
      }
    },
  ]

  @Test(arguments: spoilt.map(\.name))
  func damageIsFound(_ name: String) async throws {
    let spoilt = try #require(Self.spoilt.first { $0.name == name })
    let store = Self.store("damaged/\(name)")
    try await Self.recordIfAsked("damaged/\(name)") {
      try FileManager.default.createDirectory(
        atPath: Self.folder + "/damaged", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Self.folder)/\(Self.whole)", toPath: store.root)
      let manifest = try await Archive(store: store).find("latest")
      try spoilt.spoil(store, manifest)
    }
    #expect(try await Self.findings(store).contains { $0.contains(spoilt.what) })
    #expect(try run("python3", Self.reader, store.root).status == 5)
  }

  /// All that is found to be wrong with a store, also where it can't be opened.
  private static func findings(_ store: FolderStore) async throws -> [String] {
    let archive = Archive(store: store)
    do {
      let newest = try await archive.find("latest")
      return try await archive.verify(newest, everySnapshot: true).damaged.map(\.what)
    } catch let error as ArchiveError where error.code == .damaged || error.code == .newerFormat {
      return [error.description]
    }
  }

  private static func recordIfAsked(
    _ name: String, _ body: () async throws -> Void
  ) async throws {
    guard ProcessInfo.processInfo.environment["RECORD_FIXTURES"] != nil,
      !FileManager.default.fileExists(atPath: "\(folder)/\(name)")
    else { return }
    try await body()
    Issue.record("recorded \(name); read it, then test again")
  }
}
