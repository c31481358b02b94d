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
    let expected = expected(sampleGroups, after)
    #expect(try await changes(old, new) == expected)
    let reversed = try await changes(new, old)
    #expect(reversed == expected.mapValues { Change(old: $0.new, new: $0.old) })
  }

  private func expected(
    _ old: [PackGroup: [Record]], _ new: [PackGroup: [Record]]
  ) -> [RecordKey: Change] {
    var expected: [RecordKey: Change] = [:]
    for record in sorted(old) { expected[record.key] = Change(old: record.body, new: nil) }
    for record in sorted(new) {
      let before = expected[record.key]?.old
      expected[record.key] = before == record.body ? nil : Change(old: before, new: record.body)
    }
    return expected
  }

  /// Members of several times what is read at once: a few of their records differ, anywhere.
  @Test(arguments: [1, 2, 7, 1999])
  func whatIsTheSameIsPassedOver(distance: Int) async throws {
    let group = PackGroup(account: "1", database: "d")
    let names = (0..<6000).map { String(1_000_000 + $0) }
    let before = names.map { record("1", partition, ["d", "t", $0], .string($0 + $0 + $0)) }
    var after = before
    for place in [0, 1, 2500, 5998, 5999] {
      after[place] = record("1", partition, ["d", "t", names[place]], 7)
      after[max(place - distance, 0)] = record("1", partition, ["d", "t", "2\(place)"], 8)
    }
    let (old, new) = try await (
      snapshot([group: before], 1, limit: 8 << 20), snapshot([group: after], 2, limit: 8 << 20)
    )
    #expect(try await changes(old, new) == expected([group: before], [group: after]))
    #expect(try await changes(new, old) == expected([group: after], [group: before]))
  }

  /// The number of lines and their last keys count also where they are passed over.
  @Test func linesInCommon() {
    func common(_ left: String, _ right: String) -> [Int]? {
      let (left, right) = (Array(left.utf8), Array(right.utf8))
      return left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in
          CommonLines(left, right).map { [$0.bytes, $0.count, $0.last.lowerBound, $0.last.count] }
        }
      }
    }
    #expect(common("", "") == nil)
    #expect(common("ab", "ab") == nil)
    #expect(common("ab\n", "ab") == nil)
    #expect(common("ab\n", "ab\n") == [3, 1, 0, 2])
    #expect(common("ab\ncd\nef", "ab\ncd\neg\n") == [6, 2, 3, 2])
    #expect(common("\n\nx\n", "\n\ny\n") == [2, 2, 1, 0])
    let long = String(repeating: "a line of some length\n", count: 1000)
    #expect(common(long + "x\n", long + "y\n") == [22_000, 1000, 21_978, 21])
    #expect(common("x" + long, "y" + long) == nil)
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
