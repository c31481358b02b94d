import MeshFile
import MeshModel
import Testing

/// The shortest mesh file there can be.
let shortest = "mesh: m\nprimary: us-east-1\naccounts: {list: [{id: \"111111111111\"}]}\n"

func read(_ text: String) throws(MeshFileError) -> MeshFile {
  try MeshFile(text: text, path: "meshdr.yaml")
}

@Suite struct MeshFileTests {
  static let full = """
    mesh: nimbuscart
    primary: us-east-1
    secondary: eu-west-1
    store: s3://nimbus-dr-archive/meshdr     # or a folder
    accounts:
      from: organization                     # or: list
      units: [Governance, Domains, Consumers]
      exclude: ["999999999999"]
      list:                                  # with from: list
        - {id: "111111111111", name: governance}
      reader_role: meshdr-reader             # assumed in each account to capture
      restorer_role: meshdr-restorer         # assumed in each account to restore
    objectives: {rpo: 15m, rto: 2h}
    retention: {last: 7, daily: 14, weekly: 8, monthly: 12}
    priority: [finance, sales.orders]        # restored first, timed apart
    mapping:
      buckets:                               # overrides what replication rules say
        nimbus-legacy: nimbus-legacy-eu
      kms: {}
      principals: {}
      accounts: {}
    capture:                                 # beyond what is always captured
      partition_statistics: [finance, sales.orders]
      table_versions: 10

    """

  @Test func wholeFile() throws {
    let file = try read(Self.full)
    #expect(file.mesh == "nimbuscart")
    #expect(file.primary == "us-east-1")
    #expect(file.secondary == "eu-west-1")
    #expect(file.stores == ["s3://nimbus-dr-archive/meshdr"])
    #expect(file.accounts.from == .organization)
    #expect(file.accounts.units == ["Governance", "Domains", "Consumers"])
    #expect(file.accounts.exclude == ["999999999999"])
    #expect(file.accounts.list.map(\.id) == ["111111111111"])
    #expect(file.accounts.list.map(\.name) == ["governance"])
    #expect(file.accounts.readerRole == "meshdr-reader")
    #expect(file.accounts.restorerRole == "meshdr-restorer")
    #expect(file.objectives.rpo == 900)
    #expect(file.objectives.rto == 7200)
    let retention = try #require(file.retention)
    #expect([retention.last, retention.daily, retention.weekly] == [7, 14, 8])
    #expect([retention.monthly, retention.yearly] == [12, 0])
    #expect(file.priority == [.database("finance"), .table(database: "sales", table: "orders")])
    #expect(file.mapping.buckets == ["nimbus-legacy": "nimbus-legacy-eu"])
    #expect(file.mapping.kms.isEmpty)
    #expect(file.capture.partitionStatistics == file.priority)
    #expect(file.capture.tableVersions == 10)
    #expect(file.text == Self.full)
  }

  @Test func shortestFile() throws {
    let file = try read(shortest)
    #expect(file.secondary == nil)
    #expect(file.stores == [])
    #expect(file.accounts.from == .list)
    #expect(file.accounts.list.map(\.name) == ["111111111111"])
    #expect(file.accounts.readerRole == nil)
    #expect(file.objectives.rpo == nil)
    #expect(file.retention == nil)
    #expect(file.priority == [])
    #expect(file.capture.partitionStatistics.isEmpty && file.capture.tableVersions == 0)
    #expect(try read("mesh: m\nprimary: us-east-1\naccounts: {}").accounts.from == .organization)
  }

  @Test func emptySectionsAreLikeMissingOnes() throws {
    let file = try read(
      shortest + "objectives:\nretention:\npriority:\nmapping:\n  buckets:\n  kms: ~\ncapture:\n")
    let plain = try read(shortest)
    #expect(file.objectives == plain.objectives)
    #expect(file.retention == nil)
    #expect(file.mapping == plain.mapping)
    #expect(file.capture == plain.capture)
  }

  @Test func accountsAreListed() throws {
    let file = try read(
      """
      mesh: m
      primary: us-east-1
      accounts:
        list: [{id: "012345678901", name: sales}, {id: 222222222222, name: Straße}]
        reader_role: ""
        restorer_role:
        exclude: ["222222222222"]
      """)
    #expect(file.accounts.list.map(\.id) == ["012345678901", "222222222222"])
    #expect(file.accounts.list.map(\.name) == ["sales", "Straße"])
    #expect(file.accounts.listed.map(\.name) == ["sales"])
    #expect(file.accounts.readerRole == nil)
    #expect(file.accounts.restorerRole == nil)
  }

  @Test(arguments: [
    ("/var/lib/meshdr", ["/var/lib/meshdr"]), ("archive", ["archive"]), ("~/a b", ["~/a b"]),
    ("s3://bucket", ["s3://bucket"]), ("s3://bucket/a/b/", ["s3://bucket/a/b/"]),
    ("[./a, s3://bucket/a]", ["./a", "s3://bucket/a"]), ("./x:y", ["./x:y"]),
  ])
  func stores(text: String, expected: [String]) throws {
    #expect(try read(shortest + "store: \(text)").stores == expected)
  }

  @Test(arguments: [
    ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86_400), ("1h30m", 5400), ("1d2h3m4s", 93_784),
    ("120m", 7200), ("0h5m", 300), ("36500d", 3_153_600_000),
  ])
  func durations(text: String, expected: Int) throws {
    #expect(try read(shortest + "objectives: {rpo: \(text)}").objectives.rpo == expected)
  }

  @Test(arguments: [
    "us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1",
    "cn-northwest-1", "mx-central-1",
  ])
  func regions(name: String) throws {
    #expect(try read(shortest.replacing("us-east-1", with: name)).primary == name)
  }

  @Test func overridesGoIntoTheMapping() throws {
    let file = try read(
      shortest + """
        mapping:
          buckets: {old: new}
          kms: {alias/a: "arn:aws:kms:eu-west-1:111111111111:key/b"}
          principals: {"111111111111:IAMPrincipals": "arn:aws:iam::111111111111:role/x"}
          accounts: {"111111111111": 222222222222}
        """)
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.buckets["old"] = .init(bucket: "ruled", source: .replicationRule)
    mapping.buckets["other"] = .init(bucket: "other-eu", source: .replicationRule)
    file.mapping.apply(to: &mapping)
    #expect(mapping.buckets["old"] == .init(bucket: "new", source: .meshFile))
    #expect(mapping.buckets["other"] == .init(bucket: "other-eu", source: .replicationRule))
    #expect(mapping.keys == ["alias/a": "arn:aws:kms:eu-west-1:111111111111:key/b"])
    #expect(mapping.principals.count == 1)
    #expect(mapping.accounts == ["111111111111": "222222222222"])
  }

  @Test(arguments: ["\u{FEFF}", "---\n", "%YAML 1.1\n---\n", "# only a comment\n", "\r\n"])
  func harmlessBeginnings(start: String) throws {
    #expect(try read(start + shortest).mesh == "m")
    #expect(try read(shortest.replacing("\n", with: "\r\n") + "...\r\n").mesh == "m")
    #expect(try read("{\"mesh\": \"m\", 'primary': us-east-1, accounts: {}}").mesh == "m")
  }
}
