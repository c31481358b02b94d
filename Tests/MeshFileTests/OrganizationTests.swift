import MeshFile
import Testing

@Suite struct OrganizationTests {
  /// Two units of one name in different places, and one inside another.
  static let tree = Organization(units: [
    .init(id: "ou-1", name: "Domains", parent: "r-1"),
    .init(id: "ou-11", name: "Sales", parent: "ou-1"),
    .init(id: "ou-111", name: "Europe", parent: "ou-11"),
    .init(id: "ou-2", name: "Sandbox", parent: "r-1"),
    .init(id: "ou-21", name: "Sales", parent: "ou-2"),
    .init(id: "r-1", name: "Root", parent: nil),
  ])

  func mesh(_ accounts: String) throws -> MeshFile {
    try read("mesh: m\nprimary: us-east-1\naccounts:\n  from: organization\n\(accounts)")
  }

  func ids(_ units: String) throws -> [String] {
    try Self.tree.units(of: mesh("  units: \(units)\n")).map(\.id)
  }

  @Test func parentsComeFirst() {
    #expect(
      Self.tree.units.map(Self.tree.path) == [
        "Root", "Root/Domains", "Root/Domains/Sales", "Root/Domains/Sales/Europe", "Root/Sandbox",
        "Root/Sandbox/Sales",
      ])
    #expect(Self.tree.path(ofUnit: "ou-111") == "Root/Domains/Sales/Europe")
  }

  @Test(arguments: [
    ("[Domains]", ["ou-1", "ou-11", "ou-111"]), ("[Europe]", ["ou-111"]),
    ("[Root/Sandbox/Sales]", ["ou-21"]), ("[Sandbox/Sales]", ["ou-21"]),
    ("[ou-11]", ["ou-11", "ou-111"]), ("[Europe, Sandbox]", ["ou-111", "ou-2", "ou-21"]),
    ("[Domains, Domains/Sales]", ["ou-1", "ou-11", "ou-111"]),
    ("[Root]", ["r-1", "ou-1", "ou-11", "ou-111", "ou-2", "ou-21"]),
    ("[]", ["r-1", "ou-1", "ou-11", "ou-111", "ou-2", "ou-21"]),
  ])
  func unitsAreFoundWithThoseInside(units: String, expected: [String]) throws {
    #expect(try ids(units) == expected)
  }

  @Test func anUnknownUnitHasItsPlaceAndAGuess() throws {
    let error = #expect(throws: MeshFileError.self) { try ids("[Domains, Sandbix]") }
    #expect(
      error?.description
        == "meshdr.yaml:5:20: the organization has no unit \"Sandbix\"; did you mean \"Sandbox\"?")
  }

  @Test func aNameOfTwoUnitsIsRefused() throws {
    let error = #expect(throws: MeshFileError.self) { try ids("[Sales]") }
    let message = try #require(error?.description)
    #expect(message.hasPrefix("meshdr.yaml:5:11: \"Sales\" is the name of 2 units:"))
    #expect(message.contains("Root/Domains/Sales (ou-11)"))
  }

  func member(_ id: String, _ name: String, _ state: String = "ACTIVE") -> Organization.Member {
    .init(account: .init(id: id, name: name), state: state, unit: "ou-1")
  }

  @Test func whoIsLeftOutAndWhy() throws {
    let file = try mesh(
      """
        exclude: ["333333333333"]
        list: [{id: "222222222222", name: shop}, {id: "777777777777", name: typo}]

      """)
    let found = try MeshAccounts(
      [
        member("444444444444", "old", "SUSPENDED"), member("333333333333", "lab"),
        member("222222222222", "sales"), member("111111111111", "hub", "PENDING_CLOSURE"),
        member("555555555555", "gone", "CLOSED"),
        member("666666666666", "new", "PENDING_ACTIVATION"),
      ], of: file)
    #expect(found.accounts.map(\.id) == ["111111111111", "222222222222"])
    #expect(found.accounts.map(\.name) == ["hub", "shop"])
    #expect(found.leftOut.map(\.account.name) == ["lab", "old", "gone", "new", "typo"])
    #expect(
      found.leftOut.map(\.reason) == [
        "excluded by the mesh file", "suspended", "closed", "pending activation",
        "listed, but in none of the units of the mesh",
      ])
  }

  @Test func noAccountLeftIsAnError() throws {
    let file = try mesh("  units: [Domains]\n")
    let error = #expect(throws: MeshFileError.self) {
      try MeshAccounts([member("444444444444", "old", "CLOSED")], of: file)
    }
    #expect(error?.line == 5)
  }

  @Test func listedAccounts() throws {
    let file = try read(
      """
      mesh: m
      primary: us-east-1
      accounts:
        list: [{id: "222222222222", name: b}, {id: "111111111111", name: a}]
        exclude: ["222222222222"]
      """)
    let found = MeshAccounts(listedIn: file)
    #expect(found.accounts.map(\.name) == ["a"])
    #expect(found.leftOut.map(\.account.name) == ["b"])
  }
}
