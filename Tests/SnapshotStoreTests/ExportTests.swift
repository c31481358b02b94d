import CArchive
import Foundation
import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

/// Snapshots that are carried in files.
@Suite struct ExportTests {
  private let store = MemoryStore()
  private let target = MemoryStore()
  private let folder: TemporaryFolder
  private var archive: Archive { Archive(store: store) }
  private var file: String { folder.path + "/carried.tar.zst" }
  private let clock = TestClock().clock

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The second of two small snapshots, in a file.
  private func exported() async throws -> Manifest {
    try await writeSnapshot(archive, details("2026-11-22T02:00:00Z"), groups: [:])
    let groups = [
      PackGroup(account: "1", database: "d"): [record("1", table, ["d", "t"])],
      PackGroup(account: "1"): [record("1", grant, ["g"])],
    ]
    let manifest = try await writeSnapshot(archive, details(), groups: groups).manifest
    _ = try await archive.export(manifest, to: file)
    return manifest
  }

  private func bytes() throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
  }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file))
  }

  private func importing(into store: MemoryStore) async throws -> ImportReport {
    try await Archive(store: store).importSnapshot(from: file, clock: clock)
  }

  @Test func whatIsExportedIsImported() async throws {
    let manifest = try await exported()
    let report = try await importing(into: target)
    #expect(report.packs.written == 2 && !report.wasThere && report.records == 2)
    let there = Archive(store: target)
    #expect(try await there.find("latest") == manifest)
    // The snapshot before is not here, and that is no damage.
    #expect(try await there.verify(manifest).damaged == [])
    let before = target.contents
    let again = try await importing(into: target)
    #expect(again.wasThere && again.packs.written == 0 && again.packs.reused == 2)
    #expect(target.contents == before)
    #expect(!target.contents.keys.contains { $0.hasPrefix("claims/") })
    // Where the snapshot before is there, nothing needs to be said of it.
    #expect(try await importing(into: store).wasThere)
    #expect(!store.contents.keys.contains { $0.hasPrefix("absent/") })
  }

  @Test func unpackedItIsAStore() async throws {
    let manifest = try await exported()
    let root = try folder.folder("unpacked")
    #expect(try run("tar", "--zstd", "-xf", file, "-C", root).status == 0)
    let unpacked = Archive(store: FolderStore(root: root))
    #expect(try await unpacked.verify(unpacked.find("latest")).damaged == [])
    #expect(try await unpacked.reader(manifest).all().count == 2)
    let reader =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().path + "/archive-reader/read_archive.py"
    #expect(try run("python3", reader, root).status == 0)
  }

  @Test func aFileThatIsThereStays() async throws {
    let manifest = try await exported()
    let before = try bytes()
    #expect(await code { _ = try await archive.export(manifest, to: file) } == .invalid)
    #expect(try bytes() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test func aDamagedSnapshotIsNotExported() async throws {
    let manifest = try await exported()
    let other = folder.path + "/other.tar.zst"
    let name = manifest.packs[1].blobName
    var spoilt = try await store.read(name)
    spoilt[spoilt.count / 2] ^= 1
    store.set(name, spoilt)
    #expect(await code { _ = try await archive.export(manifest, to: other) } == .damaged)
    store.set(name, nil)
    #expect(await code { _ = try await archive.export(manifest, to: other) } == .damaged)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test func nothingOfADamagedFileIsImported() async throws {
    _ = try await exported()
    let whole = try bytes()
    for index in whole.indices {
      var spoilt = whole
      spoilt[index] ^= UInt8(1 << (index % 8))
      try write(spoilt)
      let empty = MemoryStore()
      let found = await code { _ = try await importing(into: empty) }
      // A bit that no decoder looks at spoils nothing.
      if found == nil { continue }
      #expect(found == .damaged || found == .newerFormat, "byte \(index)")
      #expect(empty.contents.isEmpty, "byte \(index)")
    }
    for count in stride(from: 0, to: whole.count - 20, by: 7) {
      try write(Array(whole[..<count]))
      let empty = MemoryStore()
      #expect(await code { _ = try await importing(into: empty) } == .damaged, "\(count) bytes")
      #expect(empty.contents.isEmpty)
    }
  }

  @Test func onlyWhatTheManifestCallsFor() async throws {
    let manifest = try await exported()
    let contents = ExportContents(manifest)
    var right = contents.head.map { TarEntry($0.name, $0.bytes) }
    for pack in contents.packs {
      right.append(TarEntry(pack.blobName, try await store.read(pack.blobName)))
    }
    func refused(_ entries: [TarEntry]) async throws -> Bool {
      try write(tar(entries))
      let empty = MemoryStore()
      let found = await code { _ = try await importing(into: empty) }
      return found == .damaged && empty.contents.isEmpty
    }
    try write(tar(right))
    #expect(try await importing(into: MemoryStore()).packs.written == 2)
    for index in right.indices {
      #expect(
        try await refused(Array(right[..<index] + right[(index + 1)...])), "\(index) left out")
      #expect(try await refused(right + [right[index]]), "\(index) twice")
      for path in ["/etc/passwd", "../x", "packs/../x", "./\(right[index].path)", "else", ""] {
        var entries = right
        entries[index].path = path
        #expect(try await refused(entries), "\(index) as \(path)")
      }
      for kind in [TarEntry.Kind.symbolicLink, .hardLink, .folder, .device] {
        var entries = right
        entries[index] = TarEntry(right[index].path, [], kind)
        #expect(try await refused(entries), "\(index) as \(kind)")
      }
      var entries = right
      entries[index].content += [0]
      #expect(try await refused(entries), "\(index) larger")
      entries.swapAt(index, (index + 1) % right.count)
      #expect(try await refused(entries), "\(index) elsewhere")
    }
    try write(Array("no archive at all".utf8))
    #expect(await code { _ = try await importing(into: target) } == .damaged)
    try FileManager.default.removeItem(atPath: file)
    #expect(await code { _ = try await importing(into: target) } == .notFound)
  }

  @Test func anImportThatIsKilledAnywhereIsDoneAgain() async throws {
    _ = try await exported()
    for steps in 0..<9 {
      let target = MemoryStore()
      let dying = Archive(store: DyingStore(target, steps: steps))
      let isDone = (try? await dying.importSnapshot(from: file, clock: clock)) != nil
      let there = Archive(store: target)
      if !isDone && steps < 6 { #expect(try await there.snapshots().isEmpty, "\(steps)") }
      let report = try await importing(into: target)
      #expect(report.packs.written + report.packs.reused == 2)
      #expect(try await there.verify(there.find("latest")).damaged == [], "\(steps)")
    }
  }

  @Test func whatIsInTheStoreAlreadyIsLookedAt() async throws {
    let manifest = try await exported()
    _ = try await importing(into: target)
    let name = manifest.packs[0].blobName
    // A pack that went is brought back; one that is spoilt can't be replaced, and is said to be so.
    target.set(name, nil)
    #expect(try await importing(into: target).packs.written == 1)
    var spoilt = try await target.read(name)
    spoilt[3] ^= 1
    target.set(name, spoilt)
    #expect(await code { _ = try await importing(into: target) } == .damaged)
    let other = MemoryStore()
    var changed = manifest.details
    changed.mesh = "another"
    let forged = try Manifest(id: manifest.id, details: changed, packs: [], previous: nil)
    other.set(SnapshotID.blobName(manifest.id), forged.fileBytes)
    #expect(await code { _ = try await importing(into: other) } == .conflict)
  }
}
