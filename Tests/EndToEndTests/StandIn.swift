import CanonicalJSON
import Foundation
import Testing

extension Outcome {
  /// The one document of `--output json`.
  func json() throws -> JSON { try JSON(parsing: output) }
}

/// The project's folder, found from where this file is.
let projectFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The AWS stand-in in a process of its own, with the NimbusCart mesh in it, a mesh file and an
/// empty store. It ends with the test.
final class StandIn {
  let folder: String
  private let original: OriginalStandIn
  private let copy: JSON

  var endpoint: String { copy["endpoint"]?.string ?? "" }

  init(seeded: Bool = true) throws {
    folder = try temporaryFolder()
    original = try (seeded ? OriginalStandIn.nimbusCart : OriginalStandIn.empty).get()
    copy = try original.copied()
    guard seeded else { return }
    let mesh = original.meshFile(store: "\(folder)/archive")
    try mesh.write(toFile: "\(folder)/meshdr.yaml", atomically: true, encoding: .utf8)
  }

  deinit {
    if let process = copy["process"]?.integer { kill(pid_t(process), SIGTERM) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The environment of whoever is on call.
  var environment: [String: String] { original.environment(endpoint: endpoint, home: folder) }

  /// Runs the program itself, in the folder of the mesh file.
  func meshdr(_ arguments: String..., environment extra: [String: String] = [:]) throws -> Outcome {
    let process = try start(arguments, environment: extra)
    return process.finish()
  }

  func start(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Running {
    try Running(
      meshdrPath, arguments, in: folder, environment: environment.merging(extra) { $1 })
  }

  /// Runs a command of the NimbusCart mesh: an independent client.
  func python(_ arguments: String..., endpoint isWanted: Bool = true) throws -> Outcome {
    var all = ["-m", "emulator.nimbuscart"] + arguments
    if isWanted { all += ["--endpoint", endpoint] }
    return try Running(standInPython, all, in: projectFolder, environment: environment).finish()
  }

  /// The independent check of a region.
  func check(_ region: String = "eu-west-1") throws -> Outcome {
    try python("check", "--region", region)
  }

  /// Runs a few lines of Python with `client(service, account, region)`, which gives a boto3 client
  /// of the mesh's platform role.
  func boto(_ lines: String) throws -> Outcome {
    let prelude = """
      import boto3, json
      def client(service, account, region, role="mesh-platform"):
          sts = boto3.client("sts", region_name="eu-west-1")
          keys = sts.assume_role(
              RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="test")["Credentials"]
          return boto3.client(
              service, region_name=region, aws_access_key_id=keys["AccessKeyId"],
              aws_secret_access_key=keys["SecretAccessKey"],
              aws_session_token=keys["SessionToken"])

      """
    let outcome = try Running(
      standInPython, ["-c", prelude + lines], in: projectFolder, environment: environment
    ).finish()
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome
  }

  /// Calls the stand-in's own door.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: JSON? = nil) throws -> JSON {
    var arguments = ["-fsS", "-X", method, "\(endpoint)/_standin/\(path)"]
    if let body {
      arguments += ["-H", "Content-Type: application/json", "-d", body.canonicalText]
    }
    let outcome = try Running("/usr/bin/curl", arguments, in: folder, environment: [:]).finish()
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output.isEmpty ? [:] : try JSON(parsing: outcome.output)
  }

  func lose(_ region: String) throws { try control("POST", "regions/\(region)/lose") }

  /// The calls since the last time the log was emptied.
  func calls() throws -> [JSON] { try control("GET", "calls")["calls"]?.array ?? [] }
}

/// The program as it was built beside these tests.
let meshdrPath: String = {
  let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  let beside = tests.deletingLastPathComponent().appending(path: "meshdr").path
  return FileManager.default.isExecutableFile(atPath: beside)
    ? beside : projectFolder + "/.build/debug/meshdr"
}()

extension JSON {
  /// Of the document of `verify --region`: nothing is missing but records that a restore must leave
  /// to a person, and nothing is different or more.
  var differsOnlyInWhatIsLeftForAPerson: Bool {
    let manual: Set = [
      "catalog", "connection", "data-catalog", "identity-center", "resource-share",
    ]
    let missing = (self["removed"]?.array ?? []).compactMap { $0["kind"]?.string }
    return self["added"] == [] && self["changed"] == [] && manual.isSuperset(of: missing)
  }
}
