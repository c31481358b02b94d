import CanonicalJSON
import MeshModel
import Testing

@Suite struct MapperTests {
  let mapper: Mapper = {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.buckets["sales"] = .init(bucket: "sales-eu", source: .replicationRule)
    mapping.buckets["legacy"] = .init(bucket: "old-eu", source: .meshFile)
    mapping.accounts["111111111111"] = "999999999999"
    mapping.principals["arn:aws:iam::222222222222:role/x"] = "arn:aws:iam::222222222222:role/y"
    mapping.keys["alias/finance"] = "alias/finance-eu"
    let mapper = Mapper(mapping)
    mapper.begin(RecordKey(account: "222222222222", kind: .table, path: ["sales", "orders"]))
    return mapper
  }()

  @Test(arguments: [
    ("s3://sales/orders/", "s3://sales-eu/orders/"), ("s3a://sales", "s3a://sales-eu"),
    ("S3N://legacy/x=1/", "S3N://old-eu/x=1/"), ("hdfs://sales/x", "hdfs://sales/x"), ("", ""),
    ("s3://", "s3://"), ("sales/orders", "sales/orders"),
  ])
  func uris(text: String, expected: String) {
    #expect(mapper.uri(text) == expected)
    #expect(mapper.problems.isEmpty)
  }

  @Test(arguments: [
    (
      "SELECT * FROM x -- s3://sales/a, 's3://legacy'",
      "SELECT * FROM x -- s3://sales-eu/a, 's3://old-eu'"
    ),
    ("https://sales/x", "https://sales/x"), ("xs3://sales", "xs3://sales"),
    ("arn:aws:s3:::sales/x", "arn:aws:s3:::sales-eu/x"), ("ends with s3://", "ends with s3://"),
  ])
  func textsThatHoldURIs(text: String, expected: String) {
    #expect(mapper.text(text) == expected)
  }

  @Test(arguments: [
    ("arn:aws:s3:::sales", "arn:aws:s3:::sales-eu"),
    ("arn:aws:s3:::sales/a/b", "arn:aws:s3:::sales-eu/a/b"),
    (
      "arn:aws:glue:us-east-1:111111111111:table/a/b",
      "arn:aws:glue:eu-west-1:999999999999:table/a/b"
    ),
    ("arn:aws:glue:us-west-2:333333333333:x", "arn:aws:glue:us-west-2:333333333333:x"),
    (
      "arn:aws:kms:us-east-1:222222222222:key/mrk-1", "arn:aws:kms:eu-west-1:222222222222:key/mrk-1"
    ),
    ("no arn", "no arn"),
  ])
  func arns(text: String, expected: String) {
    #expect(mapper.arn(text) == expected)
    #expect(mapper.problems.isEmpty)
  }

  @Test(arguments: [
    ("arn:aws:iam::222222222222:role/x", "arn:aws:iam::222222222222:role/y"),
    ("arn:aws:iam::111111111111:role/x", "arn:aws:iam::999999999999:role/x"),
    ("111111111111", "999999999999"), ("111111111111:IAMPrincipals", "999999999999:IAMPrincipals"),
    ("IAM_ALLOWED_PRINCIPALS", "IAM_ALLOWED_PRINCIPALS"),
    (
      "arn:aws:organizations::333333333333:ou/o-1/ou-2",
      "arn:aws:organizations::333333333333:ou/o-1/ou-2"
    ),
  ])
  func principals(text: String, expected: String) {
    #expect(mapper.principal(text) == expected)
  }

  @Test func whatHasNoReplicaIsNotedOnceARecord() {
    #expect(mapper.uri("s3://lost/a") == "s3://lost/a")
    #expect(mapper.uri("s3://lost/b") == "s3://lost/b")
    #expect(mapper.problems.map(\.name) == ["lost"])
    #expect(mapper.problems.first?.key.name == "sales.orders")
  }

  @Test(arguments: ["arn:aws:kms:us-east-1:222222222222:key/1234", "1234-abcd"])
  func aSingleRegionKeyIsAProblem(key: String) {
    _ = mapper.key(key)
    #expect(mapper.problems.map(\.name) == [key])
  }

  @Test(arguments: ["alias/other", "mrk-1234"])
  func aKeyThatIsInBothRegionsIsNone(key: String) {
    #expect(mapper.key(key) == key)
    #expect(mapper.problems.isEmpty)
  }

  @Test func usesAreCounted() {
    _ = mapper.uri("s3://sales/a")
    _ = mapper.uri("s3://sales/b")
    let use = Mapper.Use(from: "s3://sales", to: "s3://sales-eu", source: "replication rule")
    #expect(mapper.uses[use] == 2)
  }
}
