import AWSAccess
import CanonicalJSON
import Capture
import GrantSnapshot
import MeshModel
import TestSupport
import Testing

/// RAM's resource shares.
@Suite struct ResourceShareTests {
  static let stem = "arn:aws:ram:eu-west-1:111111111111:resource-share/"
  static let database = "arn:aws:glue:eu-west-1:111111111111:database/sales"

  static func share(_ id: String, _ name: String, status: String = "ACTIVE") -> JSON {
    [
      "resourceShareArn": .string(stem + id), "name": .string(name), "status": .string(status),
      "owningAccountId": "111111111111", "allowExternalPrincipals": false,
    ]
  }

  static func of(_ id: String, _ member: String, _ value: String) -> JSON {
    ["resourceShareArn": .string(stem + id), member: .string(value)]
  }

  static func sender() -> ScriptedSender {
    ScriptedSender([
      "GetResourceShares": { input in
        guard input["resourceOwner"] == "SELF" else { return ["resourceShares": []] }
        return [
          "resourceShares": [
            share("a", "by-hand"), share("b", "LakeFormation-V4-1A2B3C4D5E"), share("c", "twice"),
            share("d", "twice"), share("e", "by-hand", status: "DELETED"),
          ]
        ]
      },
      "ListResources": { _ in ["resources": [of("a", "arn", database), of("b", "arn", database)]] },
      "ListPrincipals": { _ in ["principals": [of("a", "id", "222222222222")]] },
      "GetResourceShareAssociations": { _ in ["resourceShareAssociations": []] },
      "ListResourceSharePermissions": { _ in
        [
          "permissions": [
            [
              "arn": "arn:aws:ram::aws:permission/P", "name": "P", "version": "2",
              "defaultVersion": false,
            ]
          ]
        ]
      },
    ])
  }

  func listed() async throws -> [Record] {
    let found = RecordCollector()
    try await ResourceShareKind().list(at: Self.sender().site(), below: nil, into: found)
    return found.records
  }

  @Test func namesakesAreToldApartAndWhatIsDeletedIsLeftOut() async throws {
    #expect(
      try await listed().map(\.key.path) == [
        ["111111111111", "by-hand"], ["111111111111", "LakeFormation-V4-1A2B3C4D5E"],
        ["111111111111", "twice", "c"], ["111111111111", "twice", "d"],
      ])
  }

  @Test func onlyWhatPeopleSharedOfTheCatalogIsLeftToAPerson() async throws {
    let kind = ResourceShareKind()
    #expect(
      try await listed().map { kind.restorability(of: try $0.value()) }
        == [.manual, .descriptive, .descriptive, .descriptive])
  }

  @Test func aShareIsKeptWhole() async throws {
    let body = try #require(try await listed().first?.value())
    #expect(body["resources"]?.array?.first?["arn"] == .string(Self.database))
    #expect(body["principals"]?.array?.first?["id"] == "222222222222")
    #expect(body["permissions"]?.array?.first?["version"] == "2")
  }

  @Test func whatIsSharedTooWidelyIsTakenAwayFirst() async throws {
    let record = try #require(try await listed().first)
    let body = try record.value()
    let kind = ResourceShareKind()
    #expect(kind.manualStep(record.key, body, live: body, in: "eu-west-1") == nil)
    let created = kind.manualStep(record.key, body, live: nil, in: "eu-west-1")
    #expect(created?.commands.first?.hasPrefix("aws ram create-resource-share") == true)
    #expect(created?.commands.first?.contains("permission/P") == true)
    #expect(created?.reason.contains("version 2 of P") == true)

    var live = body
    live["principals"] = [["id": "999999999999"]]
    let changed = try #require(kind.manualStep(record.key, body, live: live, in: "eu-west-1"))
    let verbs = changed.commands.suffix(2).map { $0.split(separator: " ")[2] }
    #expect(verbs == ["disassociate-resource-share", "associate-resource-share"])
    #expect(changed.commands[2].contains("999999999999"))
    #expect(changed.commands[3].contains("222222222222"))
  }

  @Test func everythingOfAShareIsMended() async throws {
    let record = try #require(try await listed().first)
    let body = try record.value()
    var live = body
    live["allowExternalPrincipals"] = true
    live["permissions"] = [["arn": "arn:aws:ram::aws:permission/Q", "version": "1"]]
    live["tags"] = [["key": "team", "value": "a"]]
    let kind = ResourceShareKind()
    let step = kind.manualStep(record.key, body, live: live, in: "eu-west-1")
    let verbs = try #require(step).commands.dropFirst(2).map { $0.split(separator: " ")[2] }
    #expect(
      verbs == ["update-resource-share", "associate-resource-share-permission", "untag-resource"])
    #expect(step?.commands[2].hasSuffix("--no-allow-external-principals") == true)
    #expect(
      step?.commands[3].hasSuffix("--permission-arn arn:aws:ram::aws:permission/P --replace")
        == true)
  }

  @Test func whatItNamesIsThatOfTheSecondary() async throws {
    var body = Self.share("a", "by-hand")
    body["resources"] = [["arn": .string(Self.database.replacing("eu-west-1", with: "us-east-1"))]]
    body["principals"] = [["id": "222222222222"]]
    body["permissions"] = [["arn": "arn:aws:ram:us-east-1:111111111111:permission/own"]]
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.accounts = ["222222222222": "888888888888"]
    let mapped = ResourceShareKind().mapped(body, by: Mapper(mapping))
    #expect(mapped["resources"]?.array?.first?["arn"] == .string(Self.database))
    #expect(mapped["principals"]?.array?.first?["id"] == "888888888888")
    let permission = mapped["permissions"]?.array?.first?["arn"]
    #expect(permission == "arn:aws:ram:eu-west-1:111111111111:permission/own")
  }
}
