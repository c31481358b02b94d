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

  /// Everything of both regions as boto3 reads it, but for times and versions.
  private static let state = """
    from emulator.nimbuscart import mesh
    volatile = {"ResponseMetadata", "CreateTime", "UpdateTime", "CreationTime", "VersionId",
                "LastModified", "LastUpdated", "LastUpdatedBy", "NextToken", "LastAccessTime",
                "VerificationStatus"}
    def clean(value):
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items() if k not in volatile}
        if isinstance(value, list):
            return [clean(v) for v in value]
        return value
    def listed(client, operation, member, **request):
        found = []
        while True:
            answer = getattr(client, operation)(**request)
            found += answer.get(member) or []
            if not answer.get("NextToken"):
                return sorted(map(clean, found), key=lambda v: json.dumps(v, default=str))
            request["NextToken"] = answer["NextToken"]
    state = {}
    for account in mesh.ACCOUNTS:
        for region in REGIONS:
            glue = client("glue", account.id, region)
            lake = client("lakeformation", account.id, region)
            key = f"{account.id}/{region}"
            state[key, "databases"] = databases = listed(glue, "get_databases", "DatabaseList")
            for database in databases:
                if "TargetDatabase" in database or database.get("CatalogId", account.id) != account.id:
                    continue
                name = {"DatabaseName": database["Name"]}
                state[key, database["Name"]] = tables = listed(glue, "get_tables", "TableList", **name)
                for table in tables:
                    if table.get("PartitionKeys"):
                        state[key, database["Name"], table["Name"]] = listed(
                            glue, "get_partitions", "Partitions", TableName=table["Name"], **name)
            state[key, "locations"] = listed(lake, "list_resources", "ResourceInfoList")
            state[key, "grants"] = listed(lake, "list_permissions", "PrincipalResourcePermissions")
            state[key, "tags"] = listed(lake, "list_lf_tags", "LFTags")
            state[key, "settings"] = clean(lake.get_data_lake_settings())
    print(json.dumps(sorted((list(k), v) for k, v in state.items()), default=str, sort_keys=True,
                     indent=1))
    """

  private func state(_ mesh: StandIn, _ regions: String = #""us-east-1", "eu-west-1""#) throws
    -> String
  {
    try mesh.boto("REGIONS = [\(regions)]\n" + Self.state).output
  }

  private func copied() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(Self.copy)
    return mesh
  }

  @Test func aCopiedCatalogIsMovedAndMovedBack() throws {
    let mesh = try copied()
    let before = try state(mesh)
    let plan = try mesh.meshdr("repoint", "--region", "eu-west-1", "--dry-run", "--output", "json")
    #expect(plan.exitCode == 0, "\(plan.errors)")
    #expect(try state(mesh) == before)

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

    let there = try state(mesh, #""eu-west-1""#)
    for bucket in ["sales", "finance", "marketing", "supply-chain"] {
      #expect(!there.contains("nimbus-\(bucket)-products/"), "\(bucket)")
      #expect(there.contains("nimbus-\(bucket)-products-eu"), "\(bucket)")
    }
    #expect(!there.contains(#""Region": "us-east-1""#))
    let links = try state(mesh, #""us-east-1""#)
    #expect(links.contains(#""Region": "eu-west-1""#), "links of the primary were not moved")

    try mesh.control("DELETE", "calls")
    let again = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(again.exitCode == 0)
    let counts = try #require(try again.json()["actions"]?.object)
    #expect(counts.filter { $0.key != "unchanged" }.values.allSatisfy { $0 == 0 }, "\(counts)")

    let back = try mesh.meshdr(
      "repoint", "--region", "eu-west-1", "--to", "primary", "--output", "json")
    #expect(back.exitCode == 0, "\(back.errors)\(back.output)")
    #expect(try state(mesh) == before)
    let nothing = try mesh.meshdr("repoint", "--region", "eu-west-1", "--to", "primary")
    #expect(nothing.exitCode == 1)
    #expect(nothing.errors.contains("nothing to undo"), "\(nothing.errors)")
  }

  /// Killed at any moment, the next run ends where the first would have, and the way back leads to
  /// the same beginning.
  @Test func aKilledRepointIsFinishedAndUndone() throws {
    let mesh = try copied()
    let before = try state(mesh)
    for (seconds, direction) in [(3.0, "secondary"), (4.5, "secondary"), (3.5, "primary")] {
      let running = try mesh.start(["repoint", "--region", "eu-west-1", "--to", direction])
      Thread.sleep(forTimeInterval: seconds)
      running.send(SIGKILL)
      _ = running.finish()
    }
    let moved = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(moved.exitCode == 0, "\(moved.errors)\(moved.output)")
    let there = try state(mesh, #""eu-west-1""#)
    #expect(!there.contains("nimbus-sales-products/"))
    let back = try mesh.meshdr("repoint", "--region", "eu-west-1", "--to", "primary")
    #expect(back.exitCode == 0, "\(back.errors)\(back.output)")
    #expect(try state(mesh) == before)

    // With the primary gone its links can't be moved, and that stops nothing.
    try mesh.lose("us-east-1")
    let lost = try mesh.meshdr("repoint", "--region", "eu-west-1", "--output", "json")
    #expect(lost.exitCode == 0, "\(lost.errors)\(lost.output)")
    let warnings = try lost.json()["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.hasPrefix("us-east-1 does not answer") }, "\(warnings)")
  }
}
