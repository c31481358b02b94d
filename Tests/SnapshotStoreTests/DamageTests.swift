import CanonicalJSON
import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

@Suite struct DamageTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }
  private let group = PackGroup(account: "1", database: "d")

  /// A snapshot of one small pack.
  private func smallSnapshot() async throws -> Manifest {
    let records = (0..<3).map { record("1", table, ["d", "t\($0)"]) }
    return try await writeSnapshot(archive, details(), groups: [group: records]).manifest
  }

  /// That verifying and reading both find something, and neither gives a record out.
  private func expectDamage(_ manifest: Manifest, _ what: String) async throws {
    let reader = archive.reader(manifest)
    let report = try await reader.verify()
    #expect(report.damaged.first?.pack == manifest.packs[0].digest, "\(what)")
    #expect(await code { _ = try await reader.all() } == .damaged, "\(what)")
  }

  @Test func everyFlippedByteIsFound() async throws {
    let manifest = try await smallSnapshot()
    let name = manifest.packs[0].blobName
    let bytes = try await store.read(name)
    for index in bytes.indices {
      var spoilt = bytes
      spoilt[index] ^= UInt8(1 << (index % 8))
      store.set(name, spoilt)
      try await expectDamage(manifest, "byte \(index)")
    }
  }

  @Test func everyTruncationIsFound() async throws {
    let manifest = try await smallSnapshot()
    let name = manifest.packs[0].blobName
    let bytes = try await store.read(name)
    for count in bytes.indices {
      store.set(name, Array(bytes[..<count]))
      try await expectDamage(manifest, "\(count) bytes")
    }
    store.set(name, nil)
    try await expectDamage(manifest, "no pack")
  }

  /// The digest aside: what the decoder and the checks behind it make of spoilt bytes.
  @Test func damageBehindARightDigestDoesNotCrash() async throws {
    let manifest = try await smallSnapshot()
    let pack = manifest.packs[0]
    let bytes = try await store.read(pack.blobName)
    let pieces =
      bytes.indices.map { Array(bytes[..<$0]) }
      + bytes.indices.map { index in
        var spoilt = bytes
        spoilt[index] ^= 0x41
        return spoilt
      }
    for spoilt in pieces {
      let forged = ManifestPack(
        digest: SHA256.digest(spoilt), bytes: spoilt.count, group: group, members: pack.members)
      _ = await code {
        let reader = try PackReader(
          forged, LocalBlob(size: spoilt.count) { spoilt }, depth: .everything)
        try reader.open(0)
        while try reader.next() != nil {}
      }
    }
    for spoilt in pieces[..<bytes.count] {
      let forged = ManifestPack(
        digest: SHA256.digest(spoilt), bytes: spoilt.count, group: group, members: pack.members)
      let found = await code {
        let reader = try PackReader(forged, LocalBlob(size: spoilt.count) { spoilt })
        try reader.open(0)
        while try reader.next() != nil {}
      }
      // What is missing may be no more than the padding that ends a tar archive.
      #expect(found == .damaged || spoilt.count > bytes.count - 20)
    }
  }

  @Test func everyFlippedByteOfTheManifestIsFound() async throws {
    let manifest = try await smallSnapshot()
    let name = SnapshotID.blobName(manifest.id)
    let bytes = try await store.read(name)
    for index in bytes.indices {
      var spoilt = bytes
      spoilt[index] ^= UInt8(1 << (index % 8))
      store.set(name, spoilt)
      let found = await code { _ = try await archive.find(manifest.id) }
      #expect(found == .damaged || found == .newerFormat, "byte \(index)")
      store.set(name, Array(bytes[..<index]))
      #expect(await code { _ = try await archive.find("latest") } == .damaged)
    }
    let summaries = try await archive.snapshots()
    #expect(summaries.map(\.id) == [manifest.id] && summaries[0].damage?.code == .damaged)
  }

  @Test func newerFormatsAreRefused() async throws {
    let manifest = try await smallSnapshot()
    let text = String(decoding: manifest.fileBytes, as: UTF8.self)
    store.set(
      SnapshotID.blobName(manifest.id),
      Array(text.replacing(#""format":1,"#, with: #""format":2,"#).utf8))
    #expect(await code { _ = try await archive.find(manifest.id) } == .newerFormat)
    #expect(try await archive.snapshots()[0].damage?.code == .newerFormat)
    store.set("format.json", Array(#"{"format":"meshdr-archive","version":2}"#.utf8))
    #expect(await code { _ = try await archive.snapshots() } == .newerFormat)
    store.set("format.json", Array(#"{"format":"else","version":1}"#.utf8))
    #expect(await code { _ = try await archive.find("latest") } == .damaged)
  }

  @Test func unknownFieldsOfTheSameFormatAreIgnored() async throws {
    let manifest = try await smallSnapshot()
    var json = try JSON(parsing: manifest.fileBytes)
    json["later"] = "a field of a later version"
    json["digest"] = nil
    json["digest"] = .string(SHA256.digest(json.canonicalBytes))
    store.set(SnapshotID.blobName(manifest.id), json.canonicalBytes + [10])
    #expect(try await archive.find(manifest.id).packs == manifest.packs)
  }

  @Test func aReplacedSnapshotBreaksTheChain() async throws {
    let first = try await smallSnapshot()
    let later = try details("2026-11-24T02:00:00Z")
    let second = try await writeSnapshot(archive, later, groups: [:]).manifest
    #expect(try await archive.reader(second).verify().damaged == [])
    var changed = try details()
    changed.warnings = []
    let forged = try Manifest(id: first.id, details: changed, packs: first.packs, previous: nil)
    store.set(SnapshotID.blobName(first.id), forged.fileBytes)
    #expect(try await archive.reader(second).verify().damaged.map(\.pack) == [nil])
    store.set(SnapshotID.blobName(first.id), nil)
    let report = try await archive.reader(second).verify()
    #expect(report.damaged.map(\.snapshot) == [first.id])
  }

  @Test func aStoreLostAtAnyStepLeavesNothingHalf() async throws {
    let groups = [
      group: [record("1", table, ["d", "t"])],
      PackGroup(account: "1"): [record("1", grant, ["g"])],
    ]
    for steps in 0..<4 {
      let losing = MemoryStore(putsBeforeLoss: steps)
      let lost = await code {
        try await writeSnapshot(Archive(store: losing), details(), groups: groups)
      }
      #expect(lost == .io)
      let again = Archive(store: MemoryStore(losing.contents))
      #expect(try await again.snapshots().isEmpty)
      let (manifest, packs) = try await writeSnapshot(again, details(), groups: groups)
      #expect(packs.reused == max(0, steps - 1) && packs.written == 2 - packs.reused)
      #expect(try await again.reader(manifest).verify().damaged == [])
    }
  }
}
