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
    LINES = "curated/order_lines/gone.parquet"
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
    home = client("s3", "222222222222", "us-east-1")
    home.delete_object(Bucket="nimbus-sales-products", Key=LINES)

    """

  /// What somebody still does while the failback is under way.
  private static let late = """
    def late(region):
        lake = client("lakeformation", HUB, region)
        lake.revoke_permissions(
            Principal=role("777777777777", "data-science-team"), Resource=named("returns"),
            Permissions=["SELECT"])

    """

  @Test func whatHappenedDuringTheOutageGoesHome() throws {
    let mesh = try StandIn()
    let snapshot = try failedOver(mesh)
    let before = try mesh.state(#""us-east-1""#)
    try nothingIsDoneTooEarly(mesh)
    #expect(try mesh.state(#""us-east-1""#) == before)
    _ = try mesh.boto(Self.work + Self.reverse)
    try mesh.control("POST", "replication/run", ["bucket": "nimbus-sales-products-eu"])
    try plansAreForWhatIsThere(mesh)
    #expect(try mesh.state(#""us-east-1""#) == before)

    // Killed at any of its changes, it is finished by whoever resumes it.
    let changes = ["CreateTable", "UpdateTable", "BatchCreatePartition", "AddLFTagsToResource"]
    let change = changes[Int.random(in: 0..<changes.count)]
    let isDone = Bool.random()
    try mesh.startAndKill(["failback"], at: change, in: "us-east-1", isDone: isDone)
    let told = "killed at \(change), done: \(isDone)"
    let back = try finished(mesh)
    #expect(back.exitCode == 0, "\(told): \(back.errors)\(back.output)")
    try expectHome(try back.json(), mesh, snapshot)

    let twin = try StandIn()
    _ = try twin.boto(
      Self.work + Self.late + """
        before_the_loss()
        during_the_outage("us-east-1", "")
        late("us-east-1")
        """)
    let (found, expected) = (try catalog(of: mesh), try catalog(of: twin))
    #expect(
      found == expected,
      "more: \(Set(found).subtracting(expected))\nless: \(Set(expected).subtracting(found))")
  }

  /// The mesh runs in its secondary, people have worked there, and the primary is back.
  /// - Returns: the snapshot that was restored.
  private func failedOver(_ mesh: StandIn) throws -> JSON {
    _ = try mesh.boto(
      Self.work + """
        client("s3", "222222222222", "us-east-1").put_object(
            Bucket="nimbus-sales-products", Key=LINES, Body=b"PAR1")
        """)
    try mesh.control("POST", "replication/run", ["bucket": "nimbus-sales-products"])
    let snapshot = try mesh.meshdr("snapshot", "--output", "json").json()["snapshot"] ?? .null
    _ = try mesh.boto(Self.work + "before_the_loss()")
    try mesh.lose("us-east-1")
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1", "--quiet").exitCode == 0)
    // Nobody said yet that the mesh runs there.
    #expect(try mesh.meshdr("failback", "--region", "eu-west-1").exitCode == 2)
    let active = try mesh.meshdr("active", "eu-west-1", "--output", "json").json()
    #expect(active["held"] == snapshot)
    _ = try mesh.boto(
      Self.work + """
        during_the_outage("eu-west-1", "-eu")
        s3 = client("s3", "222222222222", "eu-west-1")
        written(s3, "nimbus-sales-products-eu")
        s3.delete_object(Bucket="nimbus-sales-products-eu", Key=LINES)
        """)
    let nightly = try mesh.meshdr("snapshot", "--output", "json")
    #expect(try nightly.json()["region"] == "eu-west-1", "\(nightly.errors)")
    #expect(try hold(mesh, snapshot)?["automatic"] == true)
    try mesh.control("POST", "regions/us-east-1/restore")
    return snapshot
  }

  private func hold(_ mesh: StandIn, _ snapshot: JSON) throws -> JSON? {
    try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?
      .first { $0["snapshot"] == snapshot }?["hold"]
  }

  /// What both have changed is told, or for a person to decide, and the data comes first.
  private func nothingIsDoneTooEarly(_ mesh: StandIn) throws {
    let stopped = try mesh.meshdr("failback", "--on-conflict", "fail", "--output", "json")
    #expect(stopped.exitCode == 1, "\(stopped.errors)\(stopped.output)")
    let conflicts = try stopped.json()["failback"]?["conflicts"]?.array
    #expect(conflicts?.count == 1, "\(stopped.output)")
    #expect(conflicts?.first?["fields"] == ["Description"])
    #expect(conflicts?.first?["taken"] == .null)
    let early = try mesh.meshdr("failback", "--output", "json")
    #expect(early.exitCode == 4, "\(early.errors)\(early.output)")
    let report = try early.json()["failback"]
    #expect(report?["conflicts"]?.array?.first?["taken"] == "secondary")
    let findings = report?["data"]?["findings"]?.array ?? []
    let codes = findings.compactMap { $0["code"]?.string }
    #expect(codes.contains("no-reverse-rule") && codes.contains("data-not-home"))
    #expect(findings.contains { $0["remedy"]?.string?.contains("s3control create-job") == true })
    let deleted = findings.first { $0["code"] == "deleted-in-secondary" }
    #expect(deleted?["remedy"]?.string?.contains("gone.parquet") == true, "\(codes)")
  }

  /// A plan is saved and given back only while both sides are as they were.
  private func plansAreForWhatIsThere(_ mesh: StandIn) throws {
    let planned = try mesh.meshdr("failback", "--dry-run", "--out", "plan.json")
    #expect(planned.exitCode == 0, "\(planned.errors)\(planned.output)")
    #expect(planned.output.contains("failback --plan plan.json"))
    #expect(try mesh.meshdr("restore", "--plan", "plan.json").exitCode == 2)
    #expect(try mesh.meshdr("failback", "--plan", "plan.json", "--run", "other").exitCode == 2)
    // Somebody changes what the primary has as well, so that the plan would be the same.
    _ = try mesh.boto(
      Self.work + """
        glue = client("glue", HUB, "eu-west-1", "meshdr-restorer")
        lake = client("lakeformation", HUB, "eu-west-1")
        allowed(lake, lambda: keep(glue, "orders", lambda t: t.update(
            Description="Orders, one a row")), "orders")
        """)
    let stale = try mesh.meshdr("failback", "--plan", "plan.json")
    #expect(stale.exitCode == 1 && stale.errors.contains("has changed"), "\(stale.errors)")
  }

  /// Resumes, while somebody still works in the secondary: after it was looked at, for the primary comes
  /// after it.
  private func finished(_ mesh: StandIn) throws -> Outcome {
    try mesh.control(
      "POST", "faults",
      [
        "operation": "ListPermissions", "region": "us-east-1", "action": "latency",
        "milliseconds": 5000, "times": 1,
      ])
    let running = try mesh.start(["failback", "--resume", "--output", "json"])
    var fired = 0
    for _ in 0..<600 where fired == 0 {
      Thread.sleep(forTimeInterval: 0.05)
      fired = try mesh.control("GET", "faults")["faults"]?.array?.first?["fired"]?.integer ?? 0
    }
    _ = try mesh.boto(Self.work + Self.late + #"late("eu-west-1")"#)
    let outcome = running.finish()
    try mesh.control("DELETE", "faults")
    #expect(fired > 0, "nobody looked at the primary")
    return outcome
  }

  private func expectHome(_ result: JSON, _ mesh: StandIn, _ snapshot: JSON) throws {
    #expect(result["command"] == "failback" && result["region"] == "us-east-1")
    #expect(result["verified"]?["widened"] == 0 && result["verified"]?["missing"] == 0)
    let report = result["failback"]
    #expect(report?["switched"] == true && report?["rounds"] == 2 && report?["later"] == [])
    #expect(try mesh.meshdr("active", "--output", "json").json()["region"] == "us-east-1")
    #expect(try hold(mesh, snapshot) == .null)
    // What was overwritten is where it says.
    let kept = report?["kept"]?.string ?? ""
    let key = report?["conflicts"]?.array?.first?["key"]?.string ?? ""
    let former = try mesh.meshdr(
      "show", "latest", "table", key, "--store", "\(mesh.folder)/archive/\(kept)")
    #expect(former.output.contains("as of the last hour"), "\(former.errors)\(former.output)")
    let page = try mesh.meshdr("report", result["run"]?.string ?? "")
    #expect(page.exitCode == 0, "\(page.errors)")
  }

  /// All that the primary holds, but for the ids of shares, which are drawn by chance.
  private func catalog(of mesh: StandIn) throws -> [String] {
    try mesh.state(#""us-east-1""#).split(separator: "\n").map(String.init)
      .filter { !$0.contains(":resource-share/") }.sorted()
  }
}
