import AWSAccess
import CanonicalJSON
import MeshModel
import TestSupport
import Testing

@testable import Replication

/// What the role lacks that S3 replicates a bucket with.
@Suite struct ReplicationRoleTests {
  private static let role = "arn:aws:iam::111111111111:role/s3-replication"

  private func route(_ more: JSON = [:]) -> ReplicaRoute {
    var facts = BucketFacts(name: "lake")
    facts.region = "us-east-1"
    facts.rules = ReplicationRule.all(in: ["Rules": [ProductFoldTests.rule(more: more)]])
    return ReplicaRoute(
      bucket: "lake", prefix: "sales/", facts: facts, override: nil, secondary: "eu-west-1",
      regions: [:])
  }

  /// IAM's simulator, which denies some actions.
  private func simulator(_ denied: [String], missing: [String] = []) -> ScriptedSender {
    ScriptedSender([
      "SimulatePrincipalPolicy": { input in
        let results = (input["ActionNames"]?.strings ?? []).map { action -> JSON in
          [
            "EvalActionName": .string(action), "MissingContextValues": JSON(missing),
            "EvalDecision": denied.contains(action) ? "implicitDeny" : "allowed",
          ]
        }
        return ["EvaluationResults": .array(results)]
      }
    ])
  }

  private func findings(_ sender: ScriptedSender, _ route: ReplicaRoute) async throws -> [Finding] {
    try await ReplicationRole(Self.role, sender.site().client).findings(route)
  }

  @Test func aRoleWithAllRightsIsNotNamed() async throws {
    let sender = simulator([])
    #expect(try await findings(sender, route()).isEmpty)
    let asked = sender.inputs(of: "SimulatePrincipalPolicy")
    #expect(asked.count == 3 && asked.allSatisfy { $0["PolicySourceArn"] == .string(Self.role) })
    #expect(asked[2]["ResourceArns"]?.strings == ["arn:aws:s3:::lake-eu/meshdr-example"])
  }

  @Test func everyRightThatIsLackingIsNamed() async throws {
    let denied = ["s3:GetObjectVersionForReplication", "s3:ReplicateObject"]
    let found = try await findings(simulator(denied), route())
    #expect(found.map(\.code) == ["replication-role"] && found.first?.severity == .blocker)
    for action in denied { #expect(found.first?.message.contains(action) == true) }
    #expect(found.first?.message.contains(Self.role) == true)
  }

  @Test func whatHangsOnAConditionThatWasNotDecidedIsNotLacking() async throws {
    let sender = simulator(["s3:ReplicateObject"], missing: ["aws:PrincipalTag/team"])
    #expect(try await findings(sender, route()).isEmpty)
  }

  @Test func keysAndOwnersNeedMore() async throws {
    let key = "arn:aws:kms:eu-west-1:111111111111:key/a"
    let destination: JSON = [
      "Bucket": "arn:aws:s3:::lake-eu", "Account": "222222222222",
      "AccessControlTranslation": ["Owner": "Destination"],
      "EncryptionConfiguration": ["ReplicaKmsKeyID": .string(key)],
    ]
    let kms = route([
      "SourceSelectionCriteria": ["SseKmsEncryptedObjects": ["Status": "Enabled"]],
      "Destination": destination,
    ])
    let denied = ["kms:Encrypt", "s3:ObjectOwnerOverrideToBucketOwner"]
    let found = try await findings(simulator(denied), kms)
    #expect(found.first?.message.contains("kms:Encrypt on \(key)") == true)
    #expect(found.first?.message.contains("s3:ObjectOwnerOverrideToBucketOwner") == true)
  }
}
