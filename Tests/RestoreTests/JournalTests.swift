import CanonicalJSON
import Foundation
import SnapshotStore
import Synchronization
import Testing

@testable import Restore

@Suite struct JournalTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "meshdr-journal-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func lines(_ store: some BlobStore) async throws -> [String] {
    var lines: [String] = []
    for blob in try await store.list(prefix: "journals/r/") {
      let text = String(decoding: try await store.read(blob.name), as: UTF8.self)
      lines += text.split(separator: "\n").map(String.init)
    }
    return lines
  }

  @Test func whatIsFlushedIsInTheStoreOnceAndInOrder() async throws {
    let store = FolderStore(root: folder + "/store")
    let mirror = try await JournalMirror("r", in: store, nonce: "a")
    let path = folder + "/journal"
    let journal = try Journal(path: path, now: { "now" }, mirror: mirror)
    for round in 0..<3 {
      for number in 0..<4 { try journal.write("begin", ["key": .string("\(round)-\(number)")]) }
      try await mirror.flush()
      try await mirror.flush()
    }
    try journal.finish()
    #expect(try await store.list(prefix: "journals/r/").count == 3)
    let file = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(try await lines(store) == file.map(String.init))

    // Another machine goes on behind it.
    let next = try await JournalMirror("r", in: store, nonce: "b")
    next.append(Array("last\n".utf8))
    try await next.flush()
    #expect(try await lines(store).last == "last")
    #expect(try await store.list(prefix: "journals/r/").count == 4)
  }

  @Test func whatAStoreRefusesIsKeptForTheNextTime() async throws {
    let store = FailingStore(FolderStore(root: folder + "/store"))
    let mirror = try await JournalMirror("r", in: store, nonce: "a")
    for number in 0..<3 {
      mirror.append(Array("line \(number)\n".utf8))
      await #expect(throws: ArchiveError.self) { try await mirror.flush() }
    }
    store.fails.withLock { $0 = false }
    mirror.append(Array("line 3\n".utf8))
    try await mirror.flush()
    #expect(try await lines(store) == (0..<4).map { "line \($0)" })
  }

  @Test func aLineThatWasCutDoesNotSpoilTheNext() throws {
    let path = folder + "/journal"
    try "{\"event\":\"start\"}\n{\"event\":\"beg".write(
      toFile: path, atomically: true, encoding: .utf8)
    let journal = try Journal(path: path, now: { "now" })
    try journal.write("end", [:])
    try journal.finish()
    let last = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last
    #expect(last == "{\"at\":\"now\",\"event\":\"end\"}")
  }
}

/// A store that can't be written to for a while.
private final class FailingStore: BlobStore {
  let fails = Mutex(true)
  private let store: FolderStore

  init(_ store: FolderStore) { self.store = store }

  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    if fails.withLock({ $0 }) { throw ArchiveError(.io, "the store is not there") }
    return try await store.put(name, content)
  }

  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try await store.claim(name, bytes)
  }

  func read(_ name: String) async throws -> [UInt8] { try await store.read(name) }
  func local(_ name: String) async throws -> LocalBlob { try await store.local(name) }
  func list(prefix: String) async throws -> [BlobInfo] { try await store.list(prefix: prefix) }
  func delete(_ name: String) async throws { try await store.delete(name) }
  func exists(_ name: String) async throws -> Bool { try await store.exists(name) }
}
