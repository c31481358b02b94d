import CanonicalJSON
import Foundation
import Testing

/// A stand-in that is filled once for all tests. None works on it: each takes a copy.
final class OriginalStandIn: Sendable {
  /// With nothing but the management account.
  static let empty = Result { try OriginalStandIn(seeded: false) }
  /// With the NimbusCart mesh.
  static let nimbusCart = Result { try OriginalStandIn(seeded: true) }

  private static let anyStore = "/the/store/of/a/test"
  private let ready: JSON
  private let meshFile: String

  /// It ends with this process.
  private init(seeded: Bool) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let readyFile = "\(folder)/ready.json"
    _ = try Running(
      standInPython,
      ["-m", "emulator", "serve", "--port", "0", "--exit-with-parent", "--ready-file", readyFile],
      in: projectFolder, environment: ProcessInfo.processInfo.environment)
    ready = try Self.wait(for: readyFile)
    guard seeded else {
      meshFile = ""
      return
    }
    let environment = Self.environment(ready, ready["endpoint"]?.string ?? "", folder)
    func nimbusCart(_ arguments: String...) throws -> String {
      let outcome = try Running(
        standInPython, ["-m", "emulator.nimbuscart"] + arguments, in: projectFolder,
        environment: environment
      ).finish()
      guard outcome.exitCode == 0 else { throw JSONError(outcome.errors) }
      return outcome.output
    }
    _ = try nimbusCart("seed", "--endpoint", ready["endpoint"]?.string ?? "")
    meshFile = try nimbusCart("meshfile", "--store", Self.anyStore)
  }

  private static func wait(for file: String) throws -> JSON {
    for _ in 0..<600 {
      if let text = try? String(contentsOfFile: file, encoding: .utf8),
        let json = try? JSON(parsing: text)
      {
        return json
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw JSONError("the stand-in did not start")
  }

  /// A copy with this one's state: its `endpoint`, and its `process`, which SIGTERM ends.
  func copied() throws -> JSON {
    let outcome = try Running(
      "/usr/bin/curl",
      ["-fsS", "-X", "POST", (ready["endpoint"]?.string ?? "") + "/_standin/copies"],
      in: "/", environment: [:]
    ).finish()
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    return try JSON(parsing: outcome.output)
  }

  func meshFile(store: String) -> String {
    meshFile.replacingOccurrences(of: Self.anyStore, with: store)
  }

  func environment(endpoint: String, home: String) -> [String: String] {
    Self.environment(ready, endpoint, home)
  }

  private static func environment(_ ready: JSON, _ endpoint: String, _ home: String)
    -> [String: String]
  {
    [
      "AWS_ACCESS_KEY_ID": ready["accessKeyId"]?.string ?? "",
      "AWS_SECRET_ACCESS_KEY": ready["secretAccessKey"]?.string ?? "",
      "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "eu-west-1", "HOME": home,
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TMPDIR": home,
    ]
  }
}

/// The Python that the stand-in's pinned packages are installed for.
let standInPython: String = {
  let own = projectFolder + "/.venv/bin/python"
  return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
}()

/// A new folder of a test's own.
func temporaryFolder() throws -> String {
  let folder = NSTemporaryDirectory() + "meshdr-test-\(UInt32.random(in: 0...UInt32.max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  return folder
}
