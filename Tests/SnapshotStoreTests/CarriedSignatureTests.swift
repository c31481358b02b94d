import Foundation
import StoreConformance
import Testing

@testable import SnapshotStore

/// Signed snapshots that are carried in files.
@Suite struct CarriedSignatureTests {
  private let store = MemoryStore()
  private let folder: TemporaryFolder
  private let signer: TestSigner
  private var file: String { folder.path + "/carried.tar.zst" }
  private let clock = TestClock().clock
  private let groups = [
    PackGroup(account: "1", database: "d"): [record("1", table, ["d", "t"])]
  ]

  init() throws {
    folder = try TemporaryFolder()
    signer = try TestSigner(.ecdsa, folder.folder("key"))
  }

  /// The second of two snapshots in the store.
  private func snapshot(signed: Bool = true) async throws -> Manifest {
    let archive = Archive(store: store)
    try await writeSnapshot(archive, details("2026-11-22T02:00:00Z"), groups: [:])
    return try await writeSnapshot(
      archive, details(), groups: groups, signer: signed ? signer : nil
    ).manifest
  }

  /// An archive that wants snapshots signed, by this key if one is given.
  private func strict(_ store: any BlobStore, _ publicKey: String? = nil) -> Archive {
    let wanted = demand(publicKey)
    return Archive(store: store) { _ in wanted }
  }

  private func entries(
    _ manifest: Manifest, _ signature: ManifestSignature?
  ) async throws -> [TarEntry] {
    let contents = ExportContents(manifest, signature)
    var entries = contents.head.map { TarEntry($0.name, $0.bytes) }
    for pack in contents.packs {
      entries.append(TarEntry(pack.blobName, try await store.read(pack.blobName)))
    }
    return entries
  }

  /// That nothing of such a file gets into a store.
  private func expectRefused(
    _ entries: [TarEntry], by archive: (MemoryStore) -> Archive, _ what: String
  ) async throws {
    try Data(try tar(entries)).write(to: URL(fileURLWithPath: file))
    let target = MemoryStore()
    let found = await code {
      _ = try await archive(target).importSnapshot(from: file, clock: clock)
    }
    #expect(found == .damaged && target.contents.isEmpty, "\(what)")
  }

  @Test func aSignedSnapshotStaysSigned() async throws {
    let manifest = try await snapshot()
    let written = try await strict(store, signer.publicKey).export(manifest, to: file)
    #expect(written.signedBy == TestSigner.arn)
    let target = MemoryStore()
    let there = strict(target, signer.publicKey)
    let report = try await there.importSnapshot(from: file, clock: clock)
    #expect(report.signedBy == TestSigner.arn)
    #expect(try await there.signature(of: manifest.id) == strict(store).signature(of: manifest.id))
    #expect(try await there.verify(manifest).damaged == [])
    let before = target.contents
    #expect(try await there.importSnapshot(from: file, clock: clock).wasThere)
    #expect(target.contents == before)

    let root = try folder.folder("unpacked")
    #expect(try run("tar", "--zstd", "-xf", file, "-C", root).status == 0)
    let unpacked = strict(FolderStore(root: root), signer.publicKey)
    #expect(try await unpacked.verify(unpacked.find("latest")).damaged == [])
    let reader = try run("python3", ForeignReaderTests.reader, root)
    #expect(reader.status == 0, "\(reader.output)")
  }

  @Test func oneThatIsNotSignedIsRefusedWhereThatIsDemanded() async throws {
    let manifest = try await snapshot(signed: false)
    #expect(await code { _ = try await strict(store).export(manifest, to: file) } == .damaged)
    #expect(!FileManager.default.fileExists(atPath: file))
    try await expectRefused(try await entries(manifest, nil), by: { strict($0) }, "unsigned")
    let late = demand(since: "2026-11-24T00:00Z")
    let lenient = Archive(store: MemoryStore()) { _ in late }
    #expect(try await lenient.importSnapshot(from: file, clock: clock).signedBy == nil)
  }

  @Test func aWrongSignatureIsRefused() async throws {
    let manifest = try await snapshot()
    let right = try #require(try await strict(store).signature(of: manifest.id))
    let another = try TestSigner(.ecdsa, folder.folder("another"))
    let foreign = try await another.sign(digest: manifest.digest, of: manifest.id)
    let ofAnother = try await signer.sign(digest: SHA256.digest([1]), of: manifest.id)
    let swapped = ManifestSignature(
      snapshot: right.snapshot, digest: right.digest, key: right.key, publicKey: right.publicKey,
      algorithm: right.algorithm, signature: foreign.signature)
    // Demanded or not: one that is there has to be right.
    for (what, signature) in [("swapped", swapped), ("of another", ofAnother)] {
      let entries = try await entries(manifest, signature)
      try await expectRefused(entries, by: { Archive(store: $0) }, what)
      try await expectRefused(entries, by: { strict($0, signer.publicKey) }, what)
    }
    let byAnother = try await entries(manifest, foreign)
    try await expectRefused(byAnother, by: { strict($0, signer.publicKey) }, "another key")
    try await expectRefused(
      try await entries(manifest, nil), by: { strict($0, signer.publicKey) }, "taken away")
    var entries = try await entries(manifest, right)
    #expect(entries.map(\.path)[2] == "signatures/\(manifest.id).json")
    entries.swapAt(2, 3)
    try await expectRefused(entries, by: { Archive(store: $0) }, "in another place")
    entries.swapAt(2, 3)
    entries[2].content.insert(UInt8(ascii: " "), at: 1)
    try await expectRefused(entries, by: { Archive(store: $0) }, "not canonical")
  }

  @Test func aSpoiltSignatureInTheStoreIsNotExported() async throws {
    let manifest = try await snapshot()
    let name = "signatures/\(manifest.id).json"
    let bytes = try await store.read(name)
    let archive = strict(store, signer.publicKey)
    var refusals = 0
    for index in stride(from: 0, to: bytes.count, by: 9) {
      var spoilt = bytes
      spoilt[index] ^= 1
      store.set(name, spoilt)
      let found = await code { _ = try await archive.export(manifest, to: file) }
      if found == nil {
        // The name of the key is for people; what counts is still right.
        let read = try ManifestSignature(fileBytes: spoilt, id: manifest.id)
        #expect(read.isValid && read.isBy(signer.publicKey), "byte \(index)")
        try FileManager.default.removeItem(atPath: file)
      } else {
        #expect(found == .damaged, "byte \(index)")
        refusals += 1
      }
    }
    #expect(refusals > 40)
  }

  @Test func aSnapshotThatIsThereGetsItsSignature() async throws {
    let manifest = try await snapshot()
    _ = try await strict(store).export(manifest, to: file)
    let target = MemoryStore()
    for (name, bytes) in store.contents where !name.hasPrefix("signatures/") {
      target.set(name, bytes)
    }
    #expect(try await !strict(target).verify(manifest).damaged.isEmpty)
    _ = try await strict(target).importSnapshot(from: file, clock: clock)
    #expect(try await strict(target).problems(withSignatureOf: manifest, demand()) == [])
    // Another right signature of the same digest stays; a wrong one is not covered up.
    let again = try await signer.sign(digest: manifest.digest, of: manifest.id)
    let name = "signatures/\(manifest.id).json"
    target.set(name, again.fileBytes)
    _ = try await strict(target).importSnapshot(from: file, clock: clock)
    #expect(try await target.read(name) == again.fileBytes)
    let foreign = try await TestSigner(.ecdsa, folder.folder("another"))
      .sign(digest: manifest.digest, of: manifest.id)
    target.set(name, foreign.fileBytes)
    let archive = strict(target, signer.publicKey)
    #expect(
      await code { _ = try await archive.importSnapshot(from: file, clock: clock) } == .damaged)
  }

  @Test func noImportThatIsKilledShowsOneWithoutItsSignature() async throws {
    let manifest = try await snapshot()
    _ = try await strict(store).export(manifest, to: file)
    var isDone = false
    for steps in 0..<15 where !isDone {
      let target = MemoryStore()
      let dying = strict(DyingStore(target, steps: steps))
      isDone = (try? await dying.importSnapshot(from: file, clock: clock)) != nil
      let there = strict(target, signer.publicKey)
      if try await there.sealed(manifest.id) != nil {
        #expect(try await there.verify(manifest).damaged == [], "\(steps) steps")
      }
      _ = try await there.importSnapshot(from: file, clock: clock)
      #expect(try await there.verify(manifest).damaged == [], "\(steps) steps")
    }
    #expect(isDone)
  }
}
