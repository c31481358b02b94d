import CanonicalJSON
import Foundation
import Testing

/// What is no longer listed: removed, or hidden from the reader.
@Suite struct VisibilityTests {
  func warnings(_ outcome: Outcome) throws -> [String] {
    try outcome.json()["warnings"]?.strings ?? []
  }

  /// The reader is no administrator any more, and sees one database of two.
  @Test func aHiddenDatabaseIsNamedWithTheRightThatIsMissing() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      lake = client("lakeformation", "111111111111", "us-east-1")
      reader = {"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/meshdr-reader"}
      for name in ("sales_curated", "marketing_curated", "supply_chain_curated"):
          lake.grant_permissions(Principal=reader, Resource={"Database": {"Name": name}},
                                 Permissions=["DESCRIBE"])
          lake.grant_permissions(
              Principal=reader, Resource={"Table": {"DatabaseName": name, "TableWildcard": {}}},
              Permissions=["DESCRIBE"])
      settings = lake.get_data_lake_settings()["DataLakeSettings"]
      settings["DataLakeAdmins"].remove(reader)
      lake.put_data_lake_settings(DataLakeSettings=settings)
      """)
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let document = try outcome.json()
    let codes = try #require(document.account("111111111111")).codes
    #expect(codes == ["NotDataLakeAdministrator", "HiddenFromReader"])
    let warnings = try warnings(outcome)
    let hidden = try #require(warnings.first { $0.contains("hidden from the reader") })
    #expect(hidden.hasPrefix("account 111111111111 governance: database finance_curated is there"))
    #expect(hidden.contains("AccessDeniedException"))
    #expect(hidden.contains("needs DESCRIBE in Lake Formation"))
    #expect(!warnings.contains { $0.contains("sales_curated") }, "\(warnings)")
    let text = try mesh.meshdr("snapshot").output
    #expect(text.contains("finance_curated"), "\(text)")
    // The snapshot that has everything is the one to restore from.
    let plan = try mesh.meshdr("plan", "--region", "eu-west-1", "--output", "json").json()
    #expect(plan["snapshot"] != document["snapshot"])
  }

  /// An administrator whose IAM policy leaves things out: already in the first snapshot, because of
  /// the grants on them.
  @Test func whatIAMHidesIsFoundByItsGrants() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      """
      arn = "arn:aws:glue:us-east-1:111111111111:"
      denial = {"Effect": "Deny", "Action": "glue:Get*", "Resource": [
          arn + "database/finance_curated", arn + "table/finance_curated/*",
          arn + "table/sales_curated/order_margins"]}
      client("iam", "111111111111", "us-east-1").put_role_policy(
          RoleName="meshdr-reader", PolicyName="less",
          PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
      """)
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let governance = try #require(try outcome.json().account("111111111111"))
    #expect(governance.codes.contains("HiddenFromReader"), "\(governance)")
    let warnings = try warnings(outcome)
    let expected = [
      "database finance_curated is there, but hidden", "table sales_curated.order_margins is there",
      "glue:Get* in IAM",
    ]
    for words in expected { #expect(warnings.contains { $0.contains(words) }, "\(warnings)") }
  }

  @Test func whatWasRemovedIsNoCauseForAlarm() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "us-east-1")
      for name in ("supply_chain_curated", "sales_curated"):
          tables = [t["Name"] for page in glue.get_paginator("get_tables").paginate(
              DatabaseName=name) for t in page["TableList"]]
          for table in tables[:1] if name == "sales_curated" else tables:
              glue.delete_table(DatabaseName=name, Name=table)
      glue.delete_database(Name="supply_chain_curated")
      """)
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 0, "\(outcome.output)")
    #expect(try warnings(outcome) == [])
  }

  @Test func aLargeDropIsCalledOut() throws {
    let mesh = try StandIn()
    func tags(_ call: String) throws {
      _ = try mesh.boto(
        """
        lake = client("lakeformation", "111111111111", "us-east-1")
        for number in range(24):
            \(call)
        """)
    }
    try tags("lake.create_lf_tag(TagKey=f'team{number}', TagValues=['a'])")
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try tags("lake.delete_lf_tag(TagKey=f'team{number}')")
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let warnings = try warnings(outcome)
    #expect(warnings.count == 1)
    let warning = try #require(warnings.first)
    #expect(warning.hasPrefix("account 111111111111 governance has only 3 lf-tags, where snapshot"))
    #expect(warning.contains("had 27"))
    #expect(warning.contains("data lake administrator"))
  }
}
