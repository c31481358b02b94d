import CanonicalJSON
import Foundation
import Testing

/// Fail over, work there, fail back: what comes of it is what would have been, had all the work been
/// done in the primary.
@Suite struct FailbackTests {
  /// What people do in a region, written once for the region where they did it and once for the
  /// primary, where it is to end.
  private static let work = """
    from emulator.nimbuscart import mesh
    HUB = "111111111111"
    def role(account, name): return {"DataLakePrincipalIdentifier": mesh.role(account, name)}
    def named(table, **more):
        return {"Table": {"CatalogId": HUB, "DatabaseName": "sales_curated", "Name": table, **more}}
    def keep(glue, name, change):
        table = glue.get_table(DatabaseName="sales_curated", Name=name)["Table"]
        members = glue.meta.service_model.shape_for("TableInput").members
        body = {k: v for k, v in table.items() if k in members}
        change(body)
        glue.update_table(DatabaseName="sales_curated", TableInput=body)
    def allowed(lake, work, *tables):
        mine = {"DataLakePrincipalIdentifier": mesh.role(HUB, "meshdr-restorer")}
        for name in tables:
            lake.grant_permissions(
                Principal=mine, Resource=named(name), Permissions=["ALTER", "DROP"])
        work()
        for row in lake.list_permissions(Principal=mine)["PrincipalResourcePermissions"]:
            lake.revoke_permissions(
                Principal=mine, Resource=row["Resource"], Permissions=row["Permissions"],
                PermissionsWithGrantOption=row["PermissionsWithGrantOption"])
    def during_the_outage(region, suffix):
        glue = client("glue", HUB, region, "meshdr-restorer")
        lake = client("lakeformation", HUB, region)
        bucket = f"nimbus-sales-products{suffix}"
        place = f"s3://{bucket}/curated/returns"
        mine = {"DataLakePrincipalIdentifier": mesh.role(HUB, "meshdr-restorer")}
        lake.grant_permissions(
            Principal=mine, Resource={"Database": {"Name": "sales_curated"}},
            Permissions=["CREATE_TABLE"])
        lake.grant_permissions(
            Principal=mine, Permissions=["DATA_LOCATION_ACCESS"],
            Resource={"DataLocation": {"ResourceArn": f"arn:aws:s3:::{bucket}/curated"}})
        def work():
            glue.create_table(DatabaseName="sales_curated", TableInput={
                "Name": "returns", "TableType": "EXTERNAL_TABLE",
                "PartitionKeys": [{"Name": "day", "Type": "date"}],
                "StorageDescriptor": {
                    "Location": place, "Columns": [{"Name": "order_id", "Type": "bigint"}]}})
            glue.batch_create_partition(
                DatabaseName="sales_curated", TableName="returns", PartitionInputList=[
                    {"Values": [day], "StorageDescriptor": {"Location": f"{place}/day={day}"}}
                    for day in ("2026-11-01", "2026-11-02")])
            glue.batch_delete_partition(
                DatabaseName="sales_curated", TableName="order_lines",
                PartitionsToDelete=[{"Values": ["2026-10-31"]}])
            keep(glue, "orders", lambda t: t["StorageDescriptor"]["Columns"].append(
                {"Name": "gift", "Type": "boolean"}))
            keep(glue, "order_margins", lambda t: t.update(Description="as of the outage"))
            glue.delete_table(DatabaseName="sales_curated", Name="orders_with_lines")
        allowed(lake, work, "orders", "order_lines", "order_margins", "orders_with_lines")
        lake.add_lf_tags_to_resource(Resource=named("returns"), LFTags=[
            {"TagKey": "sensitivity", "TagValues": ["confidential"]}])
        lake.grant_permissions(
            Principal=role("777777777777", "data-science-team"), Resource=named("returns"),
            Permissions=["SELECT", "DESCRIBE"])
        lake.revoke_permissions(
            Principal=role("777777777777", "data-science-team"), Resource=named("order_margins"),
            Permissions=["SELECT", "DESCRIBE"])
    def before_the_loss():
        glue = client("glue", HUB, "us-east-1", "meshdr-restorer")
        lake = client("lakeformation", HUB, "us-east-1")
        def work():
            keep(glue, "orders", lambda t: t.update(Description="Orders, one a row"))
            keep(glue, "order_margins", lambda t: t.update(Description="as of the last hour"))
        allowed(lake, work, "orders", "order_margins")
        lake.revoke_permissions(
            Principal=role("777777777777", "data-science-team"),
            Resource={"TableWithColumns": {
                "DatabaseName": "sales_curated", "Name": "customer_lifetime_value",
                "ColumnWildcard": {"ExcludedColumnNames": ["customer_email", "date_of_birth"]}}},
            Permissions=["SELECT"])
    def written(client, bucket):
        client.put_object(
            Bucket=bucket, Key="curated/returns/day=2026-11-01/part-0.parquet", Body=b"PAR1")

    """

  /// The reverse of NimbusCart's own rule, and what Batch Replication would do.
  private static let reverse = """
    s3 = client("s3", "222222222222", "eu-west-1")
    s3.put_bucket_replication(
        Bucket="nimbus-sales-products-eu", ReplicationConfiguration={
            "Role": mesh.role("222222222222", "s3-replication"),
            "Rules": [{
                "ID": "back", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": {"Bucket": "arn:aws:s3:::nimbus-sales-products"}}]})
    written(s3, "nimbus-sales-products-eu")

    """

  @Test func whatHappenedDuringTheOutageGoesHome() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(Self.work + "before_the_loss()")
    try mesh.lose("us-east-1")
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1", "--quiet").exitCode == 0)
    // Nobody said yet that the mesh runs there.
    #expect(try mesh.meshdr("failback", "--region", "eu-west-1").exitCode == 2)
    #expect(try mesh.meshdr("active", "eu-west-1").exitCode == 0)
    _ = try mesh.boto(
      Self.work + """
        during_the_outage("eu-west-1", "-eu")
        written(client("s3", "222222222222", "eu-west-1"), "nimbus-sales-products-eu")
        """)
    let nightly = try mesh.meshdr("snapshot", "--output", "json")
    #expect(try nightly.json()["region"] == "eu-west-1", "\(nightly.errors)")
    try mesh.control("POST", "regions/us-east-1/restore")
    let before = try mesh.state(#""us-east-1""#)

    // What both have changed is for a person to decide, and the data comes first.
    let stopped = try mesh.meshdr("failback", "--output", "json")
    #expect(stopped.exitCode == 1, "\(stopped.errors)\(stopped.output)")
    let conflicts = try stopped.json()["failback"]?["conflicts"]?.array
    #expect(conflicts?.count == 1, "\(stopped.output)")
    #expect(conflicts?.first?["fields"] == ["Description"])
    let early = try mesh.meshdr(
      "failback", "--on-conflict", "secondary", "--dry-run", "--output", "json")
    #expect(early.exitCode == 4, "\(early.errors)\(early.output)")
    let findings = try early.json()["failback"]?["data"]?["findings"]?.array ?? []
    let codes = findings.compactMap { $0["code"]?.string }
    #expect(codes.contains("no-reverse-rule") && codes.contains("data-not-home"))
    #expect(findings.contains { $0["remedy"]?.string?.contains("s3control create-job") == true })
    #expect(try mesh.state(#""us-east-1""#) == before)
    _ = try mesh.boto(Self.work + Self.reverse)
    try mesh.control("POST", "replication/run", ["bucket": "nimbus-sales-products-eu"])

    // Killed at any of its changes, it is finished by whoever resumes it.
    let changes = ["CreateTable", "UpdateTable", "BatchCreatePartition", "AddLFTagsToResource"]
    let change = changes[Int.random(in: 0..<changes.count)]
    let isDone = Bool.random()
    try mesh.startAndKill(
      ["failback", "--on-conflict", "secondary"], at: change, in: "us-east-1", isDone: isDone)
    let told = "killed at \(change), done: \(isDone)"
    let back = try mesh.meshdr("failback", "--resume", "--output", "json")
    #expect(back.exitCode == 0, "\(told): \(back.errors)\(back.output)")
    let result = try back.json()
    #expect(result["command"] == "failback" && result["region"] == "us-east-1")
    #expect(result["verified"]?["widened"] == 0 && result["verified"]?["missing"] == 0)
    #expect(result["failback"]?["switched"] == true)
    #expect(try mesh.meshdr("active", "--output", "json").json()["region"] == "us-east-1")

    let twin = try StandIn()
    _ = try twin.boto(
      Self.work + """
        before_the_loss()
        during_the_outage("us-east-1", "")
        """)
    let (found, expected) = (try catalog(of: mesh), try catalog(of: twin))
    #expect(
      found == expected,
      "more: \(Set(found).subtracting(expected))\nless: \(Set(expected).subtracting(found))")
  }

  /// All that the primary holds, but for the ids of shares, which are drawn by chance.
  private func catalog(of mesh: StandIn) throws -> [String] {
    try mesh.state(#""us-east-1""#).split(separator: "\n").map(String.init)
      .filter { !$0.contains(":resource-share/") }.sorted()
  }
}
