import CatalogSnapshot
import GrantSnapshot
import MeshModel
@testable import SnapshotStore
import Testing

@testable import Restore

/// Which packs a restore reads, and so checks before it changes anything.
@Suite struct PacksReadTests {
  private func pack(
    _ account: String, _ database: String?, _ kinds: Kind...
  ) -> ManifestPack {
    let members = kinds.map { kind in
      let key = RecordKey(account: account, kind: kind, path: [database ?? "x", "t"])
      return ManifestMember(
        path: key.text, kind: kind, records: 1, bytes: 1, digest: "", firstKey: key, lastKey: key)
    }
    return ManifestPack(
      digest: "", bytes: 1, group: PackGroup(account: account, database: database),
      members: members)
  }

  private func isRead(_ pack: ManifestPack, _ only: String...) -> Bool {
    RestoreRun.reads(
      pack, of: catalogKinds() + grantKinds, in: ["1"], only: only.compactMap { Selector($0) })
  }

  @Test func everythingOfTheAccountsThatAreRestored() {
    #expect(isRead(pack("1", "sales", .partition)) && isRead(pack("1", nil, .grant)))
    #expect(!isRead(pack("2", "sales", .table)))
    // Others' buckets and keys are mapped.
    #expect(isRead(pack("2", nil, .grant)))
  }

  @Test func noBulkThatNobodyAsksFor() {
    #expect(!isRead(pack("1", "web", .partition), "sales"))
    #expect(isRead(pack("1", "sales", .partition), "sales"))
    #expect(!isRead(pack("1", "sales", .partition), "kind:grant"))
    // What access depends on is read whatever is asked for.
    #expect(isRead(pack("1", "web", .table, .partition), "sales"))
  }

  @Test func nothingThatIsKeptForReadingOnly() {
    #expect(!isRead(pack("1", "sales", .tableVersion)))
  }
}
