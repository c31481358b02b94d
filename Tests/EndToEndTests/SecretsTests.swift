import CanonicalJSON
import Foundation
import Testing

/// Credentials stay where they are: everything that the program says and leaves behind is searched
/// for every secret that AWS gave out.
@Suite struct SecretsTests {
  /// With the archive in a folder, and in S3.
  @Test(arguments: ["text", "json"])
  func noSecretIsTold(format: String) throws {
    let mesh = try StandIn()
    if format == "json" { try mesh.keepArchiveInS3() }
    let loud = ["--verbose", "--log-format", format]
    let snapshot = try mesh.limited(["snapshot"] + loud)
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    // Failing calls are told at greater length than good ones.
    try mesh.control("POST", "faults", ["faults": .array(Self.failures)])
    let restore = try mesh.limited(["restore", "--region", "eu-west-1"] + loud)
    try mesh.control("DELETE", "faults")
    #expect(restore.errors.contains("AssumeRole"))
    let again = try mesh.limited(
      ["restore", "--region", "eu-west-1", "--output", "json"] + loud)
    #expect(again.exitCode == 0, "\(again.errors)")
    let report = "\(mesh.folder)/report.html"
    #expect(try mesh.limited("report", "latest", "--out", report).exitCode == 0)
    let forged = try mesh.startForged(["snapshot"] + loud).finish()
    #expect(forged.exitCode == 1)

    var secrets = try mesh.secrets()
    // Those of `oncall`, and of a session in each account for reading and for restoring.
    #expect(secrets.count > 28)
    // What people put into connections, as a password and in a URL.
    let own = try mesh.boto("from emulator.nimbuscart import services; print(services.SECRET)")
    secrets.append(own.output.trimmingCharacters(in: .whitespacesAndNewlines))
    for outcome in [snapshot, restore, again, forged] {
      expectNone(of: secrets, in: outcome.output, "stdout")
      expectNone(of: secrets, in: outcome.errors, "stderr")
    }
    if format == "json" { try mesh.downloadArchive() }
    try expectNone(of: secrets, inFilesOf: mesh)
  }

  private static let failures: [JSON] = [
    ["action": "expired-token", "after": 40, "times": 3],
    ["action": "throttle", "after": 80, "times": 3],
    ["action": "deny", "operation": "CreateLFTag", "times": 1],
    ["action": "truncate-json", "operation": "AssumeRole", "times": 2],
    ["action": "cut-mid-body", "operation": "AssumeRole", "after": 3, "times": 2],
  ]

  private static let marks = [
    "Authorization:", "AWS4-HMAC-SHA256 Credential", "X-Amz-Security-Token:", "SessionToken>",
  ]

  private func expectNone(of secrets: [String], in text: String, _ place: String) {
    #expect(!text.isEmpty || place == "stdout")
    let told = secrets.filter(text.contains)
    #expect(told.isEmpty, "\(told.count) secrets in \(place)")
    for mark in Self.marks {
      #expect(text.range(of: mark, options: .caseInsensitive) == nil, "\(mark) in \(place)")
    }
  }

  /// The store with its packs unpacked, journals, run records, reports and the mesh file.
  private func expectNone(of secrets: [String], inFilesOf mesh: StandIn) throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: mesh.folder)
    var searched = 0
    for file in files where file != "ready.json" {
      guard let text = try mesh.text(of: file), !text.isEmpty else { continue }
      expectNone(of: secrets, in: text, file)
      searched += 1
    }
    for kind in [".journal.ndjson", ".json", ".tar.zst", "report.html"] {
      #expect(files.contains { $0.hasSuffix(kind) }, "no \(kind) was searched")
    }
    #expect(searched > 30)
  }
}

extension StandIn {
  /// The secret keys and session tokens that were given out, `oncall`'s own among them.
  func secrets() throws -> [String] {
    try control("GET", "secrets")["secrets"]?.strings ?? []
  }

  /// Names a bucket as the store in the mesh file.
  func keepArchiveInS3() throws {
    try makeBucket("nimbus-dr-archive")
    let path = folder + "/meshdr.yaml"
    let lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("store:") ? "store: s3://nimbus-dr-archive/meshdr" : $0 }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Every version of every object of that bucket, with what its headers say, as files.
  func downloadArchive() throws {
    let outcome = try boto(
      """
      import os
      s3 = boto3.client("s3", region_name="eu-central-1")
      pages = s3.get_paginator("list_object_versions").paginate(Bucket="nimbus-dr-archive")
      count = 0
      for version in (each for page in pages for each in page.get("Versions", [])):
          head = s3.get_object(
              Bucket="nimbus-dr-archive", Key=version["Key"], VersionId=version["VersionId"])
          path = os.path.join("\(folder)", "bucket", f"{count}", version["Key"])
          os.makedirs(os.path.dirname(path))
          open(path, "wb").write(head["Body"].read())
          open(path + ".headers", "w").write(str(head["ResponseMetadata"]))
          count += 1
      print(count)
      """)
    let count = Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    try #require(count > 30)
  }

  /// Runs the program with another secret key, so that AWS refuses its signature.
  func startForged(_ arguments: [String]) throws -> Running {
    let secret = String((environment["AWS_SECRET_ACCESS_KEY"] ?? "").reversed())
    return try start(arguments, environment: ["AWS_SECRET_ACCESS_KEY": secret])
  }

  /// What a file holds, unpacked where it is a pack; nil for folders.
  func text(of file: String) throws -> String? {
    let path = "\(folder)/\(file)"
    if file.hasSuffix(".tar.zst") {
      let outcome = try Running(
        "/usr/bin/bsdtar", ["-xOf", path], in: folder, environment: environment
      ).finish()
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      return outcome.output
    }
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
