import CanonicalJSON
import Foundation
import Testing

/// `snapshot --only`: a quick look at a part, which never stands for the whole.
@Suite struct LimitedSnapshotTests {
  @Test func aPartIsCapturedAndNeverTakenForTheWhole() throws {
    let mesh = try StandIn()
    let whole = try mesh.meshdr("snapshot", "--output", "json").json()["snapshot"]?.string
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "us-east-1")
      glue.delete_table(DatabaseName="sales_curated", Name="order_margins")
      """)
    try mesh.control("DELETE", "calls")
    let limited = try mesh.meshdr(
      "snapshot", "--only", "sales_curated", "--account", "governance", "--output", "json")
    #expect(limited.exitCode == 0, "\(limited.errors)")
    let document = try limited.json()
    #expect(document["complete"] == false)
    #expect(document["counts"]?["database"] == 1)
    #expect((document["counts"]?["grant"]?.integer ?? 0) > 0, "what is granted on it comes along")
    let governance = document["accounts"]?.array?.first { $0["id"] == "111111111111" }
    #expect(governance?["errors"]?.array?.first?["code"] == "Limited")
    let warnings = document["warnings"]?.strings ?? []
    #expect(warnings.first?.contains("limited by --only to sales_curated") ?? false)
    // That other databases are not in it is no sign that they are hidden.
    #expect(warnings.count == 1, "\(warnings)")
    let listed = try mesh.calls().filter { $0["operation"] == "GetTables" }
    #expect(listed.count == 2, "the database once, and once more for what changed meanwhile")

    let misspelt = try mesh.meshdr("snapshot", "--only", "kind:tabel")
    #expect(misspelt.exitCode == 2 && misspelt.errors.contains("kind:tabel: the kinds are "))
    let absent = try mesh.meshdr(
      "snapshot", "--only", "slaes", "--account", "governance", "--output", "json")
    #expect(
      try absent.json()["warnings"]?.strings.contains {
        $0.hasPrefix("--only slaes: there is no such database")
      } ?? false, "\(absent.output)")

    // The newest complete snapshot is still the one before.
    let shown = try mesh.meshdr("show", "latest", "--output", "json").json()["snapshot"]?.string
    #expect(shown == whole)
  }

  @Test func whatIsComparedLiveIsCapturedOnlyAsFarAsAskedFor() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "us-east-1")
      glue.delete_table(DatabaseName="sales_curated", Name="order_margins")
      """)
    try mesh.control("DELETE", "calls")
    let outcome = try mesh.meshdr(
      "diff", "latest", "live", "--only", "sales_curated", "--output", "json")
    #expect(outcome.exitCode == 6, "\(outcome.errors)")
    let removed = try (outcome.json()["removed"]?.array ?? []).compactMap { $0["key"]?.string }
    #expect(removed.contains("111111111111/glue/table/sales_curated/order_margins"))
    #expect(removed.allSatisfy { $0.contains("/sales_curated") }, "\(removed)")
    #expect(try outcome.json()["warnings"] == [])
    let databases = try Set(
      mesh.calls().filter { $0["operation"] == "GetPartitions" }
        .compactMap { $0["input"]?["DatabaseName"]?.string })
    #expect(databases.isSubset(of: ["sales_curated"]), "\(databases)")
    let others = try mesh.meshdr("diff", "latest", "live", "--only", "finance_curated")
    #expect(others.exitCode == 0, "\(others.output) \(others.errors)")
  }
}
