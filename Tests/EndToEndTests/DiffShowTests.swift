import CanonicalJSON
import Foundation
import Testing

/// `diff` and `show`, as people and scripts read them.
@Suite struct DiffShowTests {
  static let orders = "111111111111/glue/table/sales_curated/orders"

  /// A snapshot, and then one table with a column more, one without its parameter, one gone.
  func changed() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "us-east-1")
      table = glue.get_table(DatabaseName="sales_curated", Name="orders")["Table"]
      given = {k: table[k] for k in ("Name", "StorageDescriptor", "PartitionKeys", "TableType",
                                     "Parameters", "Description") if k in table}
      given["StorageDescriptor"]["Columns"].append({"Name": "note", "Type": "string"})
      given["Description"] = "Orders \\u2192 all"
      given["Parameters"]["team"] = "new"
      glue.update_table(DatabaseName="sales_curated", TableInput=given)
      glue.delete_table(DatabaseName="sales_curated", Name="order_margins")
      """)
    return mesh
  }

  @Test func liveDifferencesHaveOldAndNewValues() throws {
    let mesh = try changed()
    let outcome = try mesh.meshdr("diff", "latest", "live", "--output", "json")
    #expect(outcome.exitCode == 6, "\(outcome.errors)")
    let document = try outcome.json()
    let removed = (document["removed"]?.array ?? []).compactMap { $0["key"]?.string }
    #expect(removed.contains("111111111111/glue/table/sales_curated/order_margins"))
    let table = try #require(
      document["changed"]?.array?.first { $0["key"] == .string(Self.orders) })
    let values = table["values"]?.array ?? []
    #expect(table["fields"]?.strings == values.compactMap { $0["field"]?.string })
    let column = try #require(
      values.first { $0["field"] == "StorageDescriptor.Columns[note]" })
    #expect(column["new"] == ["Name": "note", "Type": "string"])
    #expect(column["old"] == nil)
    let description = try #require(values.first { $0["field"] == "Description" })
    #expect(description["new"] == "Orders → all")
    #expect(description["old"]?.string?.isEmpty == false)

    let text = try mesh.meshdr("diff", "latest", "live").output
    #expect(text.contains("~ \(Self.orders)\n"), "\(text)")
    #expect(text.contains(#"    Parameters.team: (none) → "new""#), "\(text)")
    #expect(text.contains("- 111111111111/glue/table/sales_curated/order_margins\n"))
    // The store holds no more than before.
    #expect(try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.count == 1)
  }

  @Test func accountsAndKindsNarrowIt() throws {
    let mesh = try changed()
    let kind = try mesh.meshdr("diff", "latest", "live", "--only", "kind:lf-tag")
    #expect(kind.exitCode == 0)
    #expect(kind.output == "no differences\n")
    #expect(try mesh.meshdr("diff", "latest", "live", "--account", "sales").exitCode == 0)
    #expect(try mesh.meshdr("diff", "latest", "live", "--account", "governance").exitCode == 6)
    #expect(try mesh.meshdr("diff", "latest", "live", "--account", "nobody").exitCode == 2)
  }

  /// What an account that can't be entered holds has not been removed.
  @Test func anAccountThatFailsIsNoDifference() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "accounts/state", ["id": "666666666666", "state": "SUSPENDED"])
    let outcome = try mesh.meshdr("diff", "latest", "live", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let document = try outcome.json()
    #expect(document["removed"] == [])
    let warnings = document["warnings"]?.strings ?? []
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("666666666666 analytics is incomplete") ?? false)
    #expect(warnings.first?.contains("AccessDenied") ?? false)
  }

  @Test func whatASnapshotHolds() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let keys = try mesh.meshdr("show", "latest", "table", "--output", "json").json()["keys"]?
      .strings
    #expect(keys?.count == 24)
    #expect(keys?.contains(Self.orders) ?? false)
    let narrowed = try mesh.meshdr(
      "show", "latest", "table", "--account", "data-science", "--only", "feature_store")
    #expect(
      narrowed.output == """
        777777777777/glue/table/feature_store/customer_value
        777777777777/glue/table/feature_store/order_margins
        777777777777/glue/table/feature_store/training_calendar

        """)
    let record = try mesh.meshdr("show", "latest", "table", Self.orders)
    #expect(try JSON(parsing: record.output)["Name"] == "orders")
    #expect(
      try mesh.meshdr("show", "latest", "table", "sales_curated.orders").output == record.output)
  }

  @Test func whatItDoesNotHold() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot", "--account", "governance").exitCode == 0)
    let reference = try #require(
      mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.first?["snapshot"]?.string
    )
    let kind = try mesh.meshdr("show", reference, "tables")
    #expect(kind.exitCode == 2)
    #expect(kind.errors.contains(", data-cells-filter, "))
    let key = try mesh.meshdr("show", reference, "table", "sales_curated.order")
    #expect(key.exitCode == 1)
    #expect(key.errors.contains("lists the keys"))
    // A kind that meshdr knows, but of which there is none.
    let none = try mesh.meshdr("show", reference, "bucket", "--output", "json")
    #expect(none.exitCode == 0)
    #expect(try none.json()["keys"] == [])
  }
}
