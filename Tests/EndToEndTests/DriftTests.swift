import CanonicalJSON
import Foundation
import Testing

/// Standbys that somebody changed, and listings that can't be had.
@Suite struct DriftTests {
  /// A mesh whose standby is as the snapshot has it.
  private func warm() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    return mesh
  }

  private let clients = """
    lake = client("lakeformation", "111111111111", "eu-west-1")
    glue = client("glue", "111111111111", "eu-west-1")
    open = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
             "Permissions": ["ALL"]}]

    """

  private func restore(_ mesh: StandIn, _ more: String...) throws -> (code: Int32, JSON) {
    let arguments = ["restore", "--region", "eu-west-1", "--output", "json"] + more
    let outcome = try mesh.start(arguments).finish()
    return (outcome.exitCode, try outcome.json())
  }

  @Test func tablesDatabasesAndTagsThatWereChangedAreMendedInOneRun() throws {
    let mesh = try warm()
    _ = try mesh.boto(
      clients + """
        table = glue.get_table(DatabaseName="sales_curated", Name="order_lines")["Table"]
        table["StorageDescriptor"]["Columns"].pop()
        wanted = ("Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
        glue.update_table(DatabaseName="sales_curated",
                          TableInput={name: table[name] for name in wanted})
        glue.delete_table(DatabaseName="sales_curated", Name="orders")
        glue.update_database(
            Name="sales_curated",
            DatabaseInput={"Name": "sales_curated", "CreateTableDefaultPermissions": open})
        lake.update_lf_tag(TagKey="sensitivity", TagValuesToAdd=["secret"])
        lake.add_lf_tags_to_resource(
            Resource={"Table": {"DatabaseName": "sales_curated", "Name": "order_margins"}},
            LFTags=[{"TagKey": "sensitivity", "TagValues": ["secret"]}])
        lake.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::666666666666:role/analytics-team"},
            Resource={"LFTagPolicy": {
                "ResourceType": "TABLE",
                "Expression": [{"TagKey": "sensitivity", "TagValues": ["internal", "public"]}]}},
            Permissions=["SELECT", "ALTER"], PermissionsWithGrantOption=["SELECT"])
        """)
    let (code, result) = try restore(mesh)
    #expect(code == 0, "\(result["failures"] ?? [])")
    let check = try mesh.check()
    #expect(check.exitCode == 0, "\(check.output)")
  }

  /// What the snapshot does not hold stays and is listed, or goes, beside tables that are made anew.
  @Test func extrasGoOnlyWhereThatIsAskedFor() throws {
    let mesh = try warm()
    _ = try mesh.boto(
      clients + """
        glue.create_database(DatabaseInput={"Name": "shadow", "CreateTableDefaultPermissions": []})
        for database, name in (("shadow", "copy"), ("sales_curated", "stray")):
            glue.create_table(DatabaseName=database, TableInput={"Name": name})
        lake.create_lf_tag(TagKey="stray", TagValues=["yes"])
        lake.add_lf_tags_to_resource(
            Resource={"Table": {"DatabaseName": "sales_curated", "Name": "stray"}},
            LFTags=[{"TagKey": "stray", "TagValues": ["yes"]}])
        lake.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::666666666666:role/analytics-team"},
            Resource={"Table": {"DatabaseName": "shadow", "Name": "copy"}}, Permissions=["SELECT"])
        glue.delete_table(DatabaseName="sales_curated", Name="orders")
        """)
    let seen =
      clients + """
        tables = glue.get_tables(DatabaseName="sales_curated")["TableList"]
        print(any(one["Name"] == "orders" for one in tables),
              any(one["Name"] == "stray" for one in tables),
              any(one["Name"] == "shadow" for one in glue.get_databases()["DatabaseList"]),
              any(one["TagKey"] == "stray" for one in lake.list_lf_tags()["LFTags"]))
        """
    let (code, result) = try restore(mesh)
    #expect(code == 0, "\(result["failures"] ?? [])")
    let extra = result["verified"]?["keys"]?["extra"]?.strings ?? []
    for key in ["glue/database/shadow", "glue/table/shadow/copy", "glue/table/sales_curated/stray"]
    {
      #expect(extra.contains { $0.hasSuffix(key) }, "\(key) is not in \(extra)")
    }
    #expect(try mesh.boto(seen).output == "True True True True\n")

    let (removed, after) = try restore(mesh, "--remove-extra")
    #expect(removed == 0, "\(after["failures"] ?? [])")
    #expect(after["verified"]?["extra"] == 0)
    #expect(try mesh.boto(seen).output == "True False False False\n")
    let check = try mesh.check()
    #expect(check.exitCode == 0, "\(check.output)")
  }

  @Test func aRestorerThatIsNoAdministratorLooksAgainAsOne() throws {
    let mesh = try warm()
    _ = try mesh.boto(
      clients + """
        lake.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/access-auditor"},
            Resource={"Table": {"DatabaseName": "sales_curated", "Name": "orders"}},
            Permissions=["SELECT"])
        settings = lake.get_data_lake_settings()["DataLakeSettings"]
        settings["DataLakeAdmins"] = [
            admin for admin in settings["DataLakeAdmins"]
            if "restorer" not in admin["DataLakePrincipalIdentifier"]]
        lake.put_data_lake_settings(DataLakeSettings=settings)
        """)
    let seen = try mesh.meshdr("verify", "--region", "eu-west-1")
    #expect(seen.exitCode == 3)
    #expect(seen.errors.contains("NotDataLakeAdministrator"))
    let (code, result) = try restore(mesh)
    #expect(code == 0, "\(result["failures"] ?? [])")
    #expect(try mesh.check().exitCode == 0)
  }

  @Test func anAccountWhoseGrantsCannotBeListedIsLeftAlone() throws {
    let mesh = try warm()
    _ = try mesh.boto(
      clients + """
        glue.delete_table(DatabaseName="sales_curated", Name="order_margins")
        """)
    try mesh.control(
      "POST", "faults",
      [
        "operation": "ListPermissions", "account": "111111111111", "region": "eu-west-1",
        "action": "deny",
      ])
    try mesh.control("DELETE", "calls")
    let (code, result) = try restore(mesh)
    #expect(code == 3)
    #expect(result["failures"]?.array?.first?["key"] == "111111111111")
    let starts = ["Create", "Batch", "Add", "Remove", "Update", "Delete", "Put", "Register"]
    let writes = try mesh.calls().compactMap { $0["operation"]?.string }.filter { name in
      starts.contains { name.hasPrefix($0) } && !name.hasPrefix("BatchGet")
    }
    #expect(writes.isEmpty)

    try mesh.control("DELETE", "faults")
    let again = try restore(mesh)
    #expect(again.code == 0)
    #expect(try mesh.check().exitCode == 0)
  }

  @Test func aSnapshotThatLacksTagsGivesNoPolicyOnThem() throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "faults",
      [
        "operation": "GetResourceLFTags", "account": "111111111111", "region": "us-east-1",
        "action": "deny", "after": 8, "times": 12,
      ])
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 3)
    let id = try snapshot.json()["snapshot"]?.string ?? ""
    try mesh.control("DELETE", "faults")
    let (code, result) = try restore(mesh, "--snapshot", id)
    #expect(code == 3)
    #expect(
      (result["warnings"]?.strings ?? []).contains { $0.contains("no policy on tags is given") })
    let grants = try mesh.boto(
      clients + """
        rows = lake.list_permissions()["PrincipalResourcePermissions"]
        print(sum("LFTagPolicy" in row["Resource"] for row in rows))
        """)
    #expect(grants.output == "0\n")
  }

  /// A role that was deleted can neither be granted anything nor lose it: the rest goes on.
  @Test func rolesThatAreGoneAreNamedAndHoldNothingBack() throws {
    let mesh = try StandIn()
    let role = "arn:aws:iam::111111111111:role/temp"
    _ = try mesh.boto(
      """
      iam = client("iam", "111111111111", "us-east-1")
      iam.create_role(RoleName="temp", AssumeRolePolicyDocument="{}")
      here = client("lakeformation", "111111111111", "us-east-1")
      there = client("lakeformation", "111111111111", "eu-west-1")
      settings = here.get_data_lake_settings()["DataLakeSettings"]
      settings["DataLakeAdmins"].append({"DataLakePrincipalIdentifier": "\(role)"})
      here.put_data_lake_settings(DataLakeSettings=settings)
      there.grant_permissions(
          Principal={"DataLakePrincipalIdentifier": "\(role)"}, Resource={"Catalog": {}},
          Permissions=["CREATE_DATABASE"])
      iam.delete_role(RoleName="temp")
      """)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let (code, result) = try restore(mesh)
    #expect(code == 3)
    #expect(result["actions"]?["skipped"] == 0)
    let failures = result["failures"]?.array ?? []
    #expect(failures.count == 2, "\(failures)")
    #expect(failures.allSatisfy { $0["message"]?.string?.contains(role) == true })
    #expect(result["verified"]?["missing"] == 0)
  }

  @Test(arguments: ["nosuch", "sales_curated.nosuch", "kind:nosuch"])
  func whatFitsNothingIsAMistake(selector: String) throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    for command in ["plan", "restore", "verify"] {
      let outcome = try mesh.meshdr(command, "--region", "eu-west-1", "--only", selector)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("“\(selector)”"))
    }
  }
}
