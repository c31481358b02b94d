import CanonicalJSON
import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

/// What is not the same in two snapshots.
@Suite struct DifferenceTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }
  private let accounts: Set<String> = ["1", "111111111111", "222222222222"]

  private func snapshot(_ groups: [PackGroup: [Record]], _ suffix: UInt32, limit: Int = 3000)
    async throws -> SnapshotReader
  {
    archive.reader(
      try await writeSnapshot(
        archive, details(), groups: groups, suffix: suffix, packLimit: limit
      ).manifest)
  }

  private struct Change: Hashable {
    let old: [UInt8]?
    let new: [UInt8]?
  }

  private func changes(_ old: SnapshotReader, _ new: SnapshotReader) async throws
    -> [RecordKey: Change]
  {
    var changes: [RecordKey: Change] = [:]
    try await old.compare(to: new, accounts: accounts) { old, new in
      let key = try #require((old ?? new)?.key)
      #expect(old == nil || new == nil || old?.key == new?.key)
      #expect(changes.updateValue(Change(old: old?.body, new: new?.body), forKey: key) == nil)
    }
    return changes
  }

  /// Some records changed, some gone, some new, in some of the groups, one group gone and one new.
  private func changed(_ groups: [PackGroup: [Record]], seed: UInt64) -> [PackGroup: [Record]] {
    var state = seed
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    var result = groups
    for group in groups.keys.sorted() where draw(3) == 0 {
      result[group] = groups[group]?.compactMap { record in
        switch draw(10) {
        case 0: nil
        case 1: Record(key: record.key, body: Array(#"{"changed":\#(draw(9))}"#.utf8))
        default: record
        }
      }
      if let database = group.database {
        result[group]?.append(
          record(group.account, table, [database, "new\(draw(9))", "\"\\quoted"], 7))
      }
    }
    result[groups.keys.sorted()[draw(groups.count)]] = nil
    result[PackGroup(account: "1", database: "fresh")] = [record("1", table, ["fresh", "t"])]
    return result
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func itIsTheDifferenceOfTheRecords(seed: UInt64) async throws {
    let after = changed(sampleGroups, seed: seed)
    let (old, new) = try await (snapshot(sampleGroups, 1), snapshot(after, 2))
    var expected: [RecordKey: Change] = [:]
    for record in sorted(sampleGroups) {
      expected[record.key] = Change(old: record.body, new: nil)
    }
    for record in sorted(after) {
      let before = expected[record.key]?.old
      expected[record.key] = before == record.body ? nil : Change(old: before, new: record.body)
    }
    #expect(try await changes(old, new) == expected)
    let reversed = try await changes(new, old)
    #expect(reversed == expected.mapValues { Change(old: $0.new, new: $0.old) })
  }

  @Test func packsThatBothHaveAreNotOpened() async throws {
    var after = sampleGroups
    let group = PackGroup(account: "111111111111", database: "sales")
    after[group]?.removeLast()
    let (old, new) = try await (snapshot(sampleGroups, 1), snapshot(after, 2))
    let shared = Set(old.manifest.packs.map(\.digest))
      .intersection(new.manifest.packs.map(\.digest))
    for pack in old.manifest.packs where shared.contains(pack.digest) {
      store.set(pack.blobName, nil)
    }
    #expect(shared.count > 20)
    #expect(try await changes(old, new).count == 1)
    #expect(try await changes(old, old).isEmpty)
  }

  @Test func accountsThatAreNotAskedForAreNotOpened() async throws {
    let (old, new) = try await (snapshot(sampleGroups, 1), snapshot([:], 2))
    for pack in old.manifest.packs where pack.group.account == "222222222222" {
      store.set(pack.blobName, nil)
    }
    var count = 0
    try await old.compare(to: new, accounts: ["111111111111"]) { _, _ in count += 1 }
    #expect(count == sampleGroups.filter { $0.key.account == "111111111111" }.values.joined().count)
  }

  @Test func damageIsFound() async throws {
    let (old, new) = try await (snapshot(sampleGroups, 1), snapshot([:], 2))
    let name = old.manifest.packs[3].blobName
    var bytes = try await store.read(name)
    bytes[bytes.count / 2] ^= 1
    store.set(name, bytes)
    #expect(await code { _ = try await changes(old, new) } == .damaged)
    store.set(name, nil)
    #expect(await code { _ = try await changes(new, old) } == .damaged)
  }
}
