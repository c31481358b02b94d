import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import Foundation
import MeshModel
import SnapshotStore
import TestSupport
import Testing

/// A catalog that changes with every listing: `databases` and `tables` are asked what there is the
/// n-th time, from 1 on.
private final class ChangingCatalog: Sendable {
  typealias Tables = @Sendable (_ database: String, _ time: Int) throws -> JSON

  private let counts = Guarded<[String: Int]>([:])
  private let databases: @Sendable (_ time: Int) throws -> [String]
  private let tables: Tables

  init(
    databases: @escaping @Sendable (_ time: Int) throws -> [String] = { _ in ["d"] },
    tables: @escaping Tables
  ) {
    self.databases = databases
    self.tables = tables
  }

  private func next(_ name: String) -> Int {
    counts.withLock { counts in
      counts[name, default: 0] += 1
      return counts[name] ?? 0
    }
  }

  /// How often a database's tables were listed; how often databases were, without a name.
  func listings(of database: String = "") -> Int { counts.withLock { $0[database] ?? 0 } }

  var sender: ScriptedSender {
    ScriptedSender([
      "GetDatabases": { _ in
        let names = try self.databases(self.next(""))
        return [
          "DatabaseList": .array(
            names.map { ["Name": .string($0), "CatalogId": .string(account)] })
        ]
      },
      "GetTables": { input in
        let name = input["DatabaseName"]?.string ?? ""
        return ["TableList": try self.tables(name, self.next(name))]
      },
    ])
  }

  struct Captured {
    let site: SiteCapture
    let records: [String: JSON]
  }

  func capture(relisting: Bool = true) async throws -> Captured {
    let folder = NSTemporaryDirectory() + "meshdr-relisting-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let archive = Archive(store: FolderStore(root: folder + "/store"))
    let time = UTCTime(milliseconds: 0)
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: time, suffix: 1), scratchDirectory: folder)
    let engine = CaptureEngine(
      kinds: [DatabaseKind(), TableKind()], scratchDirectory: folder, observer: Unobserved(),
      relisting: relisting ? Relisting { time } : nil)
    let site = try await engine.capture(sender.site(), into: writer)
    let manifest = try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "", mesh: "", region: "", recoveryPoint: time, finished: time,
        accounts: [], meshFile: ""))
    var stream = try await archive.reader(manifest).records()
    var records: [String: JSON] = [:]
    try stream.forEach { records[$0.key.name] = try $0.value() }
    return Captured(site: site, records: records)
  }
}

private struct Unobserved: CaptureObserver {
  func captured(_ records: Int, of kind: Kind, in account: String) {}
}

private func table(_ name: String, version: Int) -> JSON {
  ["Name": .string(name), "DatabaseName": "d", "VersionId": .string("\(version)")]
}

private func key(_ path: String...) -> RecordKey {
  RecordKey(account: account, kind: path.count == 1 ? .database : .table, path: path)
}

@Suite struct RelistingTests {
  @Test func aQuietAccountIsListedOnceMore() async throws {
    let catalog = ChangingCatalog { _, _ in [table("t", version: 1)] }
    let captured = try await catalog.capture()
    #expect(captured.site.moving == [])
    #expect(captured.site.databases?.map(\.name) == ["d"])
    #expect(catalog.listings() == 2)
    #expect(catalog.listings(of: "d") == 2)
  }

  @Test func aChangedTableIsCapturedAsItIsLater() async throws {
    let catalog = ChangingCatalog { _, time in [table("t", version: time == 1 ? 1 : 2)] }
    let captured = try await catalog.capture()
    #expect(captured.records["d.t"]?["VersionId"] == "2")
    #expect(captured.site.moving == [])
    // The walk, the second look, the second walk, the last look.
    #expect(catalog.listings(of: "d") == 4)
  }

  @Test func tablesThatComeAndGoAreFollowed() async throws {
    let catalog = ChangingCatalog { _, time in
      [table("stays", version: 1), table(time == 1 ? "old" : "new", version: 1)]
    }
    let captured = try await catalog.capture()
    #expect(captured.records.keys.sorted() == ["d", "d.new", "d.stays"])
    #expect(captured.site.moving == [])
  }

  @Test func databasesThatComeAndGoAreFollowed() async throws {
    let catalog = ChangingCatalog(databases: { $0 == 1 ? ["d", "old"] : ["d", "new"] }) {
      database, _ in [table("in_\(database)", version: 1)]
    }
    let captured = try await catalog.capture()
    #expect(captured.records.keys.sorted() == ["d", "d.in_d", "new", "new.in_new"])
    #expect(captured.site.databases?.map(\.name) == ["d", "new"])
    #expect(captured.site.moving == [])
    #expect(catalog.listings(of: "d") == 3)
  }

  @Test func whatNeverRestsIsNamedAndBounded() async throws {
    let catalog = ChangingCatalog { _, time in
      [table("busy", version: time), table("still", version: 1)]
    }
    let captured = try await catalog.capture()
    #expect(captured.site.moving == [key("d", "busy")])
    #expect(catalog.listings() == 1 + Relisting.passes)
    // Once in each walk and once in each look.
    #expect(catalog.listings(of: "d") == 1 + 2 * Relisting.passes)
    #expect(captured.records["d.busy"]?["VersionId"] == "5")
  }

  @Test func aDatabaseStandsForItsVanishedTables() async throws {
    let catalog = ChangingCatalog { _, time in
      time < 4 ? [table("a", version: time), table("b", version: 1)] : [table("b", version: 1)]
    }
    let captured = try await catalog.capture()
    #expect(captured.site.moving == [key("d")])
    #expect(captured.records.keys.sorted() == ["d", "d.b"])
  }

  @Test func withoutRelistingNothingIsListedTwice() async throws {
    let catalog = ChangingCatalog { _, time in [table("t", version: time)] }
    let captured = try await catalog.capture(relisting: false)
    #expect(captured.site.moving == nil)
    #expect(captured.site.databases == nil)
    #expect(catalog.listings(of: "d") == 1)
  }

  @Test func aLaterWalkThatSucceedsTakesTheErrorsBack() async throws {
    let catalog = ChangingCatalog { _, time in
      if time == 1 { throw AWSFailure(code: "AccessDeniedException", message: "no", operation: "") }
      return [table("t", version: 1)]
    }
    let captured = try await catalog.capture()
    #expect(captured.site.errors.isEmpty)
    #expect(captured.records["d.t"] != nil)
  }

  @Test func aLaterWalkThatFailsLeavesWhatWasCaptured() async throws {
    let catalog = ChangingCatalog { _, time in
      if time > 2 { throw AWSFailure(code: "AccessDeniedException", message: "no", operation: "") }
      return [table("t", version: time)]
    }
    let captured = try await catalog.capture()
    #expect(captured.records["d.t"]?["VersionId"] == "1")
    #expect(captured.site.errors.map(\.code) == ["AccessDeniedException"])
  }

  /// A listing that fails says nothing about what is there.
  @Test func databasesThatCannotBeListedAgainAreKept() async throws {
    let catalog = ChangingCatalog(databases: { time in
      if time > 1 { throw AWSFailure(code: "AccessDeniedException", message: "no", operation: "") }
      return ["d"]
    }) { _, _ in [table("t", version: 1)] }
    let captured = try await catalog.capture()
    #expect(captured.records.keys.sorted() == ["d", "d.t"])
    #expect(captured.site.errors.map(\.code) == ["AccessDeniedException"])
    #expect(captured.site.moving == nil)
  }
}
