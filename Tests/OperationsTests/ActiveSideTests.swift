import Foundation
import SnapshotStore
import Testing

@testable import Operations

@Suite struct ActiveSideTests {
  private let folder: TemporaryFolder
  private let store: FolderStore
  private let now = "2026-11-24T03:00:00.000Z"

  init() throws {
    folder = try TemporaryFolder()
    store = FolderStore(root: folder.path)
  }

  @Test func itIsThePrimaryUntilSomebodySwitches() async throws {
    let side = try await ActiveSides(store).current(of: Samples.mesh())
    #expect(side == ActiveSide(region: "us-east-1"))
  }

  @Test func theNewestEntryCountsAndNoneIsLost() async throws {
    let sides = ActiveSides(store)
    for number in 1...11 {
      let region = number.isMultiple(of: 2) ? "us-east-1" : "eu-west-1"
      try await sides.activate(region, run: "restore-\(number)", now: now)
    }
    let side = try await sides.current(of: Samples.mesh())
    #expect(side == ActiveSide(region: "eu-west-1", since: now, run: "restore-11"))
    #expect(try await store.list(prefix: "active/").count == 11)
    #expect(try await store.list(prefix: "active/").last?.name == "active/000011.json")
  }

  @Test func ofManyThatSwitchAtOnceEachIsWrittenOrToldSo() async throws {
    let store = store
    let now = now
    let written = await withTaskGroup(of: Bool.self) { tasks in
      for number in 0..<12 {
        tasks.addTask {
          do {
            try await ActiveSides(store).activate("eu-west-1", run: "\(number)", now: now)
            return true
          } catch {
            #expect((error as? ArchiveError)?.code == .conflict)
            return false
          }
        }
      }
      return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(written > 0)
    #expect(try await store.list(prefix: "active/").count == written)
  }

  @Test func whatCannotBeReadIsNotTakenForThePrimary() async throws {
    _ = try await store.put("active/000001.json", .bytes(Array("{".utf8)))
    await #expect(throws: ArchiveError.self) {
      try await ActiveSides(store).current(of: Samples.mesh())
    }
  }
}
