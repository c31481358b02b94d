import CanonicalJSON
import Foundation
import MeshModel
import Testing

@testable import SnapshotStore

/// The archive is read by programs that share no code with ours.
@Suite struct ForeignReaderTests {
  private let folder: TemporaryFolder
  private let archive: Archive
  private var store: String { folder.path + "/store" }

  init() throws {
    folder = try TemporaryFolder()
    archive = SnapshotStoreTests.archive(folder)
  }

  static let reader =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path + "/archive-reader/read_archive.py"

  private func lines(_ groups: [PackGroup: [Record]]) -> String {
    var lines: [UInt8] = []
    for record in sorted(groups) { RecordLine.append(record, to: &lines) }
    return String(decoding: lines, as: UTF8.self)
  }

  /// Bodies that a careless reader or writer would change.
  private var hardGroups: [PackGroup: [Record]] {
    let bodies = [
      #"{"a":1.0,"b":1E3,"c":-0,"d":12345678901234567890123}"#,
      #"{"x":"\ud800 \u0001\u001f\b\f\n\r\t\"\\/","\#u{7f}":"\#u{2028}\#u{10FFFF}"}"#,
      #"{}"#, #"{"":{"":[[],{},null,true,false]}}"#,
      #"{"e\#u{301}":1,"\#u{e9}":2,"\#u{ff5e}":3,"\#u{1F600}":4}"#,
    ]
    let records = bodies.enumerated().map { number, body in
      Record(
        key: RecordKey(account: "1", kind: grant, path: ["\(number)", "/%\n\"\\é"]),
        body: Array(body.utf8))
    }
    return sampleGroups.merging([PackGroup(account: "1"): records]) { $1 }
  }

  @Test func pythonReadsIt() async throws {
    let first = try await writeSnapshot(archive, details(), groups: hardGroups, packLimit: 4000)
    try await writeSnapshot(archive, details("2026-11-24T02:00:00Z", complete: false))
    let report = try run("python3", Self.reader, store)
    #expect(report.status == 0, "\(report.output)")
    #expect(report.output.split(separator: "\n").count == 2)
    let records = try run("python3", Self.reader, store, first.manifest.id)
    #expect(records.output == lines(hardGroups))
    #expect(try await archive.reader(first.manifest).verify().damaged == [])
  }

  @Test func pythonFindsDamage() async throws {
    let manifest = try await writeSnapshot(archive, details()).manifest
    let path = store + "/" + manifest.packs[0].blobName
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try run("python3", Self.reader, store).status == 5)
  }

  @Test func pythonFollowsTheChain() async throws {
    var ids: [String] = []
    for day in 20...23 {
      let details = try details("2026-11-\(day)T02:00:00Z")
      ids.append(try await writeSnapshot(archive, details, clock: TestClock().clock).manifest.id)
    }
    _ = try await archive.prune(
      RetentionPolicy(last: 2), dryRun: false, clock: TestClock().clock)
    #expect(try run("python3", Self.reader, store).status == 0)
    try FileManager.default.removeItem(atPath: "\(store)/snapshots/\(ids[2]).json")
    #expect(try run("python3", Self.reader, store).status == 5)
  }

  @Test(arguments: [
    ["bsdtar", "-xf"], ["tar", "--zstd", "-xf"],
  ])
  func tarReadsIt(_ command: [String]) async throws {
    let manifest = try await writeSnapshot(archive, details(), packLimit: 4000).manifest
    let target = try folder.folder("extracted")
    for pack in manifest.packs {
      let extracted = try run(command + ["\(store)/\(pack.blobName)", "-C", target])
      #expect(extracted.status == 0 && extracted.output.isEmpty, "\(extracted.output)")
      for member in pack.members {
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(target)/\(member.path)"))
        #expect(SHA256.digest([UInt8](content)) == member.digest)
      }
    }
  }

  /// The commands of docs/archive-format.md.
  @Test func theCommandsOfTheManualWork() async throws {
    var plain = try details()
    plain.meshFile = "mesh: nimbuscart # „ü“\n"
    let manifest = try await writeSnapshot(archive, plain).manifest
    let script = """
      set -e; cd "$0"; m=snapshots/\(manifest.id).json
      test "$(jq -cjS 'del(.digest)' $m | sha256sum | cut -c1-64)" = "$(jq -r .digest $m)"
      jq -r '.packs[] | "\\(.name)  packs/\\(.name[:2])/\\(.name).tar.zst"' $m |
        sha256sum -c --quiet
      jq -r '.packs[] | select(.group.database == "sales") | .name' $m | while read n; do
        zstd -dc packs/${n:0:2}/$n.tar.zst | tar -xO --wildcards '*/glue/table/*'
      done | jq -s 'map(.body) | length'
      """
    let result = try run("bash", "-c", script, store)
    #expect(result.output == "14\n" && result.status == 0)
  }
}
