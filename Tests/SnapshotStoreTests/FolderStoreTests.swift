import Foundation
import StoreConformance
import Testing

@testable import SnapshotStore

@Suite struct FolderStoreTests {
  private let folder: TemporaryFolder
  private let root: String

  init() throws {
    folder = try TemporaryFolder()
    root = folder.path + "/deep/store"
  }

  @Test(arguments: StoreConformance.checks.keys.sorted())
  func conforms(_ name: String) async throws {
    let check = try #require(StoreConformance.checks[name])
    try await check(FolderStore(root: root))
  }

  @Test func nobodyElseCanRead() async throws {
    let store = FolderStore(root: root)
    _ = try await store.put("packs/ab/x", .bytes([1]))
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: root + path)[.posixPermissions] as? Int
    }
    #expect(try mode("") == 0o700 && mode("/packs") == 0o700 && mode("/packs/ab") == 0o700)
    #expect(try mode("/packs/ab/x") == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/.tmp").isEmpty)
  }

  @Test func leftoversGoAndLivingFilesStay() async throws {
    let store = FolderStore(root: root)
    _ = try await store.put("x", .bytes([1]))
    let abandoned = root + "/.tmp/abandoned"
    let locked = root + "/.tmp/locked"
    for path in [abandoned, locked] {
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
    }
    let descriptor = open(locked, O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect(try await store.removeLeftovers() == 1)
    #expect(FileManager.default.fileExists(atPath: locked))
    #expect(try await store.list(prefix: "").map(\.name) == ["x"])
  }

  @Test func linksAreNotFollowed() async throws {
    let store = FolderStore(root: root)
    _ = try await store.put("packs/x", .bytes([1]))
    try FileManager.default.createSymbolicLink(
      atPath: root + "/packs/y", withDestinationPath: "/etc/passwd")
    #expect(try await store.list(prefix: "packs/").map(\.name) == ["packs/x"])
    #expect(await code { _ = try await store.local("packs/y") } == .damaged)
    #expect(await code { _ = try await store.read("packs/y") } == .io)
  }
}
