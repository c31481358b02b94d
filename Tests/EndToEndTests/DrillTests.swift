import CanonicalJSON
import Foundation
import Testing

/// A restore is rehearsed beside what lives in the region, and leaves no trace.
@Suite struct DrillTests {
  private let here = #""eu-west-1""#

  @Test func aDrillLeavesAStandbyAsItWas() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    let before = try mesh.state(here)
    let plan = try mesh.meshdr("drill", "--region", "eu-west-1", "--dry-run")
    #expect(plan.exitCode == 0, "\(plan.errors)")

    let drill = try mesh.meshdr(
      "drill", "--region", "eu-west-1", "--query", "primary", "--output", "json")
    #expect(drill.exitCode == 0, "\(drill.errors)\(drill.output)")
    let result = try drill.json()
    #expect(result["actions"]?["create"]?.integer ?? 0 > 1600)
    #expect(result["rto"]?["met"] == true)
    let report = try #require(result["drill"])
    #expect(report["access"]?["right"] == true)
    let principals = report["access"]?["principals"]?.array ?? []
    #expect(principals.count > 10)
    #expect(principals.contains { $0["readable"]?.integer ?? 0 > 0 })
    #expect(report["queries"]?.array?.count == 5)
    #expect(report["undoing"]?["clean"] == true, "\(report["undoing"]?.prettyText ?? "")")
    #expect(report["rpo"]?["met"] == true)
    #expect(try mesh.state(here) == before)
    #expect(try mesh.check().exitCode == 0)

    try aRoleThatStandsInAsks(mesh)
    let again = try mesh.meshdr("drill", "--region", "eu-west-1", "--query", "primary")
    #expect(again.exitCode == 0, "\(again.errors)\(again.output)")
    #expect(again.output.contains("as it was, byte for byte"), "\(again.output)")
    #expect(again.output.contains("were denied what they should not read"), "\(again.output)")
    #expect(again.output.contains("Earlier drills"))
    #expect(!again.output.contains("so the restorer asks"))
    #expect(try mesh.state(here) == before)
  }

  /// Roles that nobody else has anything to do with: one for a team, one in each account for all others.
  private func aRoleThatStandsInAsks(_ mesh: StandIn) throws {
    try mesh.append(
      """
      drill:
        role: drill-user
        principals:
          "arn:aws:iam::666666666666:role/analytics-team": "arn:aws:iam::666666666666:role/drill-analyst"

      """)
    _ = try mesh.boto(
      """
      from emulator.nimbuscart import mesh
      for account in mesh.ACCOUNTS:
          trust = {"Version": "2012-10-17", "Statement": [{
              "Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"AWS": mesh.role(account.id, mesh.RESTORER)}}]}
          for name in ("drill-user", "drill-analyst"):
              client("iam", account.id, "eu-west-1").create_role(
                  RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
      """)
  }

  /// Nobody who has access in the mesh can be made to stand in for others, and no drill is held where
  /// the mesh runs.
  @Test func whatWouldOpenSomethingIsRefused() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("drill", "--region", "us-east-1").exitCode == 2)
    let path = mesh.folder + "/meshdr.yaml"
    let file = try String(contentsOfFile: path, encoding: .utf8)
    let rest = """

      drill:
        principals:
          "arn:aws:iam::555555555555:role/finance-analyst": "arn:aws:iam::555555555555:role/payroll-lead"

      """
    try (file + rest).write(toFile: path, atomically: true, encoding: .utf8)
    let refused = try mesh.meshdr("drill", "--region", "eu-west-1")
    #expect(refused.exitCode == 2, "\(refused.errors)")
    #expect(refused.errors.contains("payroll-lead can't stand in"), "\(refused.errors)")
  }
}
