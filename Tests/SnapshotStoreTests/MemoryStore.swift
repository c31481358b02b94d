import StoreConformance
import Synchronization
import Testing

@testable import SnapshotStore

/// A store that a test can spoil at will.
final class MemoryStore: BlobStore {
  private let blobs: Mutex<[String: [UInt8]]>
  /// How many puts succeed before the store is lost; nil for no end.
  private let putsLeft: Mutex<Int?>

  init(_ blobs: [String: [UInt8]] = [:], putsBeforeLoss: Int? = nil) {
    self.blobs = Mutex(blobs)
    putsLeft = Mutex(putsBeforeLoss)
  }

  var contents: [String: [UInt8]] { blobs.withLock { $0 } }

  func set(_ name: String, _ bytes: [UInt8]?) { blobs.withLock { $0[name] = bytes } }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    try checkBlobName(name)
    try putsLeft.withLock {
      guard let left = $0 else { return }
      if left == 0 { throw ArchiveError(.io, "the store is lost") }
      $0 = left - 1
    }
    var bytes: [UInt8] = []
    try content.forEachPiece { bytes += $0 }
    return try blobs.withLock { blobs in
      if let there = blobs[name] {
        guard there.count == bytes.count else { throw ArchiveError(.damaged, "another size") }
        return .alreadyThere
      }
      blobs[name] = bytes
      return .written
    }
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try checkBlobName(name)
    return blobs.withLock { blobs in
      guard blobs[name] == nil else { return false }
      blobs[name] = bytes
      return true
    }
  }

  func read(_ name: String) async throws -> [UInt8] {
    try checkBlobName(name)
    guard let bytes = contents[name] else { throw ArchiveError(.notFound, "no \(name)") }
    return bytes
  }

  func local(_ name: String) async throws -> LocalBlob {
    let bytes = try await read(name)
    return LocalBlob(size: bytes.count) { bytes }
  }

  func list(prefix: String) async throws -> [BlobInfo] {
    contents.filter { $0.key.hasPrefix(prefix) }
      .map { BlobInfo(name: $0.key, size: $0.value.count) }.sorted { $0.name < $1.name }
  }

  func delete(_ name: String) async throws {
    try checkBlobName(name)
    set(name, nil)
  }

  func exists(_ name: String) async throws -> Bool { contents[name] != nil }
}

@Suite struct MemoryStoreTests {
  @Test(arguments: StoreConformance.checks.keys.sorted())
  func conforms(_ name: String) async throws {
    let check = try #require(StoreConformance.checks[name])
    try await check(MemoryStore())
  }
}
