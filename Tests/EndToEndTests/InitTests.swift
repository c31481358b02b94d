import CanonicalJSON
import Foundation
import Testing

@Suite struct InitTests {
  func standIn() throws -> StandIn {
    let mesh = try StandIn()
    try FileManager.default.removeItem(atPath: mesh.folder + "/meshdr.yaml")
    return mesh
  }

  @Test func whatItWritesCanBeUsed() throws {
    let mesh = try standIn()
    try mesh.control("DELETE", "calls")
    let outcome = try mesh.meshdr("init", "--primary", "us-east-1", "--output", "json")
    // The management account is no account of the mesh, but was looked into, too.
    #expect(outcome.exitCode == 0, "\(outcome.errors)\(outcome.output)")
    let found = try outcome.json()
    #expect(found["secondary"] == "eu-west-1")
    #expect(found["units"] == ["Consumers", "Domains", "Governance"])
    #expect(found["readerRole"] == "meshdr-reader")
    #expect(found["restorerRole"] == "meshdr-restorer")
    let governance = try #require(found.account("111111111111"))
    #expect(governance["databases"] == 4)
    let receivers = (governance["shares"]?.array ?? []).compactMap { $0["to"]?.string }
    #expect(receivers.contains("666666666666") && receivers.contains("777777777777"))
    let changes = try mesh.calls().compactMap { $0["operation"]?.string }.filter { name in
      !["Get", "List", "Describe", "AssumeRole"].contains { name.hasPrefix($0) }
    }
    #expect(changes.isEmpty, "\(changes)")

    // What nobody can guess: it costs a call a partition.
    let path = mesh.folder + "/meshdr.yaml"
    let written = try String(contentsOfFile: path, encoding: .utf8)
    try (written + "\ncapture: {partition_statistics: [finance_curated.invoices]}\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    #expect(try snapshot.json()["accounts"]?.array?.count == 7)
    #expect(try mesh.meshdr("restore").exitCode == 0)
    #expect(try mesh.check().exitCode == 0)
  }

  @Test func aFileThatIsThereStays() throws {
    let mesh = try StandIn()
    let before = try String(contentsOfFile: mesh.folder + "/meshdr.yaml", encoding: .utf8)
    try mesh.control("DELETE", "calls")
    let outcome = try mesh.meshdr("init", "--primary", "us-east-1")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("--out FILE"))
    #expect(try mesh.calls().isEmpty)
    #expect(try String(contentsOfFile: mesh.folder + "/meshdr.yaml", encoding: .utf8) == before)
    let other = try mesh.meshdr("init", "--primary", "us-east-1", "--out", "other.yaml")
    #expect(other.exitCode == 0, "\(other.errors)")
    #expect(other.output.hasPrefix("Wrote other.yaml: us-east-1 to eu-west-1"), "\(other.output)")
    #expect(try mesh.meshdr("snapshot", "--mesh", "other.yaml").exitCode == 0)
  }

  @Test func accountsThatCannotBeEnteredAreNamed() throws {
    let mesh = try standIn()
    _ = try mesh.boto(
      """
      iam = client("iam", "555555555555", "us-east-1")
      iam.delete_role_policy(RoleName="meshdr-reader", PolicyName="everything")
      iam.delete_role(RoleName="meshdr-reader")
      """)
    let outcome = try mesh.meshdr("init", "--primary", "us-east-1", "--secondary", "eu-central-1")
    #expect(outcome.exitCode == 3)
    #expect(outcome.output.contains("555555555555 finance: AccessDenied"), "\(outcome.output)")
    let text = try String(contentsOfFile: mesh.folder + "/meshdr.yaml", encoding: .utf8)
    #expect(text.contains("555555555555 finance in Root/Domains: AccessDenied"))
    #expect(text.contains("secondary: eu-central-1"))
  }

  /// A member account has only itself to look at, and the file says that a region is to be chosen.
  @Test func withoutOrganizations() throws {
    let mesh = try standIn()
    try mesh.control("POST", "faults", ["service": "organizations", "action": "deny"])
    let outcome = try mesh.meshdr("init", "--primary", "us-east-1", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let found = try outcome.json()
    #expect(found["from"] == "list")
    #expect(found["secondary"] == .null)
    #expect(
      (found["warnings"]?.strings ?? []).contains { $0.contains("may not ask Organizations") })
    let snapshot = try mesh.meshdr("snapshot")
    #expect(snapshot.exitCode == 2)
    #expect(snapshot.errors.contains("CHOOSE-A-REGION"), "\(snapshot.errors)")
  }
}
