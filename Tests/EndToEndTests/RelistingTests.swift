import CanonicalJSON
import Foundation
import Testing

/// A catalog that changes while it is captured.
@Suite struct RelistingTests {
  private let glue = """
    glue = client("glue", "111111111111", "us-east-1")
    table = glue.get_table(DatabaseName="sales_curated", Name="orders")["Table"]
    known = set(glue.meta.service_model.shape_for("TableInput").members)
    table = {name: value for name, value in table.items() if name in known}
    def change(text):
        table["Description"] = text
        glue.update_table(DatabaseName="sales_curated", TableInput=table)

    """

  private func calls(_ mesh: StandIn, _ operation: String) throws -> Int {
    try mesh.calls().count {
      $0["operation"]?.string == operation && $0["account"]?.string == "111111111111"
    }
  }

  private func account(_ document: JSON) -> JSON? {
    document["accounts"]?.array?.first { $0["id"] == "111111111111" }
  }

  private func description(_ mesh: StandIn) throws -> String {
    let shown = try mesh.meshdr("show", "latest", "table", "sales_curated.orders")
    return shown.output
  }

  @Test func theLaterVersionOfATableIsArchived() throws {
    let mesh = try StandIn()
    try mesh.control("DELETE", "calls")
    // Every table is listed before the first partitions come.
    try mesh.control(
      "POST", "faults",
      [
        "operation": "GetPartitions", "account": "111111111111", "region": "us-east-1",
        "action": "latency", "milliseconds": 10_000, "times": 1,
      ])
    let snapshot = try mesh.start(["snapshot", "--output", "json"])
    for _ in 0..<400 where try mesh.control("GET", "faults")["faults"]?.array?.first?["fired"] != 1
    {
      Thread.sleep(forTimeInterval: 0.05)
    }
    Thread.sleep(forTimeInterval: 1)
    let before = try calls(mesh, "GetTables")
    _ = try mesh.boto(glue + "change('changed while it was captured')")
    let outcome = snapshot.finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try account(outcome.json())?["moving"] == [])
    #expect(try description(mesh).contains("changed while it was captured"))
    // All once more, the changed database, and all for the last time.
    #expect(before > 0)
    #expect(try calls(mesh, "GetTables") == 3 * before + 1)
    #expect(try mesh.meshdr("verify").exitCode == 0)
  }

  @Test func whatNeverRestsIsNamedInTheManifestAndAWarning() throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "faults",
      [
        "operation": "GetTables", "account": "111111111111", "region": "us-east-1",
        "action": "latency", "milliseconds": 1500,
      ])
    let snapshot = try mesh.start(["snapshot", "--output", "json"])
    _ = try mesh.boto(
      glue + """
        import glob, time
        for number in range(10000):
            if glob.glob("\(mesh.folder)/archive/snapshots/*.json"):
                break
            change(f"change {number}")
            time.sleep(0.05)
        """)
    let outcome = snapshot.finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let document = try outcome.json()
    #expect(account(document)?["moving"] == ["111111111111/glue/table/sales_curated/orders"])
    #expect(
      (document["warnings"]?.strings ?? []).contains {
        $0.contains("database sales_curated was still changing") && $0.contains("orders")
      })
    #expect(try mesh.meshdr("verify").exitCode == 0)
    #expect(try account(mesh.meshdr("show", "latest", "--output", "json").json())?["moving"] != [])
  }
}
