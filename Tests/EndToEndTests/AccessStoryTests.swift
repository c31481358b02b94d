import CanonicalJSON
import Testing

/// What people ask of access, on the NimbusCart mesh.
@Suite struct AccessStoryTests {
  static let controller = "arn:aws:iam::555555555555:role/regional-controller-west"
  static let secret: JSON = [
    "TableWithColumns": [
      "DatabaseName": "finance_curated", "Name": "gl_transactions",
      "ColumnNames": ["employee_salary"],
    ]
  ]

  /// Tags the salary column as something that many may see.
  func open(_ mesh: StandIn, _ region: String) throws {
    _ = try mesh.boto(
      """
      lake = client("lakeformation", "111111111111", "\(region)")
      lake.add_lf_tags_to_resource(
          Resource=json.loads('\(Self.secret.canonicalText)'),
          LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}])
      """)
  }

  @Test func whatCanThisPrincipalRead() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let show = ["show", "latest", "access"]
    let answer = try mesh.start(show + ["--principal", Self.controller, "--output", "json"])
      .finish().json()
    let reads = answer["access"]?.array?.filter { $0["reads"] != [] } ?? []
    #expect(reads.map { $0["table"] } == ["gl_transactions"])
    let part = reads.first?["reads"]?.array?.first
    #expect(part?["rows"] == "region_code='WEST'")
    #expect(part?["columns"]?.strings.contains("employee_salary") == false)
    #expect(part?["columns"]?.strings.contains("amount") == true)

    let text = try mesh.meshdr(
      "show", "latest", "access", "--principal", Self.controller,
      environment: ["COLUMNS": "40"])
    #expect(text.output.contains("region_code='WEST'"))
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 40 })
    let all = try mesh.start(show + ["--output", "json"]).finish().json()
    let one = all["principals"]?.array?.first { $0["principal"] == .string(Self.controller) }
    #expect(one?["readable"] == 1)
  }

  @Test func whoSharesWithWhom() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let graph = try mesh.meshdr("show", "latest", "sharing", "--output", "json").json()
    let edges = graph["edges"]?.array?.compactMap { edge in
      [edge["owner"], edge["user"]].compactMap { $0?.string }
    }
    #expect(edges?.contains(["111111111111", "666666666666"]) == true)
    #expect(edges?.contains(["333333333333", "777777777777"]) == true)
    #expect(graph["cycles"] == [])
    let order = graph["order"]?.array?.compactMap(\.strings.first) ?? []
    #expect(order.first == "111111111111")
    let tree = try mesh.meshdr("show", "latest", "sharing").output
    #expect(tree.hasPrefix("111111111111 governance\n├─ "))
    #expect(tree.contains("│  └─ 777777777777 data-science"))
  }

  @Test func whoGainedOrLostWhat() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("diff", "latest", "live", "--access").exitCode == 0)
    try open(mesh, "us-east-1")
    let found = try mesh.meshdr("diff", "latest", "live", "--access", "--output", "json")
    #expect(found.exitCode == 6)
    let gained = try found.json()["gained"]?.array ?? []
    #expect(!gained.isEmpty)
    #expect(gained.allSatisfy { $0["table"] == "gl_transactions" })
    #expect(gained.contains { $0["reads"]?.array?.first?["columns"] == ["employee_salary"] })
    let text = try mesh.meshdr("diff", "latest", "live", "--access")
    #expect(text.output.contains("reading employee_salary"), "\(text.output)")
  }

  /// The records say that a tag is another; what that opened, and to whom, they do not.
  @Test func verificationSaysWhoGainedAccess() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    let same = try mesh.meshdr("verify", "--region", "eu-west-1", "--output", "json")
    #expect(try same.json().differsOnlyInWhatIsLeftForAPerson)
    #expect(try same.json()["widened"] == [])
    try open(mesh, "eu-west-1")
    let found = try mesh.meshdr("verify", "--region", "eu-west-1", "--output", "json")
    #expect(found.exitCode == 6)
    let widened = try found.json()["widened"]?.strings ?? []
    #expect(!widened.isEmpty)
    #expect(
      widened.allSatisfy {
        $0.contains(" on finance_curated.gl_transactions of 111111111111: SELECT on ")
      }, "\(widened)")
  }

  /// A restore that changes what is there gives itself access to it first.
  @Test func aTableThatWasAlteredIsAlteredBack() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    _ = try mesh.boto(
      """
      glue = client("glue", "111111111111", "eu-west-1", "meshdr-restorer")
      lake = client("lakeformation", "111111111111", "eu-west-1")
      lake.grant_permissions(
          Principal={"DataLakePrincipalIdentifier":
                     "arn:aws:iam::111111111111:role/meshdr-restorer"},
          Resource={"Table": {"DatabaseName": "finance_curated", "Name": "fx_rates"}},
          Permissions=["ALTER"])
      table = glue.get_table(DatabaseName="finance_curated", Name="fx_rates")["Table"]
      glue.update_table(DatabaseName="finance_curated", TableInput={
          "Name": "fx_rates", "Description": "altered",
          "StorageDescriptor": table["StorageDescriptor"],
          "PartitionKeys": table.get("PartitionKeys", [])})
      lake.revoke_permissions(
          Principal={"DataLakePrincipalIdentifier":
                     "arn:aws:iam::111111111111:role/meshdr-restorer"},
          Resource={"Table": {"DatabaseName": "finance_curated", "Name": "fx_rates"}},
          Permissions=["ALTER"])
      """)
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try restore.json()["actions"]?["update"] == 1)
    #expect(try mesh.check().exitCode == 0)
  }
}
