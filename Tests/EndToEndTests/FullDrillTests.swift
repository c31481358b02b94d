import CanonicalJSON
import Foundation
import LakeSamples
import Testing

/// A restore is rehearsed as a whole in accounts of its own, and leaves no trace there or elsewhere.
@Suite struct FullDrillTests {
  private let here = #""eu-west-1""#

  private func meshWithDrillAccounts() throws -> StandIn {
    let mesh = try StandIn()
    let section = try mesh.python("drill-accounts")
    try #require(section.exitCode == 0, "\(section.errors)")
    try mesh.append(section.output)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    return mesh
  }

  @Test func everythingIsRehearsedAndUndone() throws {
    let mesh = try meshWithDrillAccounts()
    let (before, apart) = (try mesh.state(here), try mesh.state(here, ofDrills: true))
    try mesh.control("DELETE", "calls")
    let drill = try mesh.meshdr(
      "drill", "--full", "--region", "eu-west-1", "--query", "primary", "--output", "json")
    let told: Comment = "\(drill.errors)\(drill.output)"
    #expect(drill.exitCode == 0, told)
    let result = try drill.json()
    #expect(result["actions"]?["create"]?.integer ?? 0 > 1700)
    #expect(result["verified"]?["missing"] == 0, told)
    let report = try #require(result["drill"])
    #expect(report["full"] == true)
    #expect(report["accounts"]?["222222222222"] == "922222222222")
    #expect(report["access"]?["right"] == true)
    #expect(report["undoing"]?["clean"] == true, told)
    let queries = report["queries"]?.array ?? []
    #expect(queries.contains { $0["allowed"] == true && $0["state"] == "SUCCEEDED" })
    #expect(queries.contains { $0["column"] != "" && $0["denied"] == true })
    #expect(queries.allSatisfy { $0["verdict"] == "right" }, told)
    let principals = (report["access"]?["principals"]?.array ?? []).compactMap {
      $0["principal"]?.string
    }
    #expect(principals.contains("arn:aws:iam::666666666666:role/analytics-team"))
    try nobodyOfTheMeshWasGranted(mesh)
    #expect(try mesh.state(here) == before)
    #expect(try mesh.state(here, ofDrills: true) == apart)
    try killAndGoOn(mesh, before, apart)
  }

  /// At no time was anybody of the mesh named in a call that changes drill accounts, and no account of the
  /// mesh was changed.
  private func nobodyOfTheMeshWasGranted(_ mesh: StandIn) throws {
    let changing = [
      "Create", "Batch", "Put", "Grant", "Add", "Register", "Update", "Delete", "Remove",
    ]
    var seen = 0
    for call in try mesh.calls() where call["region"] == "eu-west-1" {
      let operation = call["operation"]?.string ?? ""
      guard changing.contains(where: operation.hasPrefix), !operation.hasPrefix("BatchGet") else {
        continue
      }
      seen += 1
      #expect(call["account"]?.string?.hasPrefix("9") == true, "\(call.canonicalText)")
    }
    #expect(seen > 100)
  }

  /// Killed at calls that are drawn, it goes on to its end, or is undone.
  private func killAndGoOn(_ mesh: StandIn, _ before: String, _ apart: String) throws {
    var numbers = SeededNumbers(state: 21)
    let changes = try mesh.changingCalls()
    try #require(changes.count > 100)
    for goesOn in [true, false] {
      let call = changes[Int.random(in: 0..<changes.count, using: &numbers)]
      try mesh.startAndKill(
        ["drill", "--full", "--region", "eu-west-1"], at: call.operation, in: "eu-west-1",
        after: call.after * 3 / 4, isDone: Bool.random(using: &numbers))
      let after = try mesh.meshdr(
        "drill", goesOn ? "--resume" : "--clean", "--region", "eu-west-1", "--output", "json")
      let told: Comment = "goes on: \(goesOn) after \(call): \(after.errors)\(after.output)"
      #expect(after.exitCode == 0, told)
      let document = try after.json()
      let isClean = goesOn ? document["drill"]?["undoing"]?["clean"] : document["clean"]
      #expect(isClean == true, told)
      if goesOn {
        #expect(document["drill"]?["resumed"]?.integer ?? 0 > 0, told)
        #expect(document["drill"]?["access"]?["right"] == true, told)
        #expect(document["actions"]?["create"]?.integer ?? 0 > 1700, told)
      }
      #expect(try mesh.state(here, ofDrills: true) == apart, told)
      #expect(try mesh.state(here) == before, told)
    }
  }

  @Test func whatLivesInDrillAccountsIsNeverTouched() throws {
    let mesh = try meshWithDrillAccounts()
    try unknownAsksAreNoPass(mesh)
    _ = try mesh.boto(
      """
      client("glue", "922222222222", "eu-west-1").create_database(DatabaseInput={"Name": "theirs"})
      """)
    let before = try mesh.state(here, ofDrills: true)
    let refused = try mesh.meshdr("drill", "--full", "--region", "eu-west-1", "--quiet")
    #expect(refused.exitCode == 1, "\(refused.errors)")
    #expect(refused.errors.contains("922222222222/glue/database/theirs"), "\(refused.errors)")
    #expect(try mesh.state(here, ofDrills: true) == before)

    _ = try mesh.boto(
      """
      client("glue", "922222222222", "eu-west-1").delete_database(Name="theirs")
      client("lakeformation", "111111111111", "us-east-1").grant_permissions(
          Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::888888888888:role/partner"},
          Resource={"Database": {"Name": "sales_curated"}}, Permissions=["DESCRIBE"])
      """)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let stranger = try mesh.meshdr("drill", "--full", "--region", "eu-west-1")
    #expect(stranger.exitCode == 1, "\(stranger.errors)")
    #expect(stranger.output.contains("role/partner"), "\(stranger.output)")

    let path = mesh.folder + "/meshdr.yaml"
    let file = try String(contentsOfFile: path, encoding: .utf8)
    let less = file.replacing(#"    "777777777777": "977777777777"\#n"#, with: "")
    try less.write(toFile: path, atomically: true, encoding: .utf8)
    let unmapped = try mesh.meshdr("drill", "--full", "--region", "eu-west-1")
    #expect(unmapped.exitCode == 2, "\(unmapped.errors)")
    #expect(unmapped.errors.contains("777777777777"), "\(unmapped.errors)")
    #expect(unmapped.errors.contains("meshdr.yaml:"), "\(unmapped.errors)")
  }

  /// A role that the restorer may not assume shows nothing, and a table whose files are not all in the
  /// replica is not called restored.
  private func unknownAsksAreNoPass(_ mesh: StandIn) throws {
    _ = try mesh.boto(
      """
      trust = {"Version": "2012-10-17", "Statement": [{
          "Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::900000000000:root"}}]}
      client("iam", "966666666666", "eu-west-1").update_assume_role_policy(
          RoleName="analytics-team", PolicyDocument=json.dumps(trust))
      """)
    try mesh.loseAManifest()
    let drill = try mesh.meshdr(
      "drill", "--full", "--region", "eu-west-1", "--query", "primary", "--output", "json")
    #expect(drill.exitCode == 3, "\(drill.errors)")
    let failures = try drill.json()["failures"]?.array ?? []
    #expect(failures.map { $0["code"] } == ["TableNotWhole"])
    let table = failures.first?["key"]?.string
    #expect(table == "911111111111/glue/table/supply_chain_curated/inventory_positions")
    let queries = try drill.json()["drill"]?["queries"]?.array ?? []
    let unknown = queries.filter { $0["verdict"] == "unknown" }
    #expect(!unknown.isEmpty)
    #expect(
      unknown.allSatisfy { $0["role"] == "arn:aws:iam::966666666666:role/analytics-team" },
      "\(JSON.array(unknown).canonicalText)")
    #expect(try drill.json()["drill"]?["undoing"]?["clean"] == true)
  }
}

extension StandIn {
  /// The replica of an Iceberg table is without its manifests.
  func loseAManifest() throws {
    _ = try boto(
      """
      s3 = client("s3", "444444444444", "eu-west-1")
      bucket = "nimbus-supply-chain-products-eu"
      found = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]
               if "inventory_positions" in o["Key"] and o["Key"].endswith("-m0.avro")]
      assert found
      for key in found:
          s3.delete_object(Bucket=bucket, Key=key)
      """)
  }

  /// Adds a section to the mesh file.
  func append(_ section: String) throws {
    let path = folder + "/meshdr.yaml"
    let file = try String(contentsOfFile: path, encoding: .utf8)
    try (file + section).write(toFile: path, atomically: true, encoding: .utf8)
  }
}
