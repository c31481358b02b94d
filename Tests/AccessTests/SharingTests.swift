import Access
import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@Suite struct HandingOnTests {
  let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.filter("west", rows: "region = 'WEST'"), Sample.settings(Sample.consumer),
    Sample.database(
      "link", in: Sample.consumer,
      target: ["CatalogId": .string(Sample.owner), "DatabaseName": "sales"]),
  ]
  let onOrders = On.table("sales", "orders")

  func handedOn(_ resource: JSON, _ permissions: [String]) -> Record {
    Sample.grant(Sample.guest, resource, permissions, in: Sample.consumer)
  }

  @Test func whatAnAccountIsGivenItsPrincipalsDoNotHaveYet() throws {
    let set = try AccessSet(of: mesh + [Sample.grant(Sample.consumer, onOrders, ["SELECT"])])
    #expect(set.line(Sample.consumer, "sales", "orders") == "all")
    #expect(set.line(Sample.guest, "sales", "orders").isEmpty)
  }

  @Test func whatIsHandedOnIsNoMoreThanWasGiven() throws {
    let given = Sample.grant(Sample.consumer, On.columns("sales", "orders", ["id"]), ["SELECT"])
    let set = try AccessSet(of: mesh + [given, handedOn(onOrders, ["SELECT", "DESCRIBE"])])
    #expect(set.line(Sample.guest, "sales", "orders") == "id")
    let without = try AccessSet(of: mesh + [handedOn(onOrders, ["SELECT"])])
    #expect(without.line(Sample.guest, "sales", "orders").isEmpty)
  }

  @Test func rowsThatWereNotGivenAreNotHandedOn() throws {
    let given = Sample.grant(Sample.consumer, On.filter("west"), ["SELECT"])
    let set = try AccessSet(of: mesh + [given, handedOn(onOrders, ["SELECT"])])
    #expect(set.line(Sample.guest, "sales", "orders") == "all if region = 'WEST'")
  }

  @Test func aPolicyCanBeHandedOnAsWell() throws {
    let tagged = mesh + [Sample.tags(["sales"], ["domain": "sales"])]
    let policy = On.policy(["domain": ["sales"]])
    let given = Sample.grant(Sample.consumer, policy, ["SELECT"], option: ["SELECT"])
    let set = try AccessSet(of: tagged + [given, handedOn(policy, ["SELECT"])])
    #expect(set.line(Sample.guest, "sales", "orders") == "all")
    #expect(
      try set.beyond(AccessSet(of: tagged + [given])).map(\.principal) == [Sample.guest])
  }

  @Test func withoutTheOwnersRecordsWhatIsHandedOnCounts() throws {
    let records = [Sample.settings(Sample.consumer), handedOn(onOrders, ["SELECT"])]
    let set = try AccessSet(of: records)
    #expect(set.line(Sample.guest, "sales", "orders") == "all")
  }

  @Test func anOrganizationMayHoldAnyAccount() throws {
    let organization = "arn:aws:organizations::999999999999:organization/o-mesh"
    let set = try AccessSet(
      of: mesh + [
        Sample.grant(organization, onOrders, ["SELECT"]), handedOn(onOrders, ["SELECT"]),
      ])
    #expect(set.line(Sample.guest, "sales", "orders") == "all")
  }

  @Test func aPrincipalOfAnotherAccountNeedsNobodyToHandItOn() throws {
    let set = try AccessSet(of: mesh + [Sample.grant(Sample.guest, onOrders, ["SELECT"])])
    #expect(set.line(Sample.guest, "sales", "orders") == "all")
  }

  @Test func administratorsSeeWhatTheirAccountIsGiven() throws {
    let admin = "arn:aws:iam::222222222222:role/admin"
    var records = mesh
    records[4] = Sample.settings(Sample.consumer, admins: [admin])
    let set = try AccessSet(
      of: records + [Sample.grant(Sample.consumer, onOrders, ["SELECT"])])
    #expect(set.line(admin, "sales", "orders") == "DESCRIBE")
    let direct = try AccessSet(
      of: records + [Sample.grant(Sample.guest, onOrders, ["SELECT"])])
    #expect(direct.line(admin, "sales", "orders").isEmpty)
  }

  @Test func aGrantOnALinkIsNoneOnItsTarget() throws {
    let set = try AccessSet(
      of: mesh + [
        Sample.grant(
          Sample.guest, On.database("link", of: Sample.consumer), ["DESCRIBE"],
          in: Sample.consumer)
      ])
    #expect(set.line(Sample.guest, "link", of: Sample.consumer) == "DESCRIBE")
    #expect(set.line(Sample.guest, "sales").isEmpty)
    #expect(
      set.links[.database(account: Sample.consumer, "link")]
        == .database(account: Sample.owner, "sales"))
  }
}

@Suite struct SharingGraphTests {
  func share(_ owner: String, with user: String) -> Record {
    Sample.grant(user, On.database("d", of: owner), ["DESCRIBE"], in: owner)
  }

  let a = "111111111111"
  let b = "222222222222"
  let c = "333333333333"
  let d = "444444444444"

  @Test func grantsLinksAndSharesMakeEdges() throws {
    let ram = "arn:aws:ram:us-east-1:111111111111:resource-share/1"
    let graph = try SharingGraph([
      Sample.grant(b, On.table("d", "t"), ["SELECT"], shares: [ram]),
      Sample.grant("arn:aws:iam::222222222222:role/x", On.database("d"), ["DESCRIBE"]),
      Sample.grant("\(c):IAMPrincipals", On.database("d"), ["DESCRIBE"]),
      Sample.grant(Sample.analyst, On.database("d"), ["DESCRIBE"]),
      Sample.database("link", in: d, target: ["CatalogId": .string(a), "DatabaseName": "d"]),
      Sample.grant(Sample.guest, On.database("d"), ["DESCRIBE"], in: b),
    ])
    #expect(graph.edges.map(\.owner) == [a, a, a])
    #expect(graph.edges.map(\.user) == [b, c, d])
    #expect(graph.edges[0].grants.map(\.resource).sorted() == ["database d", "table d.t"])
    #expect(graph.edges[0].shares == [ram])
    #expect(graph.edges[2].links == ["link → d"])
  }

  /// Whoever shares in the Resource Access Manager itself does so without any grant.
  @Test func whatPeopleShareByHandMakesEdges() throws {
    let ram = "arn:aws:ram:us-east-1:111111111111:resource-share/9"
    func share(_ name: String) -> Record {
      Record(
        key: RecordKey(account: a, kind: .resourceShare, path: [a, name]),
        value: [
          "name": .string(name), "resourceShareArn": .string(ram),
          "resources": [["arn": .string("arn:aws:glue:us-east-1:\(a):database/d")]],
          "principals": [["id": .string(b)]], "resourceShareAssociations": [],
        ])
    }
    let graph = try SharingGraph([share("by-hand"), share("LakeFormation-V4-1")])
    #expect(graph.edges.map(\.user) == [b])
    #expect(graph.edges.first?.madeByHand == ["by-hand: database/d"])
    #expect(graph.edges.first?.shares == [ram])
  }

  @Test func whatTheCatalogsPolicyAllowsMakesEdges() throws {
    let policy = #"""
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::222222222222:root"]},
         "Action": "glue:GetTable", "Resource": "arn:aws:glue:us-east-1:111111111111:table/d/t"},
        {"Effect": "Deny", "Principal": {"AWS": "333333333333"}, "Action": "glue:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"},
         "Action": "glue:ShareResource", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "444444444444"}, "Action": "glue:GetDatabase",
         "Resource": "*", "Condition": {"Bool": {"glue:EvaluatedByLakeFormationTags": "true"}}}]}
      """#
    let graph = try SharingGraph([
      Record(
        key: RecordKey(account: a, kind: .resourcePolicy, path: []),
        value: ["PolicyInJson": .string(policy)])
    ])
    #expect(graph.edges.map(\.user) == [b, d])
    #expect(graph.edges[0].policies == ["glue:GetTable on table/d/t"])
    #expect(graph.edges[1].policies == ["glue:GetDatabase on * under a condition"])
  }

  @Test func ownersComeBeforeUsers() throws {
    let graph = try SharingGraph([share(c, with: a), share(d, with: c), share(a, with: b)])
    #expect(graph.order == [[d], [c], [a], [b]])
    #expect(graph.cycles.isEmpty)
  }

  @Test func circlesStandTogether() throws {
    let graph = try SharingGraph([
      share(a, with: b), share(b, with: c), share(c, with: a), share(c, with: d),
    ])
    #expect(graph.order == [[a, b, c], [d]])
    #expect(graph.cycles == [[a, b, c]])
  }

  @Test func anAccountThatSharesNothingIsThere() throws {
    let graph = try SharingGraph([Sample.database("d", in: d), share(a, with: b)])
    #expect(graph.nodes == [a, b, d])
  }
}
