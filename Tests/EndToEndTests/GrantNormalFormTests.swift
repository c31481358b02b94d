import AWSAccess
import CanonicalJSON
import Capture
import Foundation
import GrantSnapshot
import MeshModel
import TestSupport
import Testing

/// Grants that are made up, given to the stand-in, which lists them as Lake Formation does, and
/// read again.
@Suite struct GrantNormalFormTests {
  /// A tiny lake in both regions: two tables, tags, a filter, a location, and whom to grant.
  private static let lake = """
    account = "111111111111"
    platform = f"arn:aws:iam::{account}:role/mesh-platform"
    columns = [{"Name": name, "Type": "int"} for name in ("id", "price", "salary")]
    for region in ("us-east-1", "eu-west-1"):
        lake, glue = client("lakeformation", account, region), client("glue", account, region)
        lake.put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": platform}],
            "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
            "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}})
        lake.create_lf_tag(TagKey="level", TagValues=["low", "high"])
        lake.create_lf_tag_expression(
            Name="plain", Expression=[{"TagKey": "level", "TagValues": ["low"]}])
        lake.register_resource(ResourceArn="arn:aws:s3:::lake/shop", RoleArn=platform)
        glue.create_database(DatabaseInput={"Name": "shop"})
        for table in ("orders", "people"):
            glue.create_table(DatabaseName="shop", TableInput={
                "Name": table, "StorageDescriptor": {"Columns": columns}})
        lake.create_data_cells_filter(TableData={
            "TableCatalogId": account, "DatabaseName": "shop", "TableName": "people",
            "Name": "west", "RowFilter": {"FilterExpression": "id = 1"},
            "ColumnWildcard": {"ExcludedColumnNames": ["salary"]}})
    """

  private func made() throws -> StandIn {
    let mesh = try StandIn(seeded: false)
    let roles: JSON = ["mesh-platform", "analyst", "pipeline"]
    let accounts: JSON = [
      ["id": "111111111111", "name": "governance", "unit": "G", "roles": roles],
      ["id": "222222222222", "name": "sales", "unit": "D", "roles": roles],
    ]
    try mesh.control("POST", "accounts", ["accounts": accounts])
    _ = try mesh.boto(Self.lake)
    return mesh
  }

  private func give(_ given: [GrantMaker.Grant], to mesh: StandIn) throws {
    let entries = JSON.array(given.map(\.entry)).canonicalText
    _ = try mesh.boto(
      """
      lake = client("lakeformation", "111111111111", "us-east-1")
      entries = json.loads(\(JSON.string(entries).canonicalText))
      for start in range(0, len(entries), 20):
          batch = [{"Id": str(n), **entry} for n, entry in enumerate(entries[start:start + 20])]
          answer = lake.batch_grant_permissions(Entries=batch)
          assert not answer["Failures"], answer["Failures"]
      """)
  }

  private func site(_ session: AWSSession, _ region: String) async throws -> Site {
    let client = try await session.client(
      account: GrantMaker.account, role: "mesh-platform", region: AWSRegion(region))
    return Site(client: client, principal: GrantMaker.platform)
  }

  private func listed(at site: Site) async throws -> [Record] {
    let found = RecordCollector()
    try await GrantKind().list(at: site, below: nil, into: found)
    var records: [RecordKey: Record] = [:]
    for record in found.records where try !GrantMaker.isImplicit(record) {
      // Where a filter is, its table's grants come twice.
      records[record.key] =
        try records[record.key].map { try GrantKind().merged($0, record) }
        ?? record
    }
    return records.values.sorted { $0.key < $1.key }
  }

  /// By AWS's documentation of what is expanded and doubled, said here once more; and what was
  /// listed, given to another region, is listed there as the same.
  @Test(arguments: [UInt64(1), 2, 3]) func whatWasGrantedIsListedInOneForm(
    seed: UInt64
  ) async throws {
    let mesh = try made()
    let session = try AWSSession(configuration: AWSConfiguration(environment: mesh.environment))
    defer { session.shutdown() }
    var maker = GrantMaker(seed: seed)
    let given = (0..<60).map { _ in maker.grant() }
    try give(given, to: mesh)

    let first = try await listed(at: site(session, "us-east-1"))
    let facts = try Set(first.flatMap(GrantMaker.facts))
    let wanted = Set(given.flatMap(\.facts))
    #expect(facts.subtracting(wanted).isEmpty)
    #expect(wanted.subtracting(facts).isEmpty)

    let secondary = try await site(session, "eu-west-1")
    for record in first {
      let change = Change(step: .create, key: record.key, desired: try record.value(), live: nil)
      let failures = try await GrantKind().apply([change], at: secondary)
      #expect(failures.isEmpty, "\(record.key): \(failures)")
    }
    let second = try await listed(at: secondary)
    #expect(second.map(\.key) == first.map(\.key))
    let kind = GrantKind()
    #expect(
      try second.map { kind.comparable(try $0.value()) }
        == first.map { kind.comparable(try $0.value()) })
  }
}
