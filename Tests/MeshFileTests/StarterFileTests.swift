import MeshFile
import Testing

@Suite struct StarterFileTests {
  static let organization = Organization(units: [
    .init(id: "r", name: "Root", parent: nil), .init(id: "d", name: "Domains", parent: "r"),
    .init(id: "s", name: "Sales", parent: "d"), .init(id: "c", name: "Consumers", parent: "r"),
    .init(id: "x", name: "Sales", parent: "c"),
  ])

  func account(_ id: String, _ name: String, unit: String) -> MeshSurvey.Account {
    .init(.init(id: String(repeating: id, count: 12), name: name), unit: unit)
  }

  /// A hub, a consumer, one that holds nothing and one that nobody could enter.
  func survey() -> MeshSurvey {
    var survey = MeshSurvey(primary: "us-east-1", organization: Self.organization)
    var hub = account("1", "hub", unit: "s")
    hub.isWhole = true
    hub.administrators = ["admin", "ops/mesh-reader", "mesh-restorer"]
    hub.databases = 4
    hub.locations = ["lake", "legacy"]
    hub.shares = ["222222222222": 12, "999999999999": 0]
    var consumer = account("2", "con: \"s\"\numer", unit: "c")
    consumer.administrators = ["ops/mesh-reader"]
    consumer.links = 1
    var refused = account("3", "far", unit: "d")
    refused.refusal = "AccessDenied: no"
    survey.accounts = [hub, consumer, refused, account("4", "idle", unit: "r")]
    survey.buckets = [
      .init(name: "lake", replica: "lake-eu", region: "eu-west-1"),
      .init(name: "legacy", replica: nil, region: nil),
    ]
    return survey
  }

  func file(_ survey: MeshSurvey) throws -> MeshFile {
    try read(StarterFile(survey, mesh: "shop", store: "s3://bucket/dr").text)
  }

  @Test func itIsAMeshFile() throws {
    let file = try file(survey())
    #expect(file.mesh == "shop")
    #expect(file.primary == "us-east-1")
    #expect(file.secondary == "eu-west-1")
    #expect(file.stores == ["s3://bucket/dr"])
    #expect(file.accounts.from == .organization)
    #expect(file.accounts.units == ["Consumers", "Root/Domains/Sales"])
    #expect(file.accounts.readerRole == "ops/mesh-reader")
    #expect(file.accounts.restorerRole == "mesh-restorer")
    #expect(file.objectives.rto == 7200)
    #expect(file.mapping.buckets.isEmpty)
  }

  @Test func commentsSayWhatWasFound() throws {
    let text = StarterFile(survey(), mesh: "shop", store: "archive").text
    for words in [
      "hub in Root/Domains/Sales: 4 databases; shares to con: \"s\"\\numer (12 grants), 999999999999",
      "333333333333 far in Root/Domains: AccessDenied: no",
      "444444444444 idle in Root: nothing of a mesh",
      "1 of 1 replicated buckets have their replica there", "#   lake: lake-eu", "#   legacy",
      "This one does in 2 of the 2",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
  }

  @Test func withoutReplicasSomeoneHasToChoose() throws {
    var survey = survey()
    survey.buckets = []
    let error = #expect(throws: MeshFileError.self) { try file(survey) }
    #expect(error?.line == 10)
    #expect(error?.message.contains("CHOOSE-A-REGION") ?? false)
    survey.chosenSecondary = "eu-central-1"
    #expect(try file(survey).secondary == "eu-central-1")
  }

  @Test func anAccountAtTheRootIsTheWholeOrganization() throws {
    var survey = survey()
    survey.accounts[3].databases = 1
    #expect(survey.units == nil)
    #expect(try file(survey).accounts.units == [])
  }

  @Test func withoutOrganizationsThereIsAList() throws {
    var survey = MeshSurvey(primary: "us-east-1", organization: nil)
    survey.accounts = [account("0", "000000000000", unit: "")]
    survey.chosenSecondary = "eu-west-1"
    let file = try file(survey)
    #expect(file.accounts.from == .list)
    #expect(file.accounts.list.map(\.id) == ["000000000000"])
    #expect(file.accounts.readerRole == StarterFile.readerRole)
  }

  @Test(arguments: ["yes", "a: b", "- x", "\"", "tab\there", "0123", "é"])
  func anyNameIsKept(name: String) throws {
    let text = StarterFile(survey(), mesh: name, store: "a").text
    if name.contains("\t") {
      #expect(throws: MeshFileError.self) { try read(text) }
    } else {
      #expect(try read(text).mesh == name)
    }
  }
}
