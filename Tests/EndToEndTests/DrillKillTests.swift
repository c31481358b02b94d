import CanonicalJSON
import Foundation
import LakeSamples
import Testing

/// Killed at any of its calls, a drill is undone by `--clean`, and the region is as it was. The calls
/// are drawn, the same for the same seed.
@Suite struct DrillKillTests {
  private let here = #""eu-west-1""#

  @Test func nimbusCart() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try killAndClean(mesh, seed: 9, times: 2)
  }

  @Test(arguments: [UInt64(4), 5]) func aMeshThatIsMadeUp(seed: UInt64) throws {
    let mesh = try StandIn(seeded: false)
    try makeUp(mesh, seed: seed)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try killAndClean(mesh, seed: seed, times: 3)
    try killAndResume(mesh, seed: seed, times: 2)
  }

  /// A drill that goes on after it was killed comes to the same as one that was not.
  private func killAndResume(_ mesh: StandIn, seed: UInt64, times: Int) throws {
    var numbers = SeededNumbers(state: seed)
    let before = try mesh.state(here)
    try mesh.control("DELETE", "calls")
    let whole = try mesh.meshdr("drill", "--region", "eu-west-1", "--output", "json").json()
    let changes = try mesh.changingCalls()
    try #require(changes.count > 10)
    for time in 0..<times {
      let call = changes[Int.random(in: 0..<changes.count, using: &numbers)]
      try mesh.startAndKill(
        ["drill", "--region", "eu-west-1"], at: call.operation, in: "eu-west-1",
        after: call.after * 3 / 4, isDone: Bool.random(using: &numbers))
      let resumed = try mesh.meshdr("drill", "--resume", "--output", "json")
      let told: Comment =
        "seed \(seed), kill \(time) at \(call): \(resumed.errors)\(resumed.output)"
      #expect(resumed.exitCode == 0, told)
      let result = try resumed.json()
      #expect(result["drill"]?["resumed"] == 1, told)
      #expect(result["drill"]?["undoing"]?["clean"] == true, told)
      #expect(result["drill"]?["access"] == whole["drill"]?["access"], told)
      #expect(result["verified"] == whole["verified"], told)
      #expect(try mesh.state(here) == before, told)
    }
    let none = try mesh.meshdr("drill", "--resume")
    #expect(none.exitCode == 1 && none.errors.contains("nothing to resume"), "\(none.errors)")
  }

  /// What changes something while a drill makes and undoes: a drill is killed at one of these calls,
  /// before it was carried out or after, so that the journal knows less than happened.
  private func killAndClean(_ mesh: StandIn, seed: UInt64, times: Int) throws {
    var numbers = SeededNumbers(state: seed)
    let before = try mesh.state(here)
    try mesh.control("DELETE", "calls")
    let whole = try mesh.meshdr("drill", "--region", "eu-west-1")
    #expect(whole.exitCode == 0, "\(whole.errors)\(whole.output)")
    let changes = try mesh.changingCalls()
    try #require(changes.count > 10)
    for time in 0..<times {
      let call = changes[Int.random(in: 0..<changes.count, using: &numbers)]
      try mesh.startAndKill(
        ["drill", "--region", "eu-west-1"], at: call.operation, in: "eu-west-1",
        after: call.after * 3 / 4, isDone: Bool.random(using: &numbers))
      let refused = try mesh.meshdr("drill", "--region", "eu-west-1")
      #expect(
        refused.exitCode == 1 && refused.errors.contains("drill --clean"), "\(refused.errors)")
      let cleaned = try mesh.meshdr("drill", "--clean", "--region", "eu-west-1", "--output", "json")
      let told: Comment =
        "seed \(seed), kill \(time) at \(call): \(cleaned.errors)\(cleaned.output)"
      #expect(cleaned.exitCode == 0, told)
      #expect(try cleaned.json()["clean"] == true, told)
      #expect(try mesh.state(here) == before, told)
    }
  }

  /// One account with a catalog in both regions, in which grants, partitions and tags are drawn.
  private func makeUp(_ mesh: StandIn, seed: UInt64) throws {
    // Whoever reads the state asks all accounts of NimbusCart.
    let accounts = (1...7).map { number -> JSON in
      [
        "id": .string(String(repeating: "\(number)", count: 12)),
        "name": .string("account-\(number)"),
        "unit": "G", "roles": ["mesh-platform", "analyst", "pipeline"],
      ]
    }
    try mesh.control("POST", "accounts", ["accounts": .array(accounts)])
    var maker = GrantMaker(seed: seed)
    let grants = JSON.array((0..<30).map { _ in maker.grant().entry }).canonicalText
    _ = try mesh.boto(
      """
      import random
      random.seed(\(seed))
      grants = json.loads(\(JSON.string(grants).canonicalText))
      \(Self.lake)
      """)
    try """
    mesh: made-up
    primary: us-east-1
    secondary: eu-west-1
    store: archive
    accounts:
      from: list
      list:
        - {id: "\(GrantMaker.account)", name: governance}
      reader_role: mesh-platform
      restorer_role: mesh-platform
    objectives: {rpo: 15m, rto: 2h}
    mapping:
      buckets: {lake: lake-eu}

    """.write(toFile: mesh.folder + "/meshdr.yaml", atomically: true, encoding: .utf8)
  }

  private static let lake = """
    account = "\(GrantMaker.account)"
    platform = f"arn:aws:iam::{account}:role/mesh-platform"
    columns = [{"Name": name, "Type": "int"} for name in ("id", "price", "salary")]
    for region, bucket in (("us-east-1", "lake"), ("eu-west-1", "lake-eu")):
        lake, glue = client("lakeformation", account, region), client("glue", account, region)
        lake.put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": platform}],
            "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": random.choice([
                [], [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
                      "Permissions": ["ALL"]}]]),
            "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}})
        lake.create_lf_tag(TagKey="level", TagValues=["low", "high"])
        lake.create_lf_tag_expression(
            Name="plain", Expression=[{"TagKey": "level", "TagValues": ["low"]}])
        lake.register_resource(ResourceArn=f"arn:aws:s3:::{bucket}/shop", RoleArn=platform)
        glue.create_database(DatabaseInput={"Name": "shop"})
        for table in ("orders", "people"):
            glue.create_table(DatabaseName="shop", TableInput={
                "Name": table, "PartitionKeys": [{"Name": "day", "Type": "string"}],
                "StorageDescriptor": {"Columns": columns, "Location": f"s3://{bucket}/shop/{table}"}})
            for day in range(random.randrange(40)):
                glue.create_partition(DatabaseName="shop", TableName=table, PartitionInput={
                    "Values": [str(day)], "StorageDescriptor": {
                        "Columns": columns, "Location": f"s3://{bucket}/shop/{table}/{day}"}})
            if random.random() < 0.7:
                lake.add_lf_tags_to_resource(
                    Resource={"Table": {"DatabaseName": "shop", "Name": table}},
                    LFTags=[{"TagKey": "level", "TagValues": [random.choice(["low", "high"])]}])
        lake.create_data_cells_filter(TableData={
            "TableCatalogId": account, "DatabaseName": "shop", "TableName": "people",
            "Name": "west", "RowFilter": {"FilterExpression": "id = 1"},
            "ColumnWildcard": {"ExcludedColumnNames": ["salary"]}})
        if region == "us-east-1":
            for start in range(0, len(grants), 20):
                batch = [{"Id": str(n), **entry} for n, entry in enumerate(grants[start:start + 20])]
                answer = lake.batch_grant_permissions(Entries=batch)
    """
}

extension StandIn {
  /// The calls that changed the secondary: each operation, and how many of it came before.
  func changingCalls() throws -> [(operation: String, after: Int)] {
    let verbs = [
      "Create", "BatchCreate", "BatchGrant", "BatchRevoke", "Put", "Add", "Update", "Delete",
      "Remove",
    ]
    var counts: [String: Int] = [:]
    return try calls().filter { $0["region"] == "eu-west-1" }
      .compactMap { $0["operation"]?.string }.filter { name in verbs.contains { name.hasPrefix($0) }
      }
      .map { name in
        defer { counts[name, default: 0] += 1 }
        return (name, counts[name, default: 0])
      }
  }
}
