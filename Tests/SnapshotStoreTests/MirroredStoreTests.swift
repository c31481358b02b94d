import StoreConformance
import Synchronization
import Testing

@testable import SnapshotStore

@Suite struct MirroredStoreTests {
  /// Fails every call, as a region that is lost does.
  private struct LostStore: BlobStore {
    let place = "lost"
    private func fail() -> ArchiveError { ArchiveError(.io, "lost: no answer") }
    func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome { throw fail() }
    func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool { throw fail() }
    func read(_ name: String) async throws -> [UInt8] { throw fail() }
    func local(_ name: String) async throws -> LocalBlob { throw fail() }
    func list(prefix: String) async throws -> [BlobInfo] { throw fail() }
    func delete(_ name: String) async throws { throw fail() }
    func exists(_ name: String) async throws -> Bool { throw fail() }
  }

  private let notes = Notes()

  private final class Notes: Sendable {
    private let sentences = Mutex<[String]>([])
    var all: [String] { sentences.withLock { $0 } }
    func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  }

  private func mirror(_ stores: any BlobStore...) -> MirroredStore {
    MirroredStore(stores.map { MirroredStore.Copy($0) }, note: notes.add)
  }

  @Test(arguments: StoreConformance.checks.keys.sorted())
  func conforms(_ name: String) async throws {
    let check = try #require(StoreConformance.checks[name])
    let (first, second) = (MemoryStore(), MemoryStore())
    try await check(mirror(first, second))
    #expect(first.contents == second.contents)
  }

  @Test func aSnapshotIsInAllStores() async throws {
    let (first, second) = (MemoryStore(), MemoryStore())
    let written = try await writeSnapshot(Archive(store: mirror(first, second)), details())
    for store in [first, second] {
      let archive = Archive(store: store)
      let manifest = try await archive.find("latest")
      #expect(manifest == written.manifest)
      #expect(try await archive.reader(manifest).verify().damaged == [])
    }
  }

  @Test func aStoreOutOfReachIsNamedAndNothingIsSealed() async throws {
    let memory = MemoryStore()
    let archive = Archive(store: mirror(memory, LostStore()))
    do {
      try await writeSnapshot(archive, details())
      Issue.record("it was sealed")
    } catch {
      #expect("\(error)".contains("lost"))
    }
    #expect(try await Archive(store: memory).snapshots().isEmpty)
  }

  @Test func aDamagedCopyIsPassedOverAndTold() async throws {
    let (first, second) = (MemoryStore(), MemoryStore())
    let manifest = try await writeSnapshot(Archive(store: mirror(first, second)), details())
      .manifest
    let pack = manifest.packs[0].blobName
    var bytes = try #require(first.contents[pack])
    bytes[bytes.count / 2] ^= 1
    first.set(pack, bytes)
    first.set(manifest.packs[1].blobName, nil)
    let name = SnapshotID.blobName(manifest.id)
    first.set(name, Array("{}\n".utf8))
    let archive = Archive(store: mirror(first, second))
    let found = try await archive.find("latest")
    #expect(found == manifest)
    #expect(try await archive.reader(found).all() == sorted(sampleGroups))
    #expect(notes.all.contains { $0.contains(manifest.packs[0].digest) }, "\(notes.all)")
  }

  /// What says that a snapshot is right must not be taken from the copy in which it is wrong.
  @Test func aSpoiltSignatureOrListIsPassedOver() async throws {
    let folder = try TemporaryFolder()
    let signer = try TestSigner(.ecdsa, folder.path)
    let (first, second) = (MemoryStore(), MemoryStore())
    let wanted = demand(signer.publicKey)
    let both = Archive(store: mirror(first, second)) { _ in wanted }
    for day in 20...22 {
      try await writeSnapshot(
        both, details("2026-11-\(day)T02:00:00Z"), groups: [:], signer: signer)
    }
    _ = try await both.prune(RetentionPolicy(last: 2), dryRun: false, clock: TestClock().clock)
    let newest = try await both.find("latest")
    #expect(try await both.verify(newest).damaged == [])
    for prefix in ["signatures/", "absent/"] {
      for name in first.contents.keys where name.hasPrefix(prefix) {
        var bytes = try #require(first.contents[name])
        bytes[bytes.count / 2] ^= 1
        first.set(name, bytes)
      }
    }
    #expect(try await both.verify(newest).damaged == [])
    #expect(try await Archive(store: first, demand: both.demand).verify(newest).damaged.count == 4)
  }

  @Test func whatIsDamagedEverywhereIsDamage() async throws {
    let (first, second) = (MemoryStore(), MemoryStore())
    let manifest = try await writeSnapshot(Archive(store: mirror(first, second)), details())
      .manifest
    let pack = manifest.packs[0].blobName
    first.set(pack, nil)
    second.set(pack, [1, 2, 3])
    #expect(await code { _ = try await mirror(first, second).local(pack) } == .damaged)
  }

  /// What a restore leaves must not need the store that was lost.
  @Test func restoresDoWithoutALostStore() async throws {
    let memory = MemoryStore()
    try await writeSnapshot(Archive(store: memory), details())
    let store = mirror(LostStore(), memory)
    #expect(try await Archive(store: store).find("latest").complete)
    #expect(try await store.claim("leases/eu-west-1/000001.json", [1]))
    #expect(try await store.claim("leases/eu-west-1/000001.json", [1]) == false)
    #expect(try await store.put("runs/r.json", .bytes([1])) == .written)
    #expect(try await store.exists("runs/r.json"))
    #expect(try await store.exists("runs/s.json") == false)
    #expect(try await store.list(prefix: "runs/").map(\.name) == ["runs/r.json"])
    #expect(notes.all.count == 1, "\(notes.all)")
    #expect(await code { _ = try await mirror(LostStore(), LostStore()).read("a") } == .io)
  }

  @Test func doubtfulStoresAreReadLast() async throws {
    let (doubtful, other) = (MemoryStore(["a": [1]]), MemoryStore(["a": [2]]))
    let store = MirroredStore(
      [MirroredStore.Copy(doubtful) { true }, MirroredStore.Copy(other)], note: { _ in })
    #expect(try await store.read("a") == [2])
  }

  @Test func aStoreThatWasAddedCatchesUp() async throws {
    let old = MemoryStore()
    let manifest = try await writeSnapshot(Archive(store: old), details()).manifest
    _ = try await old.put("runs/r.json", .bytes([1]))
    let new = MemoryStore()
    #expect(try await mirror(old, new).catchUp() > 2)
    let archive = Archive(store: new)
    #expect(try await archive.reader(archive.find(manifest.id)).verify().damaged == [])
    #expect(new.contents["runs/r.json"] == nil)
    #expect(try await mirror(old, new).catchUp() == 0)
  }
}
