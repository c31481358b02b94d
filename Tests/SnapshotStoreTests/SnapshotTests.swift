import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

@Suite struct SnapshotTests {
  private let folder: TemporaryFolder
  private let archive: Archive

  init() throws {
    folder = try TemporaryFolder()
    archive = SnapshotStoreTests.archive(folder)
  }

  @Test func whatIsWrittenIsRead() async throws {
    let written = try await writeSnapshot(archive, details()).manifest
    let manifest = try await archive.find("latest")
    #expect(manifest == written)
    #expect(manifest.counts == ["database": 12, "table": 84, "partition": 480, "grant": 10])
    #expect(try await archive.reader(manifest).all() == sorted(sampleGroups))
    let report = try await archive.reader(manifest).verify()
    #expect(report.damaged == [] && report.notes == [])
    #expect(report.records == manifest.records)
  }

  @Test func readsOnlyWhatIsAskedFor() async throws {
    let manifest = try await writeSnapshot(archive, details(), packLimit: 2000).manifest
    let reader = archive.reader(manifest)
    let all = sorted(sampleGroups)
    let tables = try await reader.all(kind: table)
    #expect(tables == all.filter { $0.key.kindName == "table" })
    let account = try await reader.all(account: "111111111111")
    #expect(account == all.filter { $0.key.account == "111111111111" })
    let sales = try await reader.all(kind: partition, database: "sales")
    #expect(
      sales.count == 80
        && sales
          == all.filter {
            $0.key.kindName == "partition" && $0.key.path[0] == "sales"
          }
    )
    let wanted = RecordKey(account: "111111111111", kind: partition, path: ["sales", "t1"])
    #expect(try await reader.all(under: wanted).count == 40)
    let key = try #require(all.last).key
    #expect(try await reader.record(key) == all.last)
    #expect(try await reader.record(RecordKey("1/glue/table") ?? key) == nil)
  }

  @Test func otherPacksAreNotOpened() async throws {
    let manifest = try await writeSnapshot(archive, details()).manifest
    for pack in manifest.packs where pack.group.database != "sales" {
      try await archive.store.delete(pack.blobName)
    }
    let reader = archive.reader(manifest)
    #expect(try await reader.all(database: "sales").count == 96)
    #expect(await code { _ = try await reader.records() } == .damaged)
  }

  @Test func oneTableIsReadAlone() async throws {
    let group = PackGroup(account: "1", database: "d")
    var records = [record("1", database, ["d"])]
    for number in 0..<40 {
      records.append(record("1", table, ["d", "t\(number)"]))
      records += (0..<50).map { record("1", partition, ["d", "t\(number)", "p\($0)"]) }
    }
    let manifest = try await writeSnapshot(
      archive, details(), groups: [group: records], packLimit: 6000
    ).manifest
    let reader = archive.reader(manifest)
    let wanted: [Selector] = [.table(database: "d", table: "t17")]
    var read: Set<String> = []
    for kind in [database, table, partition] {
      var stream = try await reader.records(kind: kind, only: wanted)
      let found = try stream.collect().filter { wanted[0].matches($0.key, scope: $0.key.path) }
      #expect(found.count == [database: 1, table: 1, partition: 50][kind])
      for pack in manifest.packs {
        let members = pack.members.indices.map { PlannedMember(pack: pack, index: $0) }
        let isRead = members.contains { $0.member.kind == kind && $0.maySelect(wanted) }
        if isRead { read.insert(pack.digest) }
      }
    }
    #expect(manifest.packs.count > 30 && read.count < 8)
    let none = try await reader.records(kind: table, only: [.database("e")])
    #expect(try none.next() == nil)
    var all = try await reader.records(kind: table, only: [.kind("table")])
    #expect(try all.collect().count == 40)
  }

  @Test func sameRecordsGiveSameBytes() async throws {
    let other = try TemporaryFolder()
    let first = try await writeSnapshot(archive, details(), packLimit: 3000).manifest
    let second = try await writeSnapshot(
      SnapshotStoreTests.archive(other), details(), packLimit: 3000
    ).manifest
    #expect(first.fileBytes == second.fileBytes)
    #expect(first.packs.count > sampleGroups.count)
  }

  @Test func unchangedRecordsWriteNoPack() async throws {
    let first = try await writeSnapshot(archive, details())
    #expect(first.packs.written == sampleGroups.count && first.packs.reused == 0)
    let later = try details("2026-11-24T02:00:00Z")
    let second = try await writeSnapshot(archive, later)
    #expect(second.packs == SnapshotWriter.Packs(written: 0, reused: sampleGroups.count, bytes: 0))
    let link = ManifestLink(snapshot: first.manifest.id, digest: first.manifest.digest)
    #expect(second.manifest.previous == link)
  }

  @Test func oneChangeRewritesOnePackOrTwo() async throws {
    let group = PackGroup(account: "1", database: "d")
    var records = (0..<4000).map { record("1", partition, ["d", "t", "\(100_000 + $0)"]) }
    let first = try await writeSnapshot(
      archive, details(), groups: [group: records], packLimit: 20_000)
    #expect(first.packs.written > 20)
    records[1000] = record("1", partition, ["d", "t", "101000"], "a note of another length")
    records.append(record("1", partition, ["d", "t", "102000x"]))
    let second = try await writeSnapshot(
      archive, details(), groups: [group: records], suffix: 2, packLimit: 20_000)
    #expect((1...6).contains(second.packs.written))
    let read = try await archive.reader(second.manifest).all()
    #expect(read == sorted([group: records]))
    #expect(second.manifest.packs.allSatisfy { $0.members.reduce(0) { $0 + $1.bytes } <= 20_000 })
  }

  @Test func nothingIsASnapshotBeforeItIsSealed() async throws {
    let writer = try await archive.writer(
      id: "20261123T020000Z-00000001", scratchDirectory: folder.path)
    var records = RecordList([record("1", grant, ["g"])])
    try await writer.write(group: PackGroup(account: "1"), records: &records)
    #expect(try await archive.snapshots().isEmpty)
    #expect(await code { _ = try await archive.find("latest") } == .notFound)
    let (manifest, packs) = try await writeSnapshot(
      archive, details(), groups: [PackGroup(account: "1"): [record("1", grant, ["g"])]])
    #expect(packs.reused == 1)
    #expect(try await archive.snapshots().map(\.id) == [manifest.id])
  }

  @Test func mistakesOfTheCallerAreErrors() async throws {
    let id = "20261123T020000Z-00000001"
    #expect(await code { _ = try await archive.writer(id: "x", scratchDirectory: "/") } == .invalid)
    let writer = try await archive.writer(id: id, scratchDirectory: folder.path)
    let group = PackGroup(account: "1", database: "d")
    var foreign = RecordList([record("1", table, ["e", "t"])])
    #expect(await code { try await writer.write(group: group, records: &foreign) } == .conflict)
    #expect(await code { try await writer.write(group: group, records: &foreign) } == .conflict)
    let other = PackGroup(account: "1")
    let twice = record("1", grant, ["g"])
    var repeated = RecordList([twice, twice])
    #expect(await code { try await writer.write(group: other, records: &repeated) } == .conflict)
  }

  @Test func aGroupThatIsWrittenAgainReplacesItsPacks() async throws {
    let writer = try await archive.writer(
      id: "20261123T020000Z-00000001", scratchDirectory: folder.path)
    let (stays, moves) = (PackGroup(account: "1"), PackGroup(account: "2"))
    var kept = RecordList([record("1", grant, ["g"])])
    var early = RecordList([record("2", grant, ["a"]), record("2", grant, ["b"])])
    var late = RecordList([record("2", grant, ["c"])])
    try await writer.write(group: stays, records: &kept)
    try await writer.write(group: moves, records: &early)
    writer.remove(moves)
    try await writer.write(group: moves, records: &late)
    let manifest = try await writer.seal(details())
    #expect(writer.packs.written == 2)
    #expect(manifest.counts == ["grant": 2])
    let keys = try await archive.reader(manifest).all().map { $0.key.path }
    #expect(keys == [["g"], ["c"]])
  }

  @Test func aManifestWithoutLaterMembersIsRead() async throws {
    var old = try details()
    old.accounts = [CapturedAccount(id: "111111111111", name: "hub", complete: true)]
    let manifest = try await writeSnapshot(archive, old).manifest
    #expect(!String(decoding: manifest.fileBytes, as: UTF8.self).contains("\"moving\""))
    let read = try Manifest(fileBytes: manifest.fileBytes, id: manifest.id)
    #expect(read.details.accounts[0].moving == nil)
    #expect(read.details.accounts[0].databases == nil)
  }

  @Test func anIdIsGivenOnce() async throws {
    try await writeSnapshot(archive, details())
    let again = try await writeSnapshot(archive, details()).manifest
    #expect(try await archive.find(again.id) == again)
    var other = try details()
    other.mesh = "another"
    #expect(await code { try await writeSnapshot(archive, other) } == .conflict)
  }

  @Test func packsThatWentAreNotSealed() async throws {
    let writer = try await archive.writer(
      id: "20261123T020000Z-00000001", scratchDirectory: folder.path)
    var records = RecordList([record("1", grant, ["g"])])
    try await writer.write(group: PackGroup(account: "1"), records: &records)
    for pack in try await archive.store.list(prefix: "packs/") {
      try await archive.store.delete(pack.name)
    }
    #expect(await code { _ = try await writer.seal(details()) } == .conflict)
    #expect(try await archive.snapshots().isEmpty)
  }

  @Test func twoWritersAtOnce() async throws {
    async let first = writeSnapshot(archive, details(), suffix: 1)
    async let second = writeSnapshot(archive, details(), suffix: 2)
    let packs = try await [first.packs, second.packs]
    #expect(packs.reduce(0) { $0 + $1.written } == sampleGroups.count)
    #expect(packs.reduce(0) { $0 + $1.reused } == sampleGroups.count)
    #expect(try await archive.snapshots().count == 2)
    for id in try await archive.ids() {
      #expect(try await archive.reader(archive.find(id)).verify().damaged.isEmpty)
    }
  }
}
