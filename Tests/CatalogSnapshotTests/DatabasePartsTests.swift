import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

private let database = Record(
  key: RecordKey(account: account, kind: .database, path: ["d"]), value: ["Name": "d"])

@Suite struct UserDefinedFunctionKindTests {
  let kind = UserDefinedFunctionKind()
  let function: JSON = [
    "FunctionName": "f", "ClassName": "a.B", "DatabaseName": "d", "CreateTime": 1,
    "ResourceUris": [["ResourceType": "JAR", "Uri": "s3://b/f.jar"]],
  ]

  @Test func everyFunctionOfADatabaseIsAskedFor() async throws {
    let body = function
    let sender = ScriptedSender([
      "GetUserDefinedFunctions": { _ in ["UserDefinedFunctions": [body]] }
    ])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: database, into: found)
    #expect(found.keys == ["111111111111/glue/user-defined-function/d/f"])
    let asked = sender.inputs(of: "GetUserDefinedFunctions").first
    #expect(asked?["DatabaseName"] == "d" && asked?["Pattern"] == "*")
  }

  @Test func itsCodeIsMapped() {
    let mapped = kind.mapped(function, by: mapper())
    #expect(mapped["ResourceUris"] == [["ResourceType": "JAR", "Uri": "s3://b-eu/f.jar"]])
  }

  @Test func onlyWhatCanBeWrittenIsSent() async throws {
    let sender = ScriptedSender([
      "CreateUserDefinedFunction": { _ in [:] }, "UpdateUserDefinedFunction": { _ in [:] },
      "DeleteUserDefinedFunction": { _ in [:] },
    ])
    let key = RecordKey(account: account, kind: kind.kind, path: ["d", "f"])
    for step in [Action.Step.create, .update, .remove] {
      let desired = step == .remove ? nil : function
      _ = try await kind.apply(
        [Change(step: step, key: key, desired: desired, live: nil)], at: sender.site())
    }
    var input = function
    input["DatabaseName"] = nil
    input["CreateTime"] = nil
    #expect(
      sender.inputs(of: "CreateUserDefinedFunction")
        == [["DatabaseName": "d", "FunctionInput": input]])
    #expect(
      sender.inputs(of: "UpdateUserDefinedFunction")
        == [["DatabaseName": "d", "FunctionName": "f", "FunctionInput": input]])
    #expect(
      sender.inputs(of: "DeleteUserDefinedFunction")
        == [["DatabaseName": "d", "FunctionName": "f"]])
  }
}

@Suite struct DatabaseTagsKindTests {
  let kind = DatabaseTagsKind()
  let arn: JSON = "arn:aws:glue:eu-west-1:111111111111:database/d"

  func change(_ step: Action.Step, _ desired: JSON?, live: JSON? = nil) -> Change {
    let key = RecordKey(account: account, kind: kind.kind, path: ["d"])
    return Change(step: step, key: key, desired: desired, live: live)
  }

  @Test func aDatabaseWithoutTagsHasNoRecord() async throws {
    let tags = Guarded<JSON>(["aws:cloudformation:stack-id": "s"])
    let sender = ScriptedSender(["GetTags": { _ in ["Tags": tags.withLock(\.self)] }])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: database, into: found)
    #expect(found.records.isEmpty)
    tags.withLock { $0 = ["team": "data"] }
    try await kind.list(at: sender.site(), below: database, into: found)
    #expect(found.keys == ["111111111111/glue/database-tags/d"])
    #expect(sender.inputs(of: "GetTags").first == ["ResourceArn": arn])
  }

  @Test func theyComeWithTheirDatabase() async throws {
    let sender = ScriptedSender(["CreateDatabase": { _ in [:] }])
    var create = Change(step: .create, key: database.key, desired: ["Name": "d"], live: nil)
    create.companions = [["Tags": ["team": "data", "aws:x": "1"]]]
    _ = try await DatabaseKind().apply([create], at: sender.site())
    #expect(sender.inputs(of: "CreateDatabase").first?["Tags"] == ["team": "data"])
    #expect(kind.createdWith(change(.create, [:]).key) == database.key)
  }

  @Test func onlyWhatDiffersIsChanged() async throws {
    let sender = ScriptedSender(["TagResource": { _ in [:] }, "UntagResource": { _ in [:] }])
    let desired: JSON = ["Tags": ["same": "1", "changed": "new", "missing": "1"]]
    let live: JSON = ["Tags": ["same": "1", "changed": "old", "excess": "1", "aws:x": "1"]]
    _ = try await kind.apply([change(.update, desired, live: live)], at: sender.site())
    #expect(
      sender.inputs(of: "UntagResource") == [["ResourceArn": arn, "TagsToRemove": ["excess"]]])
    #expect(
      sender.inputs(of: "TagResource")
        == [["ResourceArn": arn, "TagsToAdd": ["changed": "new", "missing": "1"]]])
    #expect(sender.operations.first == "UntagResource")
  }

  @Test func theArnIsOfItsPartition() async throws {
    let sender = ScriptedSender(["GetTags": { _ in ["Tags": [:]] }])
    let client = AWSClient(account: account, region: AWSRegion("cn-north-1"), sender: sender)
    let site = Site(client: client, principal: "arn:aws-cn:iam::111111111111:role/r")
    try await kind.list(at: site, below: database, into: RecordCollector())
    #expect(
      sender.inputs(of: "GetTags").first
        == ["ResourceArn": "arn:aws-cn:glue:cn-north-1:111111111111:database/d"])
  }
}
