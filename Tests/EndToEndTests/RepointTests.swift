import CanonicalJSON
import Foundation
import Testing

/// A catalog that was copied to the secondary by other means is pointed at the replicas, and back.
@Suite struct RepointTests {
  /// What a script that copies a catalog does: as the primary has it, with locations and links into
  /// the primary.
  private static let copy = """
    from emulator.nimbuscart import mesh
    def pages(client, operation, member, **request):
        while True:
            answer = getattr(client, operation)(**request)
            yield from answer.get(member) or []
            if not answer.get("NextToken"):
                return
            request["NextToken"] = answer["NextToken"]
    def kept(client, shape, item):
        members = client.meta.service_model.shape_for(shape).members
        return {k: v for k, v in item.items() if k in members}
    def copy(account):
        old, new = (client("glue", account, r, "meshdr-restorer") for r in ("us-east-1", "eu-west-1"))
        lake = client("lakeformation", account, "us-east-1")
        there = client("lakeformation", account, "eu-west-1")
        for database in pages(old, "get_databases", "DatabaseList"):
            if database.get("CatalogId", account) != account:
                continue
            body = kept(new, "DatabaseInput", database)
            if "TargetDatabase" in body:
                body["TargetDatabase"]["Region"] = "us-east-1"
            new.create_database(DatabaseInput=body)
            if "TargetDatabase" in body:
                continue
            name = {"DatabaseName": database["Name"]}
            for table in pages(old, "get_tables", "TableList", **name):
                body = kept(new, "TableInput", table)
                if "TargetTable" in body:
                    body["TargetTable"]["Region"] = "us-east-1"
                new.create_table(TableInput=body, **name)
                if not table.get("PartitionKeys"):
                    continue
                parts = [kept(new, "PartitionInput", p) for p in pages(
                    old, "get_partitions", "Partitions", TableName=table["Name"], **name)]
                for i in range(0, len(parts), 100):
                    new.batch_create_partition(
                        TableName=table["Name"], PartitionInputList=parts[i:i + 100], **name)
        for place in pages(lake, "list_resources", "ResourceInfoList"):
            there.register_resource(ResourceArn=place["ResourceArn"], RoleArn=place["RoleArn"])
        # The restorer has no standing grants of its own.
        mine = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/meshdr-restorer"}
        for row in list(pages(there, "list_permissions", "PrincipalResourcePermissions",
                              Principal=mine)):
            resource = row["Resource"]
            table = resource.get("Table") or resource.get("TableWithColumns") or {}
            there.revoke_permissions(
                Principal=mine, Resource=resource, Permissions=row["Permissions"],
                PermissionsWithGrantOption=row["PermissionsWithGrantOption"])
    for account in mesh.ACCOUNTS:
        copy(account.id)

    """

  private func copied() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(Self.copy)
    return mesh
  }

  @Test func aCopiedCatalogIsMovedAndMovedBack() throws {
    let mesh = try copied()
    let before = try mesh.state()
    let plan = try mesh.meshdr("repoint", "--region", "eu-west-1", "--dry-run", "--output", "json")
    #expect(plan.exitCode == 0, "\(plan.errors)")
    #expect(try mesh.state() == before)

    try mesh.control("DELETE", "calls")
    let moved = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(moved.exitCode == 0, "\(moved.errors)\(moved.output)")
    let result = try moved.json()
    #expect(result["command"] == "repoint")
    #expect(result["rto"]?["met"] == true)
    #expect(result["verified"]?["different"] == 0 && result["verified"]?["widened"] == 0)
    #expect(result["changedByKind"]?["partition"] == 1510)
    let batches = try mesh.calls().filter { $0["operation"] == "BatchUpdatePartition" }
    #expect((1...40).contains(batches.count), "\(batches.count)")

    let there = try mesh.state(#""eu-west-1""#)
    for bucket in ["sales", "finance", "marketing", "supply-chain"] {
      #expect(!there.contains("nimbus-\(bucket)-products/"), "\(bucket)")
      #expect(there.contains("nimbus-\(bucket)-products-eu"), "\(bucket)")
    }
    #expect(!there.contains(#""Region": "us-east-1""#))
    let links = try mesh.state(#""us-east-1""#)
    #expect(links.contains(#""Region": "eu-west-1""#), "links of the primary were not moved")

    try mesh.control("DELETE", "calls")
    let again = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(again.exitCode == 0)
    let counts = try #require(try again.json()["actions"]?.object)
    #expect(counts.filter { $0.key != "unchanged" }.values.allSatisfy { $0 == 0 }, "\(counts)")

    // Moved is not restored where files are missing.
    try mesh.loseAManifest()
    let torn = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(torn.exitCode == 3, "\(torn.errors)\(torn.output)")
    #expect(try torn.json()["failures"]?.array?.map { $0["code"] } == ["TableNotWhole"])

    let back = try mesh.meshdr(
      "repoint", "--region", "eu-west-1", "--to", "primary", "--output", "json")
    #expect(back.exitCode == 0, "\(back.errors)\(back.output)")
    #expect(try mesh.state() == before)
    let nothing = try mesh.meshdr("repoint", "--region", "eu-west-1", "--to", "primary")
    #expect(nothing.exitCode == 1)
    #expect(nothing.errors.contains("nothing to undo"), "\(nothing.errors)")
  }

  /// Killed at any moment, the next run ends where the first would have, and the way back leads to
  /// the same beginning.
  @Test func aKilledRepointIsFinishedAndUndone() throws {
    let mesh = try copied()
    let before = try mesh.state()
    for (seconds, direction) in [(3.0, "secondary"), (4.5, "secondary"), (3.5, "primary")] {
      let running = try mesh.start(["repoint", "--region", "eu-west-1", "--to", direction])
      Thread.sleep(forTimeInterval: seconds)
      running.send(SIGKILL)
      _ = running.finish()
    }
    let moved = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(moved.exitCode == 0, "\(moved.errors)\(moved.output)")
    let there = try mesh.state(#""eu-west-1""#)
    #expect(!there.contains("nimbus-sales-products/"))
    let back = try mesh.meshdr("repoint", "--region", "eu-west-1", "--to", "primary")
    #expect(back.exitCode == 0, "\(back.errors)\(back.output)")
    #expect(try mesh.state() == before)

    // With the primary gone its links can't be moved, and that stops nothing.
    try mesh.lose("us-east-1")
    let lost = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(lost.exitCode == 0, "\(lost.errors)\(lost.output)")
    let warnings = try lost.json()["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.hasPrefix("us-east-1 does not answer") }, "\(warnings)")
  }
}
