import CanonicalJSON
import Foundation
import Testing

/// The main job on the NimbusCart mesh, as its users do it.
@Suite struct StoryTests {
  @Test func aLostRegionComesBack() throws {
    let mesh = try StandIn()
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    let taken = try snapshot.json()
    #expect(taken["complete"] == true)
    #expect(taken["counts"]?["partition"] == 1510)
    #expect(taken["accounts"]?.array?.count == 7)

    try mesh.lose("us-east-1")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    let restored = try restore.json()
    #expect(restored["snapshot"] == taken["snapshot"])
    #expect(restored["rto"]?["met"] == true)
    #expect(restored["actions"]?["failed"] == 0)
    for count in ["missing", "different", "widened"] {
      #expect(restored["verified"]?[count] == 0)
    }
    let check = try mesh.check()
    #expect(check.exitCode == 0, "\(check.output)")
    let left = (restored["manual"]?.array ?? []).compactMap { $0["kind"]?.string }
    #expect(
      left == [
        "identity-center", "resource-share", "connection", "connection", "crawler", "data-catalog",
      ])

    let again = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(again.exitCode == 0)
    let counts = try #require(try again.json()["actions"]?.object)
    #expect(counts.filter { $0.key != "unchanged" }.values.allSatisfy { $0 == 0 })
  }

  /// What is left for a person is done by a person, as it was printed, and is then left no more.
  @Test func whatIsLeftForAPersonCanBeDone() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let restored = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json").json()
    let steps = try #require(restored["manual"]?.array)
    #expect(steps.count == 6)
    // A shell reads each command; boto3 then makes the call that the AWS CLI would make.
    _ = try mesh.boto(
      """
      import shlex
      def option(client, operation, name, value):
          member = "".join(part.title() for part in name[2:].split("-"))
          if member == "InstanceArn":
              value = "arn:aws:sso:::instance/ssoins-7223c1b2f9f1d0bb"
          shape = client.meta.service_model.operation_model(operation).input_shape.members[member]
          return member, value if shape.type_name == "string" else json.loads(value)
      for step in json.loads(r'''\(JSON.array(steps).canonicalText)'''):
          for command in step["commands"]:
              aws, service, operation, *words = shlex.split(command)
              options = dict(zip(words[::2], words[1::2]))
              caller = client(service, step["key"][:12], options.pop("--region"))
              operation = "".join(part.title() for part in operation.split("-"))
              whole = json.loads(options.pop("--cli-input-json", "{}"))
              call = whole | dict(option(caller, operation, *pair) for pair in options.items())
              if "ConnectionInput" in call:
                  call["ConnectionInput"].pop("PhysicalConnectionRequirements", None)
              methods = caller.meta.method_to_api_mapping.items()
              method = next(name for name, api in methods if api == operation)
              getattr(caller, method)(**call)
      """)
    let again = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json").json()
    #expect(again["manual"] == [], "\(again["manual"]?.prettyText ?? "")")
  }

  @Test func anUnchangedMeshWritesNoPack() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let again = try mesh.meshdr("snapshot", "--output", "json").json()
    #expect(again["packs"]?["written"] == 0)
    #expect(try mesh.meshdr("diff", before(again), "latest").exitCode == 0)
  }

  private func before(_ snapshot: JSON) -> String {
    "before:\(snapshot["recoveryPoint"]?.string ?? "")"
  }

  /// A standby that somebody changed is brought back to what the primary has, access first.
  @Test func aStandbyThatDriftedIsMended() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    _ = try mesh.boto(
      """
      lake = client("lakeformation", "111111111111", "eu-west-1")
      glue = client("glue", "111111111111", "eu-west-1", "meshdr-restorer")
      lake.grant_permissions(
          Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::666666666666:role/analytics-team"},
          Resource={"Table": {"DatabaseName": "finance_curated", "Name": "gl_transactions"}},
          Permissions=["SELECT"])
      lake.remove_lf_tags_from_resource(
          Resource={"TableWithColumns": {"DatabaseName": "finance_curated",
                                         "Name": "gl_transactions",
                                         "ColumnNames": ["employee_salary"]}},
          LFTags=[{"TagKey": "sensitivity", "TagValues": ["pii"]}])
      """)
    #expect(try mesh.check().exitCode == 1)
    let differences = try mesh.meshdr("verify", "--region", "eu-west-1", "--output", "json")
    #expect(differences.exitCode == 6)
    #expect(try !(differences.json()["removed"]?.array ?? []).isEmpty)

    try mesh.control("DELETE", "calls")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try mesh.check().exitCode == 0)
    let writes = try mesh.calls().compactMap { $0["operation"]?.string }
    let revoked = try #require(writes.firstIndex(of: "BatchRevokePermissions"))
    let tagged = try #require(writes.firstIndex(of: "AddLFTagsToResource"))
    #expect(revoked < tagged)
    // No policy reaches the column on its way to its own tag, so none has to rest.
    #expect(!writes.contains("BatchGrantPermissions"))
  }

  /// Killed at any moment, the next run ends where the first would have.
  @Test(arguments: [0.35, 0.7, 1.2, 1.8])
  func aKilledRestoreIsFinishedByTheNext(seconds: Double) throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let running = try mesh.start(["restore", "--region", "eu-west-1"])
    Thread.sleep(forTimeInterval: seconds)
    running.send(SIGKILL)
    _ = running.finish()
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try restore.json()["verified"]?["widened"] == 0)
    let check = try mesh.check()
    #expect(check.exitCode == 0, "\(check.output)")
  }

  @Test func anInterruptedRestoreSaysSoAndResumes() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control(
      "POST", "faults",
      ["operation": "CreateTable", "action": "latency", "milliseconds": 400])
    let running = try mesh.start(["restore", "--region", "eu-west-1"])
    Thread.sleep(forTimeInterval: 2)
    running.send(SIGINT)
    let interrupted = running.finish()
    #expect(interrupted.exitCode == 130, "\(interrupted.output)\(interrupted.errors)")
    try mesh.control("DELETE", "faults")
    for another in [["--region", "eu-central-1"], ["--only", "sales_curated"]] {
      let refused = try mesh.start(["restore", "--resume"] + another).finish()
      #expect(refused.exitCode == 2, "\(refused.errors)")
      #expect(refused.errors.contains(another[0]))
    }
    let resumed = try mesh.meshdr("restore", "--resume", "--output", "json")
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(try mesh.check().exitCode == 0)
    #expect(try mesh.meshdr("restore", "--resume").exitCode == 1)
  }

  @Test func twoRestoresAtOnceAreOneTooMany() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control(
      "POST", "faults",
      ["operation": "CreateTable", "action": "latency", "milliseconds": 200])
    let first = try mesh.start(["restore", "--region", "eu-west-1"])
    Thread.sleep(forTimeInterval: 1)
    let second = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(second.exitCode == 1)
    #expect(second.errors.contains("another restore in eu-west-1"), "\(second.errors)")
    #expect(first.finish().exitCode == 0)
  }

  /// On a bare machine there is only the store.
  @Test func theStoreIsEnough() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try FileManager.default.removeItem(atPath: mesh.folder + "/meshdr.yaml")
    let restore = try mesh.meshdr(
      "restore", "--region", "eu-west-1", "--store", mesh.folder + "/archive")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try mesh.check().exitCode == 0)
  }
}
