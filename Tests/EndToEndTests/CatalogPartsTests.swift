import CanonicalJSON
import Foundation
import Testing

/// What a catalog holds beside databases, tables and partitions, on the NimbusCart mesh.
@Suite struct CatalogPartsTests {
  /// Changes or removes something of every kind.
  private static let drift = """
    glue = client("glue", "111111111111", "eu-west-1", "meshdr-restorer")
    lake = client("lakeformation", "111111111111", "eu-west-1", "meshdr-restorer")
    me = {"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/meshdr-restorer"}
    for table in ({"DatabaseName": "sales_curated", "Name": "orders"},
                  {"DatabaseName": "finance_curated", "Name": "invoices"}):
        lake.grant_permissions(Principal=me, Resource={"Table": table}, Permissions=["ALTER"])
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={
        "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}})
    policy = json.loads(glue.get_resource_policy()["PolicyInJson"])
    policy["Statement"] = [s for s in policy["Statement"] if s["Effect"] == "Allow"]
    policy["Statement"].append({"Effect": "Allow", "Principal": {"AWS": "999999999999"},
        "Action": "glue:*", "Resource": "arn:aws:glue:eu-west-1:111111111111:*"})
    glue.put_resource_policy(PolicyInJson=json.dumps(policy), EnableHybrid="TRUE")
    sales = {"DatabaseName": "sales_curated"}
    glue.update_user_defined_function(**sales, FunctionName="net_amount", FunctionInput={
        "FunctionName": "net_amount", "ClassName": "other.Class"})
    glue.delete_user_defined_function(**sales, FunctionName="in_euro")
    arn = "arn:aws:glue:eu-west-1:111111111111:database/sales_curated"
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"cost-centre": "0", "stray": "1"})
    glue.delete_column_statistics_for_table(**sales, TableName="orders", ColumnName="order_id")
    glue.delete_column_statistics_for_partition(
        DatabaseName="finance_curated", TableName="invoices", PartitionValues=["2026-10-31"],
        ColumnName="due_on")
    where = {"CatalogId": "111111111111", "DatabaseName": "supply_chain_curated",
             "TableName": "inventory_positions"}
    found = glue.get_table_optimizer(**where, Type="compaction")["TableOptimizer"]["configuration"]
    assert found["enabled"] is False
    glue.update_table_optimizer(**where, Type="compaction",
                                TableOptimizerConfiguration={**found, "enabled": True})
    glue.delete_table_optimizer(**where, Type="orphan_file_deletion")
    for table in ({"DatabaseName": "sales_curated", "Name": "orders"},
                  {"DatabaseName": "finance_curated", "Name": "invoices"}):
        lake.revoke_permissions(Principal=me, Resource={"Table": table}, Permissions=["ALTER"])
    """

  @Test func aStandbyWhosePartsDriftedIsMended() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    _ = try mesh.boto(Self.drift)
    #expect(try mesh.check().exitCode == 1)

    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try mesh.check().exitCode == 0)
    let changed = try restore.json()["changedByKind"]?.object ?? [:]
    #expect(
      Set(changed.keys) == [
        "column-statistics", "database-tags", "encryption-settings", "partition-statistics",
        "resource-policy", "table-optimizer", "user-defined-function",
      ])

    let again = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    let actions = try again.json()["actions"]
    #expect(["create", "update", "remove"].allSatisfy { actions?[$0] == 0 }, "\(again.output)")
  }

  /// A policy that gives too much is cut down before anything else, and is never wider in between.
  @Test func aWiderPolicyIsNeverPut() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "eu-west-1", "meshdr-restorer")
      glue.put_resource_policy(PolicyInJson=json.dumps({"Version": "2012-10-17", "Statement": [{
          "Effect": "Allow", "Principal": "*", "Action": "glue:*",
          "Resource": "arn:aws:glue:eu-west-1:111111111111:*"}]}))
      """)
    try mesh.control("DELETE", "calls")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try mesh.check().exitCode == 0)
    let calls = try mesh.calls().filter { $0["account"] == "111111111111" }
      .compactMap { $0["operation"]?.string }
    // Cut down to its denials, then put whole.
    let puts = calls.indices.filter { calls[$0] == "PutResourcePolicy" }
    #expect(puts.count == 2)
    let created = try #require(calls.firstIndex(of: "CreateDatabase"))
    let granted = try #require(calls.lastIndex(of: "BatchGrantPermissions"))
    #expect(try #require(puts.first) < created)
    #expect(try #require(puts.last) < granted)
    #expect(!calls.contains("DeleteResourcePolicy"))
  }

  /// Tags come in the call that creates their database: where it fails, they have not come.
  @Test func whatComesWithAFailedCreationIsNotCounted() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control(
      "POST", "faults",
      [
        "service": "glue", "operation": "CreateDatabase", "account": "222222222222",
        "action": "error", "code": "ResourceNumberLimitExceededException", "message": "too many",
        "status": 400,
      ])
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 3)
    let result = try restore.json()
    #expect(result["changedByKind"]?["database-tags"] == 2)
    let missing = result["verified"]?["keys"]?["missing"]?.strings ?? []
    #expect(missing.contains("222222222222/glue/database-tags/sales_raw"))
  }

  @Test func whatIsOnlyKeptForReadingIsInTheSnapshot() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      """
      glue = client("glue", "777777777777", "us-east-1")
      inside = {"CatalogId": "777777777777:s3tablescatalog/features", "DatabaseName": "training"}
      glue.create_user_defined_function(**inside, FunctionInput={
          "FunctionName": "mask", "ClassName": "a.Mask"})
      glue.create_table(**inside, TableInput={
          "Name": "clicks", "StorageDescriptor": {"Columns": [{"Name": "on", "Type": "date"}]}})
      glue.update_column_statistics_for_table(**inside, TableName="clicks", ColumnStatisticsList=[{
          "ColumnName": "on", "ColumnType": "date", "AnalyzedTime": 1.7e9, "StatisticsData": {
              "Type": "DATE", "DateColumnStatisticsData": {
                  "NumberOfNulls": 0, "NumberOfDistinctValues": 3}}}])
      """)
    let snapshot = try mesh.meshdr("snapshot", "--output", "json").json()
    let counts = snapshot["counts"] ?? [:]
    #expect(counts["table-version"] == 2)
    #expect(counts["catalog-database"] == 1 && counts["catalog-table"] == 2)
    #expect(counts["catalog-function"] == 1 && counts["catalog-column-statistics"] == 1)
    // The container, the table bucket, and seven accounts' own.
    #expect(counts["catalog"] == 9)
    #expect((counts["share-policy"]?.integer ?? 0) > 0)
    let shown = try mesh.meshdr(
      "show", "latest", "catalog-table",
      "777777777777/glue/catalog-table/s3tablescatalog/features/training/customer_features")
    #expect(shown.exitCode == 0, "\(shown.errors)")
    #expect(shown.output.contains("777777777777:s3tablescatalog/features"))
  }

  /// A catalog that does not answer is a gap that is named, not a catalog without databases.
  @Test func aNestedCatalogThatCantBeReadIsAGap() throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "faults",
      [
        "service": "glue", "operation": "GetCatalogs", "account": "777777777777",
        "action": "error", "code": "FederationSourceException", "message": "no answer",
        "status": 400,
      ])
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 3)
    let science = try snapshot.json()["accounts"]?.array?.first { $0["id"] == "777777777777" }
    #expect(science?["complete"] == false)
    let errors = (science?["errors"]?.array ?? []).compactMap { $0["code"]?.string }
    #expect(errors.contains("FederationSourceException"))
  }
}
