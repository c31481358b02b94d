import CanonicalJSON
import Testing

/// From the loss of a region to the night after: who may be restored over.
@Suite struct ActiveSideStoryTests {
  @Test func afterAFailoverTheNightlyRestoreLeavesTheSecondaryAlone() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("active").output.contains("us-east-1, its primary"))
    let restored = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(restored.exitCode == 0)
    #expect(restored.output.contains("meshdr active eu-west-1"), "\(restored.output)")
    // A standby that is kept warm is restored again and again.
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1", "--quiet").exitCode == 0)

    #expect(try mesh.meshdr("active", "eu-wst-1").exitCode == 2)
    let switched = try mesh.meshdr("active", "eu-west-1", "--output", "json").json()
    #expect(switched["region"] == "eu-west-1")
    #expect(switched["run"]?.string?.hasPrefix("restore-") == true)
    #expect(switched["warnings"] == [])
    try mesh.control("DELETE", "calls")
    let nightly = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(nightly.exitCode == 2)
    #expect(nightly.errors.contains("--force-active"))
    #expect(try mesh.calls().isEmpty)
    #expect(try mesh.meshdr("plan", "--region", "eu-west-1").exitCode == 0)

    let status = try mesh.meshdr("status", "--output", "json").json()
    #expect(status["active"]?["region"] == "eu-west-1")
    #expect(status["snapshot"]?["region"] == "us-east-1")
    #expect(status["rpo"] == .null && status["drill"] == .null)
    #expect(status["restore"]?["met"] == true)
    #expect(status["accounts"]?.array?.count == 7)
    let page = try mesh.meshdr("status", environment: ["COLUMNS": "60"]).output
    #expect(page.contains("never measured"))
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(page)")

    #expect(try mesh.meshdr("active", "us-east-1").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
  }
}
