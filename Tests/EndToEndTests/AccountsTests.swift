import CanonicalJSON
import Foundation
import Testing

extension StandIn {
  /// Replaces a part of the mesh file.
  func edit(_ change: (String) -> String) throws {
    let path = folder + "/meshdr.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try change(text).write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Takes the accounts from Organizations instead of the list.
  func askOrganization(_ accounts: String = "units: [Governance, Domains, Consumers]") throws {
    try edit { text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.filter { !$0.contains("{id:") }.map { line in
        switch line.trimmingCharacters(in: .whitespaces) {
        case "from: list": "  from: organization"
        case "list:": "  " + accounts
        default: String(line)
        }
      }.joined(separator: "\n")
    }
  }

  func operations(_ service: String) throws -> [String] {
    try calls().filter { $0["service"]?.string == service }.compactMap { $0["operation"]?.string }
  }
}

extension JSON {
  /// The account with this id in a snapshot's document.
  func account(_ id: String) -> JSON? {
    self["accounts"]?.array?.first { $0["id"]?.string == id }
  }

  var codes: [String] { (self["errors"]?.array ?? []).compactMap { $0["code"]?.string } }
}

/// The accounts of the mesh as Organizations has them.
@Suite struct OrganizationTests {
  @Test func theMeshIsFoundAndComesBackWithoutOrganizations() throws {
    let mesh = try StandIn()
    try mesh.askOrganization()
    let taken = try mesh.meshdr("snapshot", "--output", "json")
    #expect(taken.exitCode == 0, "\(taken.errors)")
    let document = try taken.json()
    #expect(document["accounts"]?.array?.count == 7)
    #expect(document.account("555555555555")?["name"] == "finance")

    try mesh.lose("us-east-1")
    try FileManager.default.removeItem(atPath: mesh.folder + "/meshdr.yaml")
    try mesh.control("DELETE", "calls")
    let store = ["--store", mesh.folder + "/archive", "--output", "json"]
    for command in ["plan", "restore"] {
      let outcome = try mesh.start([command, "--region", "eu-west-1"] + store).finish()
      #expect(outcome.exitCode == 0, "\(command): \(outcome.errors)")
    }
    let verified = try mesh.start(["verify", "latest", "--region", "eu-west-1"] + store).finish()
    #expect(
      try verified.json().differsOnlyInWhatIsLeftForAPerson, "\(verified.output)\(verified.errors)")
    #expect(try mesh.operations("organizations").isEmpty)
    // What can be known beforehand is asked of IAM, and done without where it does not answer.
    let lost = try mesh.calls().filter { $0["region"] == "us-east-1" }
    #expect(lost.allSatisfy { $0["service"] == "iam" }, "\(lost)")
    #expect(try mesh.check().exitCode == 0)
  }

  @Test func nestedUnitsAndAccountsThatAreLeftOut() throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "accounts",
      [
        "accounts": [
          [
            "id": "888888888881", "name": "lab", "unit": "Domains/Labs", "roles": ["meshdr-reader"],
          ],
          ["id": "888888888882", "name": "shut", "unit": "Domains/Labs"],
          ["id": "888888888883", "name": "toy", "unit": "Sandbox"],
        ]
      ])
    try mesh.control("POST", "accounts/state", ["id": "888888888882", "state": "SUSPENDED"])
    try mesh.askOrganization(
      #"units: [Domains]\#n  exclude: ["222222222222"]"#)
    let outcome = try mesh.meshdr("snapshot", "--output", "json", "--verbose")
    let document = try outcome.json()
    let ids = (document["accounts"]?.array ?? []).compactMap { $0["id"]?.string }
    #expect(ids == ["333333333333", "444444444444", "555555555555", "888888888881"])
    #expect(outcome.errors.contains("left out: 888888888882 shut: suspended"))
    #expect(outcome.errors.contains("left out: 222222222222 sales: excluded by the mesh file"))
    #expect(!outcome.errors.contains("888888888883 toy"))
    // Its reader is no administrator there: found all the same, and named.
    #expect(document.account("888888888881")?.codes == ["NotDataLakeAdministrator"])
    #expect(try mesh.meshdr("snapshot").errors.contains("left out") == false)
  }

  /// More accounts and units than one page holds.
  @Test func everyPageIsRead() throws {
    let mesh = try StandIn()
    let many = (100..<145).map { number -> JSON in
      ["id": .string("888888888\(number)"), "name": .string("a\(number)"), "unit": "Many/Inner"]
    }
    let units = (100..<125).map { number -> JSON in
      [
        "id": .string("999999999\(number)"), "name": .string("b\(number)"),
        "unit": .string("U\(number)"),
      ]
    }
    try mesh.control("POST", "accounts", ["accounts": .array(units + many)])
    try mesh.askOrganization("units: [Governance, Many, U124]")
    let outcome = try mesh.meshdr("snapshot", "--account", "governance", "--output", "json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try outcome.json()["accounts"]?.array?.count == 1 + 45 + 1)
  }

  @Test(arguments: [
    ("units: [Governance, Domians]", "did you mean \"Domains\"?", "7:23"),
    ("units: [Labs]", "Root/Consumers/Labs", "7:11"),
    ("units: [Domains/Nothing]", "no unit", "7:11"),
  ])
  func aUnitThatIsNotThere(units: String, words: String, place: String) throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "accounts",
      [
        "accounts": [
          ["id": "888888888881", "name": "a", "unit": "Domains/Labs"],
          ["id": "888888888882", "name": "b", "unit": "Consumers/Labs"],
        ]
      ])
    try mesh.askOrganization(units)
    let outcome = try mesh.meshdr("snapshot")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("meshdr.yaml:\(place): "), "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: mesh.folder + "/archive/snapshots"))
  }

  @Test func someoneWhoMayNotAsk() throws {
    let mesh = try StandIn()
    try mesh.askOrganization()
    try mesh.control("POST", "faults", ["service": "organizations", "action": "deny"])
    let outcome = try mesh.meshdr("snapshot")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("may not ask Organizations"), "\(outcome.errors)")
    #expect(outcome.errors.contains("from: list"))
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }

  /// Organizations can be out of reach where the mesh itself is not.
  @Test func withoutOrganizationsTheAccountsAreThoseOfTheLastSnapshot() throws {
    let mesh = try StandIn()
    try mesh.askOrganization()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "faults", ["service": "organizations", "action": "cut-before"])
    let few = ["AWS_MAX_ATTEMPTS": "2"]
    let outcome = try mesh.meshdr("snapshot", "--output", "json", environment: few)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let document = try outcome.json()
    #expect(document["accounts"]?.array?.count == 7)
    let warnings = document["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.contains("Organizations does not answer") }, "\(warnings)")
    // But not where the mesh file asks for others than then.
    try mesh.edit { $0.replacing("Governance, ", with: "") }
    let changed = try mesh.meshdr("snapshot", environment: few)
    #expect(changed.exitCode == 1)
    #expect(changed.errors.contains("Organizations does not say"), "\(changed.errors)")
  }

  @Test func accountsAreNarrowedByIdAndName() throws {
    let mesh = try StandIn()
    try mesh.askOrganization()
    let outcome = try mesh.meshdr(
      "snapshot", "--account", "sales", "--account", "111111111111", "--output", "json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let accounts = try outcome.json()["accounts"]?.array ?? []
    let complete = accounts.filter { $0["complete"] == true }.compactMap { $0["name"]?.string }
    #expect(complete == ["governance", "sales"])
    #expect(accounts.count == 7)
    let unknown = try mesh.meshdr("snapshot", "--account", "salse")
    #expect(unknown.exitCode == 2)
    #expect(unknown.errors.contains("no account “salse”"))
  }

  @Test func anAccountThatLeavesIsCalledOut() throws {
    let mesh = try StandIn()
    try mesh.askOrganization()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "accounts/state", ["id": "555555555555", "state": "SUSPENDED"])
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let warnings = try outcome.json()["warnings"]?.strings ?? []
    #expect(
      warnings.contains {
        $0.contains("555555555555 finance is no longer captured") && $0.hasSuffix("suspended")
      }, "\(warnings)")
  }
}

/// Accounts that fail while the others go on.
@Suite struct FailingAccountTests {
  @Test func aSuspendedAccountIsNamed() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let whole = try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.first
    try mesh.control("POST", "accounts/state", ["id": "666666666666", "state": "SUSPENDED"])
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let document = try outcome.json()
    #expect(document["complete"] == false)
    #expect(document.account("666666666666")?.codes == ["AccessDenied"])
    let accounts = document["accounts"]?.array ?? []
    #expect(accounts.filter { $0["complete"] == true }.count == 6)
    // What could not be looked at has not disappeared.
    #expect(document["warnings"]?.array?.isEmpty == true, "\(document["warnings"] ?? nil)")
    let plan = try mesh.meshdr("plan", "--region", "eu-west-1", "--output", "json").json()
    #expect(plan["snapshot"] == whole?["snapshot"])
  }

  @Test func halfOfTheCallsOfAnAccountAreDenied() throws {
    let mesh = try StandIn()
    try mesh.control(
      "POST", "faults",
      [
        "account": "555555555555", "service": "glue", "operation": "Get*", "action": "deny",
        "probability": JSON(0.5), "seed": 7,
      ])
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let document = try outcome.json()
    let finance = try #require(document.account("555555555555"))
    #expect(finance["complete"] == false)
    let errors = finance["errors"]?.array ?? []
    #expect(!errors.isEmpty)
    #expect(errors.allSatisfy { $0["operation"]?.string?.hasPrefix("Get") ?? false }, "\(errors)")
    let others = (document["accounts"]?.array ?? []).filter { $0["id"] != "555555555555" }
    #expect(others.allSatisfy { $0["complete"] == true })
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 1)
  }

  @Test func noAccountCanBeEntered() throws {
    let mesh = try StandIn()
    try mesh.edit { $0.replacing("reader_role: meshdr-reader", with: "reader_role: nobody") }
    let outcome = try mesh.meshdr("snapshot", "--output", "json")
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.isEmpty)
    for account in ["111111111111", "777777777777"] {
      #expect(outcome.errors.contains("\(account): AccessDenied"), "\(outcome.errors)")
    }
    #expect(try mesh.meshdr("list", "--output", "json").json()["snapshots"] == [])
  }
}
