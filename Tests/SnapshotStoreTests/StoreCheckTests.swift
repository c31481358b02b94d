import MeshModel
import Testing

@testable import SnapshotStore

/// What is looked at of a whole store, and how damage is named.
@Suite struct StoreCheckTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }

  private func group(_ name: String) -> PackGroup { PackGroup(account: "1", database: name) }

  /// An older snapshot with a pack of its own, and a newer one, of 40 packs.
  private func twoSnapshots() async throws -> (old: Manifest, new: Manifest) {
    let old = try await writeSnapshot(
      archive, details("2026-11-22T02:00:00Z"),
      groups: [group("old"): [record("1", table, ["old", "t"])]])
    var groups: [PackGroup: [Record]] = [:]
    for number in 0..<40 {
      groups[group("d\(number)")] = [record("1", table, ["d\(number)", "t"])]
    }
    let new = try await writeSnapshot(archive, details(), groups: groups)
    return (old.manifest, new.manifest)
  }

  private func spoil(_ pack: ManifestPack) {
    guard var bytes = store.contents[pack.blobName] else { return }
    bytes[bytes.count / 2] ^= 1
    store.set(pack.blobName, bytes)
  }

  @Test func itSaysWhatItChecked() async throws {
    let (_, new) = try await twoSnapshots()
    let report = try await archive.verify(new)
    #expect([report.manifests, report.packs, report.packsRead, report.records] == [2, 41, 40, 40])
    let all = try await archive.verify(new, everySnapshot: true)
    #expect([all.manifests, all.packs, all.packsRead, all.records] == [2, 41, 41, 41])
    let one = try await archive.reader(new).verify()
    #expect([one.manifests, one.packs, one.packsRead, one.records] == [1, 40, 40, 40])
  }

  @Test func aPackOfAnOlderSnapshotIsMissed() async throws {
    let (old, new) = try await twoSnapshots()
    store.set(old.packs[0].blobName, nil)
    let found = try await archive.verify(new).damaged
    #expect(found.map(\.pack) == [old.packs[0].digest] && found[0].snapshot == old.id)
    #expect(found[0].what.contains("1 table of account 1, database old"))
    store.set(old.packs[0].blobName, [1])
    #expect(try await archive.verify(new).damaged.count == 1)
    spoil(new.packs[3])
    let both = try await archive.verify(new, everySnapshot: true).damaged
    #expect(Set(both.map(\.pack)) == [old.packs[0].digest, new.packs[3].digest])
  }

  @Test func sharesAreDisjointAndTogetherEverything() async throws {
    let (_, new) = try await twoSnapshots()
    let digests = new.packs.map(\.digest)
    var taken: [String] = []
    for number in 1...7 { taken += PackSelection.share(number, of: 7).taken(of: digests) }
    #expect(taken.sorted() == digests.sorted())
    var read = 0
    for number in 1...7 {
      let report = try await archive.verify(new, reading: .share(number, of: 7))
      #expect(report.packs == 41 && report.packsRead < 20)
      read += report.records
    }
    #expect(read == 40)
  }

  @Test func aPartIsDrawnAnewWithEverySeed() async throws {
    let (_, new) = try await twoSnapshots()
    let digests = new.packs.map(\.digest)
    let first = PackSelection.fraction(0.25, seed: 1).taken(of: digests)
    #expect(first.count == 10)
    #expect(first == PackSelection.fraction(0.25, seed: 1).taken(of: digests.shuffled()))
    let others = (2..<60).map { PackSelection.fraction(0.25, seed: $0).taken(of: digests) }
    #expect(others.reduce(first) { $0.union($1) }.count == 40)
    #expect(PackSelection.fraction(0.0001, seed: 1).taken(of: digests).count == 1)
    #expect(PackSelection.fraction(0.5, seed: 1).taken(of: []).isEmpty)
    // Damage in what is not read is not seen, unless it shows without reading.
    let unread = try #require(new.packs.first { !first.contains($0.digest) })
    let selection = PackSelection.fraction(0.25, seed: 1)
    spoil(unread)
    #expect(try await archive.reader(new).verify(reading: selection).damaged.isEmpty)
    store.set(unread.blobName, nil)
    #expect(try await archive.reader(new).verify(reading: selection).damaged.count == 1)
  }

  @Test func sharesAsTheyAreWritten() {
    #expect(PackSelection("3/16", seed: 7) == .share(3, of: 16))
    #expect(PackSelection("1/1", seed: 7) == .share(1, of: 1))
    #expect(PackSelection("5%", seed: 7) == .fraction(0.05, seed: 7))
    #expect(PackSelection("2.5%", seed: 7) == .fraction(0.025, seed: 7))
    for text in [
      "", "5", "%", "0%", "101%", "-5%", "nan%", "0/16", "17/16", "1/0", "1/", "/1", "a/b", "1/2/3",
    ] {
      #expect(PackSelection(text, seed: 7) == nil, "\(text)")
    }
  }

  @Test func whatIsWholeOfADamagedPackIsNotCalledLost() async throws {
    // Members that do not compress into one another: damage at the end leaves the first whole.
    var state: UInt64 = 1
    func noise() -> String {
      var letters: [UInt8] = []
      for _ in 0..<300_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        letters.append(UInt8(ascii: "0") + UInt8(state >> 58))
      }
      return String(decoding: letters, as: UTF8.self)
    }
    let records = [
      record("1", partition, ["d", "t", "p"], .string(noise())),
      record("1", table, ["d", "t"], .string(noise())),
    ]
    let manifest = try await writeSnapshot(archive, details(), groups: [group("d"): records])
      .manifest
    let pack = manifest.packs[0]
    var bytes = try await store.read(pack.blobName)
    bytes[bytes.count - 100] ^= 0x10
    store.set(pack.blobName, bytes)
    let damaged = try await archive.verify(manifest).damaged
    #expect(damaged.map(\.member) == [nil, pack.members[1].path])
    #expect(damaged.allSatisfy { $0.pack == pack.digest && !$0.what.contains(pack.digest) })
    bytes[0] ^= 0x10
    store.set(pack.blobName, bytes)
    #expect(try await archive.verify(manifest).damaged.count == 3)
  }
}
