import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import Audit

/// How AWS is asked, and what its answers mean.
@Suite struct AskerTests {
  private static let own = "arn:aws:iam::111111111111:role/"

  private static func failing(_ code: String, status: Int? = 400) -> ScriptedSender.Answer {
    { _ in throw AWSFailure(code: code, message: "m", status: status, operation: "o") }
  }

  @Test func rolesAndUsersAreAskedForInTheirAccounts() async {
    let sender = ScriptedSender([
      "GetRole": { input in
        guard input["RoleName"] == "there" else {
          throw AWSFailure(code: "NoSuchEntity", message: "m", status: 404, operation: "GetRole")
        }
        return ["Role": [:]]
      },
      "GetUser": { _ in ["User": [:]] },
    ])
    let asked = await PrincipalAsker(["111111111111": sender.site()]).exist([
      Self.own + "there", Self.own + "team/gone", "arn:aws:iam::111111111111:user/anna",
      "arn:aws:iam::222222222222:role/far", "333333333333", "IAM_ALLOWED_PRINCIPALS",
      Self.own + "aws-service-role/lakeformation.amazonaws.com/X",
    ])
    #expect(asked[Self.own + "there"] == .known(true))
    #expect(asked[Self.own + "team/gone"] == .known(false))
    #expect(asked["arn:aws:iam::111111111111:user/anna"] == .known(true))
    #expect(asked["arn:aws:iam::222222222222:role/far"]?.reason != nil)
    #expect(asked.count == 4)
    #expect(sender.inputs(of: "GetRole").contains(["RoleName": "gone"]))
  }

  /// IAM is lost with us-east-1: a hundred principals must not wait a hundred times.
  @Test func whereIAMIsSilentItIsNotAskedAgain() async {
    let sender = ScriptedSender(["GetRole": Self.failing("NetworkFailure", status: nil)])
    let names = (0..<100).map { Self.own + "r\($0)" }
    let asked = await PrincipalAsker(["111111111111": sender.site()], concurrency: 1).exist(names)
    #expect(asked.count == 100 && asked.values.allSatisfy { $0.reason != nil })
    #expect(sender.operations.count == 1)
  }

  @Test func rightsAreSimulatedWithTheRegionAndTheConditions() async throws {
    let sender = ScriptedSender([
      "SimulatePrincipalPolicy": { input in
        let actions = input["ActionNames"]?.strings ?? []
        return [
          "EvaluationResults": .array(
            actions.map { action in
              let isDenied = ["glue:CreateTable", "glue:CreateDatabase"].contains(action)
              return [
                "EvalActionName": .string(action),
                "EvalDecision": isDenied ? "implicitDeny" : "allowed",
                "OrganizationsDecisionDetail": [
                  "AllowedByOrganizations": action == "glue:CreateTable" ? "false" : "true"
                ],
              ]
            })
        ]
      }
    ])
    let rights = await RightsAsker(sender.site(), as: .restorer).rights()
    #expect(rights.value?.denied == ["glue:CreateDatabase", "glue:CreateTable"])
    #expect(rights.value?.deniedByOrganization == ["glue:CreateTable"])
    let inputs = sender.inputs(of: "SimulatePrincipalPolicy")
    #expect(
      inputs.allSatisfy { $0["PolicySourceArn"]?.string?.hasSuffix("meshdr-restorer") == true })
    let contexts = inputs.flatMap { $0["ContextEntries"]?.array ?? [] }
    func values(_ key: String) -> Set<String> {
      Set(
        contexts.filter { $0["ContextKeyName"] == .string(key) }
          .flatMap { $0["ContextKeyValues"]?.strings ?? [] })
    }
    #expect(values("aws:RequestedRegion") == ["eu-west-1"])
    #expect(values("iam:PassedToService") == ["lakeformation.amazonaws.com", "glue.amazonaws.com"])
    #expect(values("kms:ViaService") == ["glue.eu-west-1.amazonaws.com"])
    let asked = Set(inputs.flatMap { $0["ActionNames"]?.strings ?? [] })
    let wanted = PermissionTable.of(.restorer).filter { $0.resource == "*" }.map(\.action)
    #expect(asked == Set(wanted))
  }

  @Test func whatCannotBeAskedIsUnknown() async {
    let sender = ScriptedSender([
      "SimulatePrincipalPolicy": Self.failing("AccessDenied"),
      "ListServiceQuotas": Self.failing("AccessDeniedException"),
      "DescribeKey": Self.failing("AccessDeniedException"),
      "GetKeyPolicy": Self.failing("AccessDeniedException"),
      "GetBucketLocation": Self.failing("AccessDenied"),
    ])
    let asker = AccountAsker(sender.site())
    #expect(await RightsAsker(sender.site(), as: .reader).rights().reason != nil)
    #expect(await asker.quotas().reason != nil)
    #expect(await asker.key("k").reason != nil)
    #expect(await asker.policy(ofKey: "k").reason != nil)
    #expect(await asker.replica("b").reason != nil)
    #expect(await asker.settings().reason != nil)
  }

  @Test func keysAndBucketsThatAreNotThereAreMissing() async {
    let sender = ScriptedSender([
      "DescribeKey": Self.failing("NotFoundException"),
      "GetBucketLocation": Self.failing("NoSuchBucket"),
      "DescribeLakeFormationIdentityCenterConfiguration": Self.failing("EntityNotFoundException"),
    ])
    let asker = AccountAsker(sender.site())
    #expect(await asker.key("k") == .known(.missing))
    #expect(await asker.replica("b") == .known(.missing))
    #expect(await asker.identityCenter() == .known(false))
  }

  @Test func whatAnswersMean() async {
    let sender = ScriptedSender([
      "DescribeKey": { _ in ["KeyMetadata": ["KeyState": "PendingDeletion"]] },
      "GetKeyPolicy": { input in
        input["PolicyName"] == "default" ? ["Policy": #"{"Statement":[]}"#] : [:]
      },
      "GetBucketLocation": { input in
        input["Bucket"] == "old" ? [:] : ["LocationConstraint": "eu-west-1"]
      },
      "ListServiceQuotas": { input in
        let quota: JSON = ["QuotaName": .string("max of \(input["ServiceCode"]?.string ?? "")")]
        return ["Quotas": [quota]]
      },
      "ListAWSServiceAccessForOrganization": { _ in
        ["EnabledServicePrincipals": [["ServicePrincipal": "ram.amazonaws.com"]]]
      },
    ])
    let asker = AccountAsker(sender.site())
    #expect(await asker.policy(ofKey: "k") == .known(["Statement": []]))
    #expect(await asker.key("k") == .known(.unusable("PendingDeletion")))
    #expect(await asker.replica("old") == .known(.inRegion("us-east-1")))
    #expect(await asker.replica("new") == .known(.inRegion("eu-west-1")))
    #expect(await OrganizationAsker(sender.site().client).sharing() == .known(true))
  }
}
