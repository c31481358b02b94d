import CanonicalJSON
import Foundation
import Testing

/// A store that several machines share: one restore at a time, and any of them can resume.
@Suite struct ManyMachinesTests {
  private static let url = "s3://nimbus-dr-archive/meshdr"

  /// A machine of its own: nothing but a folder and the store.
  private func machine(_ name: String, of mesh: StandIn) throws -> [String: String] {
    let home = "\(mesh.folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: home + "/tmp", withIntermediateDirectories: true)
    return ["HOME": home, "XDG_STATE_HOME": home + "/state", "TMPDIR": home + "/tmp"]
  }

  @Test func oneMachineRestoresAndAnotherResumesWhenItDied() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive")
    #expect(try mesh.meshdr("snapshot", "--store", Self.url).exitCode == 0)
    // What follows knows nothing but the store.
    try FileManager.default.removeItem(atPath: mesh.folder + "/meshdr.yaml")
    try mesh.control("DELETE", "calls")
    try mesh.control(
      "POST", "faults",
      ["operation": "CreateTable", "action": "latency", "milliseconds": 500])
    let arguments = ["restore", "--region", "eu-west-1", "--store", Self.url]
    let first = try mesh.start(arguments, environment: machine("first", of: mesh))
    // Until something is under way.
    func isCreating() throws -> Bool {
      try mesh.calls().contains { $0["operation"] == "CreateTable" && $0["status"] == 200 }
    }
    for _ in 0..<300 {
      if try isCreating() { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    #expect(try isCreating())
    let other = try machine("second", of: mesh)
    let second = try mesh.meshdr(
      "restore", "--region", "eu-west-1", "--store", Self.url, environment: other)
    #expect(second.exitCode == 1)
    #expect(second.errors.contains("another restore in eu-west-1"), "\(second.errors)")
    first.send(SIGKILL)
    _ = first.finish()
    try mesh.control("DELETE", "faults")

    // On the same host the dead process holds nothing any more.
    let resumed = try mesh.meshdr(
      "restore", "--resume", "--store", Self.url, "--output", "json", environment: other)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let result = try resumed.json()
    #expect(result["verified"]?["missing"] == 0 && result["verified"]?["widened"] == 0)
    #expect((result["actions"]?["unchanged"]?.integer ?? 0) > 0)
    #expect(try mesh.check().exitCode == 0)
    let journals = try FileManager.default.contentsOfDirectory(
      atPath: "\(mesh.folder)/second/state/meshdr/runs")
    #expect(journals == ["\(result["run"]?.string ?? "").journal.ndjson"])

    let nothing = try mesh.meshdr(
      "restore", "--resume", "--store", Self.url, environment: machine("third", of: mesh))
    #expect(nothing.exitCode == 1 && nothing.errors.contains("nothing to resume"))
  }
}
