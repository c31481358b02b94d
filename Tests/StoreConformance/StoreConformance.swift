import Foundation
import SnapshotStore
import Testing

/// What every store must pass: each function is given an empty one.
public enum StoreConformance {
  /// By what each of them shows.
  public static let checks: [String: @Sendable (any BlobStore) async throws -> Void] = [
    "written and read": writtenAndRead, "never overwritten": neverOverwritten,
    "listed": listed, "deleted": deleted, "missing": missing, "names": names,
    "from a file": fromAFile, "raced": raced,
    "claimed": claimed, "claimed by many": claimedByMany,
  ]

  @Sendable private static func writtenAndRead(_ store: any BlobStore) async throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    #expect(try await store.put("a/b/c.bin", .bytes(bytes)) == .written)
    #expect(try await store.read("a/b/c.bin") == bytes)
    let local = try await store.local("a/b/c.bin")
    #expect(try local.size == bytes.count && local.bytes() == bytes)
    #expect(try await store.exists("a/b/c.bin"))
    #expect(try await store.put("empty", .bytes([])) == .written)
    #expect(try await store.read("empty") == [])
  }

  @Sendable private static func neverOverwritten(_ store: any BlobStore) async throws {
    _ = try await store.put("x", .bytes([1, 2]))
    #expect(try await store.put("x", .bytes([3, 4])) == .alreadyThere)
    #expect(await code { _ = try await store.put("x", .bytes([3])) } == .damaged)
    #expect(try await store.read("x") == [1, 2])
  }

  @Sendable private static func listed(_ store: any BlobStore) async throws {
    #expect(try await store.list(prefix: "").isEmpty)
    for name in ["b/2", "a/10", "a/1", "ab", "b/1/c"] {
      _ = try await store.put(name, .bytes(Array(name.utf8)))
    }
    func names(_ prefix: String) async throws -> [String] {
      try await store.list(prefix: prefix).map(\.name)
    }
    #expect(try await names("") == ["a/1", "a/10", "ab", "b/1/c", "b/2"])
    #expect(try await names("a") == ["a/1", "a/10", "ab"])
    #expect(try await names("a/") == ["a/1", "a/10"])
    #expect(try await names("b/1") == ["b/1/c"])
    #expect(try await names("c/").isEmpty)
    #expect(try await store.list(prefix: "a/10") == [BlobInfo(name: "a/10", size: 4)])
  }

  @Sendable private static func deleted(_ store: any BlobStore) async throws {
    _ = try await store.put("a/x", .bytes([1]))
    try await store.delete("a/x")
    try await store.delete("a/x")
    #expect(try await store.exists("a/x") == false)
    #expect(try await store.put("a/x", .bytes([2])) == .written)
  }

  @Sendable private static func missing(_ store: any BlobStore) async throws {
    #expect(try await store.exists("none") == false)
    #expect(await code { _ = try await store.read("none") } == .notFound)
    #expect(await code { _ = try await store.local("a/none") } == .notFound)
  }

  @Sendable private static func names(_ store: any BlobStore) async throws {
    let bad = ["", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a/.b", "a\0", "ä", "a b", "a\n"]
    for name in bad {
      #expect(await code { _ = try await store.put(name, .bytes([])) } == .invalid)
      #expect(await code { _ = try await store.read(name) } == .invalid)
      #expect(await code { try await store.delete(name) } == .invalid)
    }
  }

  @Sendable private static func fromAFile(_ store: any BlobStore) async throws {
    let file = try ScratchFile(in: NSTemporaryDirectory())
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try bytes.withUnsafeBytes { try file.append($0) }
    #expect(try await store.put("big", .file(file)) == .written)
    #expect(try await store.read("big") == bytes)
    #expect(try await store.put("big", .file(file)) == .alreadyThere)
  }

  @Sendable private static func raced(_ store: any BlobStore) async throws {
    let outcomes = try await withThrowingTaskGroup(of: PutOutcome.self) { tasks in
      for number in 0..<20 {
        tasks.addTask {
          try await store.put("race/x", .bytes([UInt8](repeating: UInt8(number), count: 9999)))
        }
      }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .written }.count == 1)
    #expect(try await Set(store.read("race/x")).count == 1)
  }

  @Sendable private static func claimed(_ store: any BlobStore) async throws {
    #expect(try await store.claim("active/1", [1, 2]))
    #expect(try await store.claim("active/1", [1, 2]) == false)
    #expect(try await store.claim("active/1", [3]) == false)
    #expect(try await store.read("active/1") == [1, 2])
    _ = try await store.put("active/2", .bytes([4]))
    #expect(try await store.claim("active/2", [4]) == false)
    try await store.delete("active/1")
    #expect(try await store.claim("active/1", [5]))
    #expect(await code { _ = try await store.claim("../active", [1]) } == .invalid)
  }

  @Sendable private static func claimedByMany(_ store: any BlobStore) async throws {
    let winners = try await withThrowingTaskGroup(of: UInt8?.self, returning: [UInt8].self) {
      tasks in
      for number in UInt8(0)..<20 {
        tasks.addTask { try await store.claim("race/y", [number, number]) ? number : nil }
      }
      var winners: [UInt8] = []
      for try await winner in tasks { winners += winner.map { [$0] } ?? [] }
      return winners
    }
    #expect(winners.count == 1)
    #expect(try await store.read("race/y").first == winners.first)
  }
}

/// The code of the `ArchiveError` that `body` throws.
public func code(_ body: () async throws -> Void) async -> ArchiveError.Code? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? ArchiveError)?.code
  }
}
