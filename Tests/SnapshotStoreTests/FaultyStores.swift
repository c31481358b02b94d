import Synchronization
import Testing

@testable import SnapshotStore

/// A store whose user is killed after so many changes to it: from then on nothing is done, and
/// everything fails.
final class DyingStore: BlobStore {
  private let store: any BlobStore
  private let left: Mutex<Int>

  /// - Parameter steps: how many blobs are still written or removed.
  init(_ store: any BlobStore, steps: Int) {
    self.store = store
    left = Mutex(steps)
  }

  private func change() throws {
    try left.withLock { left in
      guard left > 0 else { throw ArchiveError(.io, "killed") }
      left -= 1
    }
  }

  private func live() throws {
    guard left.withLock({ $0 > 0 }) else { throw ArchiveError(.io, "killed") }
  }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    try change()
    return try await store.put(name, content)
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try change()
    return try await store.claim(name, bytes)
  }

  func read(_ name: String) async throws -> [UInt8] {
    try live()
    return try await store.read(name)
  }

  func local(_ name: String) async throws -> LocalBlob {
    try live()
    return try await store.local(name)
  }

  func list(prefix: String) async throws -> [BlobInfo] {
    try live()
    return try await store.list(prefix: prefix)
  }

  func delete(_ name: String) async throws {
    try change()
    try await store.delete(name)
  }

  func exists(_ name: String) async throws -> Bool {
    try live()
    return try await store.exists(name)
  }
}
