import CanonicalJSON
import Foundation
import Testing

/// The main job with the archive in S3, in a region that is neither of the two.
@Suite struct S3StoryTests {
  private static let url = "s3://nimbus-dr-archive/meshdr"

  /// With us-east-1 gone and nothing but the store, from a machine whose region is us-east-1.
  @Test func aBareMachineRestoresFromS3() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive")
    let snapshot = try mesh.meshdr("snapshot", "--store", Self.url, "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    let taken = try snapshot.json()
    let again = try mesh.meshdr("snapshot", "--store", Self.url, "--output", "json").json()
    #expect(again["packs"]?["written"] == 0)

    try mesh.lose("us-east-1")
    try FileManager.default.removeItem(atPath: mesh.folder + "/meshdr.yaml")
    try mesh.control("DELETE", "calls")
    let home = ["AWS_REGION": "us-east-1"]
    let list = try mesh.meshdr(
      "list", "--store", Self.url, "--output", "json", environment: home)
    #expect(try list.json()["snapshots"]?.array?.count == 2, "\(list.errors)")
    let verify = try mesh.meshdr("verify", "--store", Self.url, environment: home)
    #expect(verify.exitCode == 0, "\(verify.errors)")
    let restore = try mesh.meshdr(
      "restore", "--region", "eu-west-1", "--store", Self.url, "--output", "json",
      environment: home)
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try restore.json()["snapshot"] == again["snapshot"])
    #expect(try restore.json()["verified"]?["widened"] == 0)
    #expect(try mesh.check().exitCode == 0)
    let runs = try mesh.meshdr("runs", "--store", Self.url, "--output", "json")
    #expect(runs.exitCode == 0 && taken["complete"] == true)

    let calls = try mesh.calls().filter { $0["service"] == "s3" }
    let regions = Set(calls.compactMap { $0["region"]?.string })
    #expect(regions == ["eu-west-1", "eu-central-1"])
    #expect(calls.allSatisfy { $0["status"] != 501 } && !mesh.leavesAnything)
  }

  /// A line that breaks in the middle of uploads, and answers that get lost, cost nothing but time.
  @Test func aBadLineIsGotThrough() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive")
    try mesh.control(
      "POST", "faults",
      [
        "faults": [
          [
            "service": "s3", "operation": "PutObject", "action": "cut-after",
            "probability": .number("0.1"),
          ],
          [
            "service": "s3", "operation": "PutObject", "action": "cut-before",
            "probability": .number("0.1"),
          ],
          [
            "service": "s3", "operation": "GetObject", "action": "cut-mid-body",
            "probability": .number("0.1"),
          ],
          [
            "service": "s3", "operation": "GetObject", "action": "truncate-json",
            "probability": .number("0.05"),
          ],
          ["service": "s3", "action": "throttle", "probability": .number("0.05")],
        ]
      ])
    let snapshot = try mesh.meshdr("snapshot", "--store", Self.url, "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    #expect(try mesh.meshdr("verify", "--store", Self.url).exitCode == 0)
    try mesh.control("DELETE", "faults")
    #expect(try mesh.meshdr("verify", "--store", Self.url).exitCode == 0)
    let again = try mesh.meshdr("snapshot", "--store", Self.url, "--output", "json").json()
    #expect(again["packs"]?["written"] == 0)
  }
}

extension StandIn {
  /// Whether the program left files in its folder for temporary ones.
  var leavesAnything: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { $0.hasPrefix("meshdr-") }
  }
}
