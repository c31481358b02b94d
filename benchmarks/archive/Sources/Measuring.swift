import Foundation
import SnapshotStore
import Synchronization

/// CPU and time of this process.
struct Spent {
  var cpu = 0.0
  var wall = 0.0

  static func now() -> Spent {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Spent(
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      wall: Double(DispatchTime.now().uptimeNanoseconds) / 1e9)
  }

  mutating func add(since began: Spent) {
    let now = Self.now()
    cpu += now.cpu - began.cpu
    wall += now.wall - began.wall
  }
}

/// Counts how many bytes of packs are read.
final class CountingStore: BlobStore {
  private let store: any BlobStore
  private let count = Mutex(0)

  init(_ store: any BlobStore) {
    self.store = store
  }

  var read: Int { count.withLock(\.self) }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    try await store.put(name, content)
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try await store.claim(name, bytes)
  }

  func read(_ name: String) async throws -> [UInt8] { try await store.read(name) }

  func local(_ name: String) async throws -> LocalBlob {
    let blob = try await store.local(name)
    return LocalBlob(size: blob.size) {
      let bytes = try blob.bytes()
      self.count.withLock { $0 += bytes.count }
      return bytes
    }
  }

  func list(prefix: String) async throws -> [BlobInfo] { try await store.list(prefix: prefix) }
  func delete(_ name: String) async throws { try await store.delete(name) }
  func exists(_ name: String) async throws -> Bool { try await store.exists(name) }
}
