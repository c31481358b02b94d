import CanonicalJSON
import Foundation
import Testing

/// Plans that are saved, shortened and given back, and restores that are resumed when the cause of
/// what failed is mended.
@Suite struct PlanFileTests {
  private func write(_ plan: JSON, _ mesh: StandIn) throws {
    try plan.prettyText.write(
      toFile: mesh.folder + "/plan.json", atomically: true, encoding: .utf8)
  }

  private func without(_ plan: JSON, _ isLeftOut: (JSON) -> Bool) -> JSON {
    var plan = plan
    plan["steps"] = .array((plan["steps"]?.array ?? []).filter { !isLeftOut($0) })
    return plan
  }

  private func writes(_ mesh: StandIn) throws -> [String] {
    let starts = ["Create", "Batch", "Add", "Remove", "Update", "Delete", "Put", "Register"]
    return try mesh.calls().compactMap { $0["operation"]?.string }.filter { name in
      starts.contains { name.hasPrefix($0) } && !name.hasPrefix("BatchGet")
    }
  }

  @Test func aPlanCanBeShortenedButNotSoThatItWidens() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let made = try mesh.meshdr("plan", "--region", "eu-west-1", "--out", "plan.json")
    #expect(made.output.contains("meshdr restore --plan plan.json"))
    let text = try String(contentsOfFile: mesh.folder + "/plan.json", encoding: .utf8)
    let plan = try JSON(parsing: text)
    try mesh.control("DELETE", "calls")

    for kind in ["tag-assignment", "settings", "lf-tag", "data-cells-filter"] {
      try write(without(plan) { $0["kind"]?.string == kind }, mesh)
      let refused = try mesh.meshdr("restore", "--plan", "plan.json")
      #expect(refused.exitCode == 2, "\(kind): \(refused.errors)")
      #expect(refused.errors.contains("Nothing was changed"))
    }
    var added = plan
    added["steps"] = .array(
      (plan["steps"]?.array ?? []) + [
        [
          "step": "remove", "phase": "settle",
          "key": "111111111111/glue/database/sales_curated",
        ]
      ])
    try write(added, mesh)
    #expect(try mesh.meshdr("restore", "--plan", "plan.json").exitCode == 2)
    #expect(try writes(mesh).isEmpty)
    let other = try mesh.meshdr("restore", "--plan", "plan.json", "--only", "sales_curated")
    #expect(other.exitCode == 2 && other.errors.contains("--only"))

    // Nothing rests on saved queries.
    try write(without(plan) { $0["kind"]?.string == "named-query" }, mesh)
    let restored = try mesh.meshdr(
      "restore", "--plan", "plan.json", "--output", "json", "--since", "2026-01-01T00:00Z")
    #expect(restored.exitCode == 3, "\(restored.errors)")
    let result = try restored.json()
    let missing = result["verified"]?["keys"]?["missing"]?.strings ?? []
    #expect(!missing.isEmpty && missing.allSatisfy { $0.contains("named-query") }, "\(missing)")
    #expect(result["verified"]?["widened"] == 0)
    // Since the first of January is more than two hours ago.
    #expect((result["rto"]?["detectionSeconds"]?.double ?? 0) > 86_400)
    #expect(result["rto"]?["met"] == false)
    #expect(result["rto"]?["phases"]?.array?.first?["name"] == "detect")
    #expect((result["rto"]?["waitingSeconds"]?.double ?? 0) > 0)
    #expect(result["criticalPath"]?.array?.isEmpty == false)

    // The secondary is not what it was when the plan was made.
    try text.write(toFile: mesh.folder + "/plan.json", atomically: true, encoding: .utf8)
    let stale = try mesh.meshdr("restore", "--plan", "plan.json")
    #expect(stale.exitCode == 1)
    #expect(stale.errors.contains("has changed since"), "\(stale.errors)")
  }

  /// One account denied, one database of which AWS refuses every table, one account in which AWS lets
  /// nobody make any for as long as it goes on: the rest is restored, and what is left when the cause is
  /// mended.
  @Test func whatFailedIsFinishedByResumingWhenItsCauseIsMended() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control(
      "POST", "faults",
      ["account": "555555555555", "service": "glue", "operation": "Create*", "action": "deny"])
    try mesh.control(
      "POST", "faults",
      [
        "account": "444444444444", "operation": "CreateTable", "action": "error", "status": 400,
        "code": "InvalidInputException", "message": "no such table may be",
      ])
    try mesh.control(
      "POST", "faults",
      ["account": "333333333333", "operation": "CreateTable", "action": "throttle"])
    let first = try mesh.meshdr(
      "restore", "--region", "eu-west-1", "--output", "json",
      environment: ["AWS_MAX_ATTEMPTS": "3"])
    #expect(first.exitCode == 3)
    let result = try first.json()
    let failures = result["failures"]?.array ?? []
    let codes = Set(failures.compactMap { $0["code"]?.string })
    #expect(
      codes == ["AccessDeniedException", "InvalidInputException", "ThrottlingException"], "\(codes)"
    )
    #expect(failures.allSatisfy { $0["key"]?.string?.contains("/glue/") == true })
    #expect(result["verified"]?["widened"] == 0)
    let report = try mesh.meshdr("report", result["run"]?.string ?? "", "--out", "r.html")
    #expect(report.exitCode == 0)
    let page = try String(contentsOfFile: mesh.folder + "/r.html", encoding: .utf8)
    #expect(page.contains("data lake administrator; then run it again"))

    try mesh.control("DELETE", "faults")
    let resumed = try mesh.meshdr("restore", "--resume", "--output", "json")
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try resumed.json()["run"] == result["run"])
    #expect(try mesh.check().exitCode == 0)
    #expect(try mesh.meshdr("restore", "--resume").exitCode == 1)
  }

  @Test func whatActsByItselfIsSetToWorkOnlyWhenThatIsAskedFor() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      """
      glue = client("glue", "333333333333", "us-east-1")
      glue.create_crawler(
          Name="nightly", Role="mesh-platform", DatabaseName="sales_raw",
          Targets={"S3Targets": [{"Path": "s3://nimbus-sales-products/raw/"}]},
          Schedule="cron(0 1 * * ? *)")
      """)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let schedule = """
      crawler = client("glue", "333333333333", "eu-west-1").get_crawler(Name="nightly")["Crawler"]
      print(crawler.get("Schedule", {}).get("State"))
      """
    let rest = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(rest.exitCode == 0, "\(rest.errors)")
    #expect(try mesh.boto(schedule).output != "SCHEDULED\n")
    let work = try mesh.meshdr(
      "restore", "--region", "eu-west-1", "--activate", "--output", "json")
    #expect(work.exitCode == 0, "\(work.errors)")
    #expect(try mesh.boto(schedule).output == "SCHEDULED\n")
    // A later restore leaves it at work.
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    #expect(try mesh.boto(schedule).output == "SCHEDULED\n")
  }
}
