import CanonicalJSON
import Foundation
import Testing

/// What happens when something is wrong, from the outside: the exit code, the words, and that
/// nothing was touched.
@Suite struct BadInputTests {
  /// Runs the program in an empty folder, with no credentials to be found.
  func meshdr(_ arguments: String..., meshFile: String? = nil) throws -> Outcome {
    let folder = NSTemporaryDirectory() + "meshdr-bad-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if let meshFile {
      try meshFile.write(toFile: folder + "/meshdr.yaml", atomically: true, encoding: .utf8)
    }
    let environment = [
      "HOME": folder, "AWS_EC2_METADATA_DISABLED": "true", "PATH": "/usr/bin:/bin",
      "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1",
    ]
    return try Running(meshdrPath, arguments, in: folder, environment: environment).finish()
  }

  let good = """
    mesh: m
    primary: us-east-1
    store: archive
    accounts:
      list:
        - {id: "111111111111", name: a}
    """

  @Test func noMeshFile() throws {
    let outcome = try meshdr("snapshot")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("no mesh file meshdr.yaml"))
  }

  @Test(arguments: [
    ("mesh: [", "meshdr.yaml:1:"), ("mesh: m\nretentoin: 1\n", "meshdr.yaml:2:1: unknown key"),
    ("mesh: m\nprimary: us-east-1\naccounts: {list: [{id: \"12\"}]}\n", "meshdr.yaml:3:"),
    (
      "mesh: m\nprimary: us-east-1\naccounts: {list: [{id: \"111111111111\"}]}\n"
        + "objectives: {rpo: soon}\n", "meshdr.yaml:4:19:"
    ),
  ])
  func aBrokenMeshFile(text: String, place: String) throws {
    let outcome = try meshdr("snapshot", meshFile: text)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains(place), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func anUnknownCommandOrOption() throws {
    let command = try meshdr("snapshoot")
    #expect(command.exitCode == 2)
    #expect(command.errors.contains("did you mean 'snapshot'"))
    let option = try meshdr("restore", "--regoin", "eu-west-1")
    #expect(option.exitCode == 2)
    #expect(option.errors.contains("--region"))
  }

  @Test func noCredentials() throws {
    let outcome = try meshdr("snapshot", meshFile: good)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("environment"), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func anEmptyStore() throws {
    let outcome = try meshdr("restore", "--region", "eu-west-1", meshFile: good)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("no complete snapshot"))
  }

  @Test func theActiveRegionIsNotOverwritten() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("DELETE", "calls")
    let outcome = try mesh.meshdr("restore", "--region", "us-east-1")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("--force-active"))
    #expect(try mesh.calls().isEmpty)
  }

  @Test func aRoleThatCannotBeAssumed() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      """
      iam = client("iam", "555555555555", "us-east-1")
      iam.delete_role_policy(RoleName="meshdr-reader", PolicyName="everything")
      iam.delete_role(RoleName="meshdr-reader")
      """)
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 3, "\(snapshot.errors)")
    let accounts = try snapshot.json()["accounts"]?.array ?? []
    let finance = try #require(accounts.first { $0["id"] == "555555555555" })
    #expect(finance["complete"] == false)
    #expect(finance["errors"]?.array?.first?["code"] == "AccessDenied")
    #expect(accounts.filter { $0["complete"] == true }.count == 6)
    // An incomplete snapshot is not the latest one to restore from.
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 1)
  }

  @Test func aDamagedPackIsFoundBeforeAnythingChanges() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let packs = try FileManager.default.subpathsOfDirectory(atPath: mesh.folder + "/archive/packs")
      .filter { $0.hasSuffix(".tar.zst") }.sorted()
    let pack = try #require(packs.first)
    let path = mesh.folder + "/archive/packs/" + pack
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
    try mesh.control("DELETE", "calls")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(restore.exitCode == 5)
    let digest = try #require(pack.split(separator: "/").last?.split(separator: ".").first)
    #expect(restore.errors.contains(digest), "\(restore.errors)")
    #expect(try mesh.calls().isEmpty)
    #expect(try mesh.meshdr("verify").exitCode == 5)
  }

  @Test func aReaderThatSeesLessThanBefore() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      lake = client("lakeformation", "111111111111", "us-east-1")
      settings = lake.get_data_lake_settings()["DataLakeSettings"]
      for name in ("DataLakeAdmins", "ReadOnlyAdmins"):
          settings[name] = [admin for admin in settings.get(name, [])
                            if "meshdr-reader" not in admin["DataLakePrincipalIdentifier"]]
      lake.put_data_lake_settings(DataLakeSettings=settings)
      """)
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 3)
    let document = try snapshot.json()
    let governance = document["accounts"]?.array?.first { $0["id"] == "111111111111" }
    let codes = (governance?["errors"]?.array ?? []).compactMap { $0["code"]?.string }
    #expect(codes.contains("NotDataLakeAdministrator"))
    let warnings = document["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.contains("has no grant any more") }, "\(warnings)")
  }
}
