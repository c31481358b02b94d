import CanonicalJSON
import Foundation
import Testing

/// What keeps an archive whole, as those do it who look after it.
@Suite struct ArchiveTests {
  @Test func checkedHeldAndPruned() throws {
    let mesh = try StandIn()
    for _ in 0..<4 { #expect(try mesh.meshdr("snapshot").exitCode == 0) }
    let rows = try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array ?? []
    let ids = rows.compactMap { $0["snapshot"]?.string }
    try #require(ids.count == 4)
    #expect(try mesh.meshdr("hold", ids[3], "--reason", "ticket 4711").exitCode == 0)
    #expect(try mesh.meshdr("list").output.contains("ticket 4711"))

    try mesh.retain("last: 1, yearly: 1")
    let dry = try mesh.meshdr("prune", "--dry-run")
    #expect(
      dry.output.contains("last, yearly, newest complete") && dry.output.contains("kept by hold"))
    #expect(try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.count == 4)
    let pruned = try mesh.meshdr("prune", "--output", "json").json()
    #expect(pruned["removed"]?.strings == [ids[1], ids[2]])

    let verified = try mesh.meshdr("verify", "--output", "json")
    #expect(verified.exitCode == 0, "\(verified.output)")
    #expect(try verified.json()["manifests"] == 2)
    let part = try mesh.meshdr("verify", "--read-data-subset", "1/3", "--output", "json").json()
    #expect(try part["packs"] == verified.json()["packs"])
    #expect(try part["packsRead"] != verified.json()["packsRead"])
    #expect(try mesh.meshdr("verify", "--read-data-subset", "4/3").exitCode == 2)
    #expect(try mesh.meshdr("verify", "latest", "--all").exitCode == 2)

    // A held snapshot that somebody removes by hand is missed.
    let manifest = "\(mesh.folder)/archive/snapshots/\(ids[3]).json"
    try FileManager.default.removeItem(atPath: manifest)
    let missed = try mesh.meshdr("verify")
    #expect(missed.exitCode == 5 && missed.output.contains(ids[3]))
    // The newest one is whole all the same, and can be restored.
    #expect(try mesh.meshdr("plan", "--region", "eu-west-1").exitCode == 0)
  }
}

extension StandIn {
  /// Writes a retention policy into the mesh file.
  func retain(_ policy: String) throws {
    let path = "\(folder)/meshdr.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "\nretention: {\(policy)}\n").write(
      toFile: path, atomically: true, encoding: .utf8)
  }
}
