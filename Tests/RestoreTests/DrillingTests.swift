import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Restore

/// What a drill makes of a mesh: nobody of it appears, and everything stands under the prefix.
@Suite struct DrillingTests {
  private let kinds: [any ResourceKind] =
    catalogKinds(partitionStatistics: [], tableVersions: 0) + grantKinds

  private func derive(
    _ records: [Record], standIns: [String: String] = [:], role: String? = nil
  ) throws -> (drilling: Drilling, records: [Record]) {
    let prefix = Clearing.prefix(0xABC)
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.prefix = prefix
    for account in [LakeSamples.Sample.owner, LakeSamples.Sample.consumer] {
      mapping.restorers[account] = "arn:aws:iam::\(account):role/restorer"
    }
    let drilling = Drilling(prefix: prefix, standIns: standIns, role: role, mesh: [])
    let mapper = Mapper(mapping)
    let derived = try records.compactMap { record -> Record? in
      guard let kind = kinds.first(where: { $0.kind.name == record.key.kindName }) else {
        return nil
      }
      mapper.begin(record.key)
      return try drilling.derived(record, of: kind, by: mapper)
    }
    return (drilling, derived)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func nobodyOfTheMeshAppears(seed: UInt64) throws {
    var maker = MeshMaker(seed: seed, inBothAccounts: true)
    let (drilling, records) = try derive(maker.records(), role: seed % 2 == 0 ? "stand-in" : nil)
    for record in records {
      #expect(drilling.owns(record.key), "\(record.key)")
      let body = try record.value()
      if record.key.kindName == "grant" {
        let principal = GrantKind().principal(of: body) ?? ""
        let role = seed % 2 == 0 ? "stand-in" : "restorer"
        #expect(principal == "arn:aws:iam::\(record.key.account):role/\(role)")
      }
      if record.key.kindName == "database" {
        #expect(body["CreateTableDefaultPermissions"] == [])
      }
      #expect(!["settings", "location"].contains(record.key.kindName))
    }
  }

  @Test func whatIsNamedStandsIn() throws {
    let grant = LakeSamples.Sample.grant(
      LakeSamples.Sample.analyst, On.table("d1", "t1"), ["SELECT"])
    let standIn = "arn:aws:iam::111111111111:role/drill-analyst"
    let (_, records) = try derive([grant], standIns: [LakeSamples.Sample.analyst: standIn])
    #expect(try records.map { GrantKind().principal(of: try $0.value()) } == [standIn])
  }

  @Test func onlyAWholePrefixIsOne() {
    #expect(Clearing.isPrefix(Clearing.prefix(0)))
    #expect(Clearing.isPrefix(Clearing.prefix(.max)))
    for text in [
      "", "drill_", "drill_sales___", "drill_0000000g_", "drill_000000000", "drill_00000000",
    ] {
      #expect(!Clearing.isPrefix(text), "\(text)")
    }
  }

  @Test func whatOnlyLooksLikeACopyIsNone() {
    let prefix = Clearing.prefix(1)
    func key(_ kind: Kind, _ path: String...) -> RecordKey {
      RecordKey(account: "111111111111", kind: kind, path: path)
    }
    #expect(Drilling.isUnder(prefix, key(.table, prefix + "sales", "orders")))
    #expect(!Drilling.isUnder(prefix, key(.table, "sales", prefix + "orders")))
    #expect(!Drilling.isUnder(prefix, key(.database, "drill_00000002_sales")))
    // A principal is not what a grant is on.
    #expect(!Drilling.isUnder(prefix, key(.grant, "database", "111111111111", "sales", prefix)))
    #expect(
      Drilling.isUnder(prefix, key(.grant, "lf-tag-policy", "TABLE", "a=b&\(prefix)c=d", "p")))
  }
}

/// What a drill that is undone gives back of an account's settings.
@Suite struct SettingsUndoingTests {
  private let restorer = "arn:aws:iam::111111111111:role/meshdr-restorer"
  private let open: JSON = [["Principal": "everybody"]]

  private func settings(_ admins: [String], _ defaults: JSON) -> JSON {
    [
      "DataLakeAdmins": .array(admins.map { ["DataLakePrincipalIdentifier": .string($0)] }),
      "CreateDatabaseDefaultPermissions": defaults, "CreateTableDefaultPermissions": defaults,
      "Parameters": ["CROSS_ACCOUNT_VERSION": "4"],
    ]
  }

  @Test func anAdministratorWhoWasRemovedMeanwhileDoesNotComeBack() {
    let before = settings(["former", "boss"], open)
    let now = settings(["boss", restorer], [])
    let part = SettingsUndoing.ownPart.body(now, before: before, restorer: restorer)
    #expect(part == settings(["boss"], open))
    let closed = SettingsUndoing.ownPartClosed.body(now, before: before, restorer: restorer)
    #expect(closed == settings(["boss"], []))
    let whole = SettingsUndoing.whole.body(now, before: before, restorer: restorer)
    #expect(whole == before)
  }

  @Test func whatOthersOpenedOrClosedStays() {
    let others: JSON = [["Principal": "others"]]
    let before = settings([restorer], open)
    let now = settings([restorer, "new"], others)
    let part = SettingsUndoing.ownPart.body(now, before: before, restorer: restorer)
    #expect(part == now)
  }
}
