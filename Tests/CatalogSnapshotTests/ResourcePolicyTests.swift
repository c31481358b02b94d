import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import CatalogSnapshot

/// A statement on the catalog of the account.
private func statement(
  _ action: String, effect: String = "Allow", sid: String? = nil, region: String = "us-east-1"
) -> JSON {
  var statement: JSON = [
    "Effect": .string(effect), "Action": .string(action), "Principal": ["AWS": "222222222222"],
    "Resource": .string("arn:aws:glue:\(region):111111111111:catalog"),
  ]
  statement["Sid"] = sid.map(JSON.string)
  return statement
}

private func text(_ statements: JSON...) -> String {
  JSON.object(["Version": "2012-10-17", "Statement": .array(statements)]).canonicalText
}

private func body(_ statements: JSON..., hash: String = "h") -> JSON {
  [
    "PolicyInJson": .string(
      JSON.object(["Version": "2012-10-17", "Statement": .array(statements)]).canonicalText),
    "PolicyHash": .string(hash),
  ]
}

@Suite struct PolicyDocumentTests {
  @Test func whatIAMReadsAlikeIsAlike() throws {
    let one = try PolicyDocument(
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["b", "a"], "Resource": "r",
         "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
         "Condition": {"StringEquals": {"k": "v"}}},
        {"Effect": "Deny", "Action": "c", "Resource": "r", "Principal": "*"}]}
      """)
    let other = try PolicyDocument(
      """
      {"Statement": [
        {"Principal": "*", "Resource": ["r"], "Action": ["c"], "Effect": "Deny"},
        {"Resource": ["r"], "Action": ["a", "b"], "Effect": "Allow",
         "Condition": {"StringEquals": {"k": ["v"]}}, "Principal": {"AWS": ["222222222222"]}}],
       "Version": "2012-10-17"}
      """)
    #expect(one.json == other.json)
    #expect(!one.exceeds(other) && !other.exceeds(one))
  }

  @Test func aLoneStatementNeedsNoList() throws {
    let lone = try PolicyDocument(#"{"Statement": {"Effect": "Allow", "Action": "a"}}"#)
    let listed = try PolicyDocument(#"{"Statement": [{"Effect": "Allow", "Action": ["a"]}]}"#)
    #expect(lone.json == listed.json)
  }

  @Test func moreIsAllowedOrLessDenied() throws {
    let base = try PolicyDocument(text(statement("a"), statement("x", effect: "Deny")))
    let allowed = try PolicyDocument(
      text(statement("a"), statement("b"), statement("x", effect: "Deny")))
    let undenied = try PolicyDocument(text(statement("a")))
    #expect(allowed.exceeds(base) && !base.exceeds(allowed))
    #expect(undenied.exceeds(base) && !base.exceeds(undenied))
  }

  @Test func aNameGivesNothing() throws {
    let named = try PolicyDocument(text(statement("a", sid: "One")))
    let renamed = try PolicyDocument(text(statement("a", sid: "Two")))
    #expect(named.json != renamed.json)
    #expect(!named.exceeds(renamed) && !renamed.exceeds(named))
  }

  @Test func aRestrictedPolicyGivesNoMoreThanEither() throws {
    let desired = try PolicyDocument(
      text(statement("a"), statement("b"), statement("x", effect: "Deny")))
    let live = try PolicyDocument(text(statement("b", sid: "Old"), statement("c")))
    let both = desired.restricted(to: live)
    #expect(!both.exceeds(desired) && !both.exceeds(live))
    #expect(
      both.json == (try PolicyDocument(text(statement("b"), statement("x", effect: "Deny")))).json)
  }

  @Test(arguments: ["", "[]", "{}", "no JSON", #""text""#])
  func whatIsNoPolicyIsRefused(text: String) {
    #expect(throws: JSONError.self) { try PolicyDocument(text) }
  }
}

@Suite struct ResourcePolicyKindTests {
  let kind = ResourcePolicyKind()
  let key = ResourcePolicyKind.key(in: account)

  func change(_ step: Action.Step, _ desired: JSON?) -> Change {
    Change(step: step, key: key, desired: desired, live: nil)
  }

  @Test func regionsAccountsAndNamesAreMapped() throws {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.accounts["222222222222"] = "888888888888"
    mapping.principals["arn:aws:iam::333333333333:role/x"] = "arn:aws:iam::333333333333:role/y"
    mapping.prefix = "drill_"
    let policy: JSON = [
      "Effect": "Allow", "Sid": "222222222222", "Action": "glue:GetTable",
      "Principal": ["AWS": ["222222222222", "arn:aws:iam::333333333333:role/x"]],
      "Resource": [
        "arn:aws:glue:us-east-1:222222222222:catalog", "arn:aws:glue:us-east-1:1:database/sales",
        "arn:aws:glue:*:222222222222:table/*/*", "arn:aws:glue:us-east-1:1:table/sales/orders",
      ],
      "Condition": ["StringEquals": ["aws:RequestedRegion": "us-east-1"]],
    ]
    let mapper = Mapper(mapping)
    mapper.begin(key)
    let mapped = kind.mapped(body(policy), by: mapper)
    let result = try #require(kind.comparable(mapped)["Statement"]?.array?.first)
    #expect(result["Principal"] == ["AWS": ["888888888888", "arn:aws:iam::333333333333:role/y"]])
    #expect(
      result["Resource"] == [
        "arn:aws:glue:*:888888888888:table/*/*",
        "arn:aws:glue:eu-west-1:1:database/drill_sales",
        "arn:aws:glue:eu-west-1:1:table/drill_sales/orders",
        "arn:aws:glue:eu-west-1:888888888888:catalog",
      ])
    #expect(result["Condition"] == ["StringEquals": ["aws:RequestedRegion": ["eu-west-1"]]])
    #expect(result["Sid"] == "222222222222" && result["Action"] == ["glue:GetTable"])
    #expect(mapper.problems.isEmpty)
  }

  @Test func patternsOfRegionsAndUnreadablePoliciesAreNoted() {
    let mapper = mapper()
    _ = kind.mapped(body(statement("a", effect: "Deny", region: "us-*")), by: mapper)
    _ = kind.mapped(["PolicyInJson": "no policy"], by: mapper)
    #expect(mapper.problems.count == 2)
  }

  @Test func anUnreadablePolicyCountsAsMore() {
    let readable = kind.comparable(body(statement("a")))
    let unreadable = kind.comparable(["PolicyInJson": "no policy"])
    #expect(kind.exceeds(unreadable, readable) && kind.exceeds(readable, unreadable))
  }

  @Test func aCatalogWithoutAPolicyHasNoRecord() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in
        throw AWSFailure(code: "EntityNotFoundException", message: "")
      }
    ])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: nil, into: found)
    #expect(found.records.isEmpty)
  }

  @Test func aRefusedQuestionIsNoMissingPolicy() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in throw AWSFailure(code: "AccessDeniedException", message: "") }
    ])
    await #expect(throws: AWSFailure.self) {
      try await kind.list(at: sender.site(), below: nil, into: RecordCollector())
    }
  }

  @Test func aNewPolicyIsPutOnlyWhereThereIsNone() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in throw AWSFailure(code: "EntityNotFoundException", message: "") },
      "PutResourcePolicy": { _ in [:] },
    ])
    #expect(
      try await kind.apply([change(.create, body(statement("a")))], at: sender.site()).isEmpty)
    #expect(
      sender.inputs(of: "PutResourcePolicy") == [
        [
          "PolicyInJson": .string(text(statement("a"))), "EnableHybrid": "TRUE",
          "PolicyExistsCondition": "NOT_EXIST",
        ]
      ])
  }

  @Test func takingAccessAwayGivesNothingNew() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in body(statement("a"), statement("c"), hash: "h1") },
      "PutResourcePolicy": { _ in [:] },
    ])
    let desired = body(statement("a"), statement("b"))
    _ = try await kind.apply([change(.prepare, desired)], at: sender.site())
    let sent = try #require(sender.inputs(of: "PutResourcePolicy").first)
    #expect(sent["PolicyHashCondition"] == "h1")
    let policy = try PolicyDocument(sent["PolicyInJson"]?.string ?? "")
    #expect(policy.json == (try PolicyDocument(text(statement("a")))).json)
  }

  @Test func whatHasNothingInCommonIsDeletedFirst() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in body(statement("c"), hash: "h1") },
      "DeleteResourcePolicy": { _ in [:] },
    ])
    _ = try await kind.apply([change(.prepare, body(statement("a")))], at: sender.site())
    #expect(sender.inputs(of: "DeleteResourcePolicy") == [["PolicyHashCondition": "h1"]])
  }

  @Test func repeatingAChangeChangesNothing() async throws {
    let there = ScriptedSender(["GetResourcePolicy": { _ in body(statement("a")) }])
    _ = try await kind.apply([change(.create, body(statement("a")))], at: there.site())
    let gone = ScriptedSender([
      "GetResourcePolicy": { _ in throw AWSFailure(code: "EntityNotFoundException", message: "") }
    ])
    _ = try await kind.apply([change(.remove, nil)], at: gone.site())
    #expect(there.operations == ["GetResourcePolicy"] && gone.operations == ["GetResourcePolicy"])
  }

  @Test func aPolicyThatChangedMeanwhileIsReadAgain() async throws {
    let hashes = Guarded(0)
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in
        body(statement("c"), hash: "h\(hashes.withLock { $0 += 1; return $0 })")
      },
      "PutResourcePolicy": { input in
        guard input["PolicyHashCondition"] == "h2" else {
          throw AWSFailure(code: "ConditionCheckFailureException", message: "")
        }
        return [:]
      },
    ])
    _ = try await kind.apply([change(.update, body(statement("a")))], at: sender.site())
    #expect(sender.inputs(of: "PutResourcePolicy").count == 2)
  }

  @Test func onlyThePoliciesOfRAMAreKeptAsThose() async throws {
    let sender = ScriptedSender([
      "GetResourcePolicy": { _ in body(statement("a"), hash: "own") },
      "GetResourcePolicies": { _ in
        [
          "GetResourcePoliciesResponseList": [
            body(statement("a"), hash: "own"), body(statement("b"), hash: "ram"),
          ]
        ]
      },
    ])
    let found = RecordCollector()
    try await SharePolicyKind().list(at: sender.site(), below: nil, into: found)
    #expect(found.keys == ["111111111111/glue/share-policy/ram"])
    #expect(SharePolicyKind().restorability == .descriptive)
  }
}
