import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Restore

/// What a full drill makes of a mesh: all of it, in the drill accounts and for their principals only.
@Suite struct FullDrillingTests {
  private typealias Sample = LakeSamples.Sample

  private let kinds: [any ResourceKind] =
    catalogKinds(partitionStatistics: [], tableVersions: 0) + grantKinds
  private let accounts = [Sample.owner: "911111111111", Sample.consumer: "922222222222"]

  private func derive(
    _ records: [Record], principals: [String: String] = [:], role: String? = nil
  ) throws -> (records: [Record], mapper: Mapper) {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.accounts = accounts
    mapping.principals = principals
    let drilling = FullDrilling(accounts: Set(accounts.values), role: role)
    let mapper = Mapper(mapping)
    let derived = try records.compactMap { record -> Record? in
      guard let kind = kinds.first(where: { $0.kind.name == record.key.kindName }) else {
        return nil
      }
      mapper.begin(record.key)
      return try drilling.derived(record, of: kind, by: mapper)
    }
    return (derived, mapper)
  }

  private func principals(_ records: [Record]) throws -> [String] {
    try records.compactMap { GrantKind().principal(of: try $0.value()) }
  }

  private func record(_ kind: Kind, _ path: [String], _ body: JSON) -> Record {
    Record(key: RecordKey(account: Sample.owner, kind: kind, path: path), value: body)
  }

  /// No account of the mesh is left in anything that a drill makes, whatever is drawn.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func nobodyOfTheMeshAppears(seed: UInt64) throws {
    var maker = MeshMaker(seed: seed, inBothAccounts: true)
    let drawn = maker.records()
    let (records, mapper) = try derive(drawn)
    #expect(mapper.problems.isEmpty, "\(mapper.problems)")
    #expect(records.count == drawn.count)
    for record in records {
      let text = "\(record.key.text) \(try record.value().canonicalText)"
      for account in accounts.keys { #expect(!text.contains(account), "\(text)") }
    }
  }

  private let foreign = [
    "arn:aws:iam::333333333333:role/partner", "333333333333", "333333333333:IAMPrincipals",
    "arn:aws:organizations::900000000000:organization/o-abcdefghij",
    "arn:aws:organizations::900000000000:ou/o-abcdefghij/ou-ab12-11111111",
    "arn:aws:identitystore:::group/0123-4567", "arn:aws:iam::333333333333:saml-provider/x:user/y",
  ]

  @Test func whoIsOfNoDrillAccountIsRefused() throws {
    for principal in foreign {
      let grant = Sample.grant(principal, On.table("d1", "t1"), ["SELECT"])
      let (records, mapper) = try derive([grant])
      #expect(records.isEmpty, "\(principal)")
      #expect(mapper.problems.map(\.name) == [principal])
    }
  }

  @Test func aRoleOrANamedPrincipalStandsIn() throws {
    for principal in foreign {
      let grant = Sample.grant(principal, On.table("d1", "t1"), ["SELECT"])
      let (records, mapper) = try derive([grant], role: "stand-in")
      #expect(try self.principals(records) == ["arn:aws:iam::911111111111:role/stand-in"])
      let named = "arn:aws:iam::922222222222:role/drill"
      #expect(
        try self.principals(derive([grant], principals: [principal: named]).records) == [named])
      #expect(mapper.problems.isEmpty)
    }
  }

  /// Whoever IAM lets in is of the drill account: nobody of the mesh is.
  @Test func everybodyOfADrillAccountMayBeNamed() throws {
    let grant = Sample.grant("IAM_ALLOWED_PRINCIPALS", On.table("d1", "t1"), ["ALL"])
    let (records, mapper) = try derive([grant])
    #expect(records.count == 1)
    #expect(mapper.problems.isEmpty)
  }

  @Test func settingsNameDrillPrincipalsOnly() throws {
    func admin(_ text: String) -> JSON { ["DataLakePrincipalIdentifier": .string(text)] }
    let settings = record(
      .settings, [],
      [
        "DataLakeAdmins": [
          admin("arn:aws:iam::\(Sample.owner):role/lead"),
          admin("arn:aws:iam::333333333333:role/x"),
        ],
        "CreateTableDefaultPermissions": [
          ["Principal": admin("333333333333"), "Permissions": ["ALL"]]
        ],
        "TrustedResourceOwners": [.string(Sample.consumer), "333333333333"],
        "ExternalDataFilteringAllowList": [admin("333333333333"), admin(Sample.consumer)],
      ])
    let (records, mapper) = try derive([settings])
    let body = try #require(try records.first?.value())
    #expect(body["DataLakeAdmins"] == [admin("arn:aws:iam::911111111111:role/lead")])
    #expect(body["CreateTableDefaultPermissions"] == [])
    #expect(body["TrustedResourceOwners"] == ["922222222222"])
    #expect(body["ExternalDataFilteringAllowList"] == [admin("922222222222")])
    #expect(mapper.problems.count == 2)
  }

  private func policy(_ statements: JSON) -> Record {
    let document: JSON = ["Version": "2012-10-17", "Statement": statements]
    return record(.resourcePolicy, [], ["PolicyInJson": .string(document.canonicalText)])
  }

  private func statements(_ records: [Record]) throws -> [JSON] {
    try records.flatMap { record -> [JSON] in
      let text = try record.value()["PolicyInJson"]?.string ?? ""
      return try JSON(parsing: text)["Statement"]?.array ?? []
    }
  }

  @Test func aPolicyAllowsNobodyElse() throws {
    let own = "arn:aws:iam::\(Sample.consumer):role/team"
    let given: JSON = [
      ["Effect": "Allow", "Principal": "*", "Action": "glue:Get*", "Resource": "*"],
      [
        "Effect": "Allow", "Principal": ["AWS": ["333333333333", .string(own)]],
        "Action": "glue:Get*", "Resource": "*",
      ],
      ["Effect": "Allow", "NotPrincipal": ["AWS": "333333333333"], "Action": "*", "Resource": "*"],
      ["Effect": "Deny", "Principal": "*", "Action": "glue:DeleteTable", "Resource": "*"],
      [
        "Effect": "Allow", "Principal": ["Service": "ram.amazonaws.com"],
        "Action": "glue:ShareResource", "Resource": "*",
      ],
    ]
    let (records, mapper) = try derive([policy(given)])
    let kept = try statements(records)
    #expect(kept.count == 3)
    #expect(kept.contains { $0["Effect"] == "Deny" && $0["Principal"] == "*" })
    #expect(
      kept.contains { $0["Principal"] == ["AWS": ["arn:aws:iam::922222222222:role/team"]] })
    #expect(!mapper.problems.isEmpty)
    let replaced = try statements(derive([policy(given)], role: "stand-in").records)
    #expect(
      replaced.contains { $0["Principal"] == ["AWS": ["arn:aws:iam::911111111111:role/stand-in"]] })
    #expect(
      replaced.filter { $0["Effect"] == "Allow" }.allSatisfy { $0["Principal"] != "*" })
  }

  @Test func aPolicyThatAllowsNobodyIsNone() throws {
    let given: JSON = [["Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"]]
    #expect(try derive([policy(given)]).records.isEmpty)
  }

  @Test func whatIsMadeIsKnownByItsKeys() {
    let owner = "911111111111"
    func key(_ kind: Kind, _ path: String...) -> RecordKey {
      RecordKey(account: owner, kind: kind, path: path)
    }
    let footprint = DrillFootprint(
      keys: [key(.database, "d1"), key(.lfTag, "level")], kinds: kinds.map(\.kind))
    #expect(footprint.owns(key(.table, "d1", "t1")))
    #expect(footprint.owns(key(.partition, "d1", "t1", "2026")))
    #expect(!footprint.owns(key(.table, "d2", "t1")))
    #expect(footprint.owns(key(.lfTag, "level")))
    #expect(!footprint.owns(key(.lfTag, "theirs")))
    #expect(footprint.owns(key(.grant, "table", owner, "d1", "t1", "p")))
    #expect(!footprint.owns(key(.grant, "table", owner, "d2", "t1", "p")))
    #expect(footprint.owns(key(.grant, "catalog", owner, "p")))
  }
}
