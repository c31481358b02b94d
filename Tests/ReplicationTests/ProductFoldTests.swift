import CanonicalJSON
import MeshModel
import Testing

@testable import Replication

@Suite struct DataPlaceTests {
  @Test(arguments: [
    ("s3://lake/sales/orders", "lake", "sales/orders/"),
    ("s3a://lake/sales/", "lake", "sales/"), ("S3N://lake", "lake", ""), ("s3://lake/", "lake", ""),
    ("s3://lake//odd", "lake", "/odd/"), ("arn:aws:s3:::lake/sales", "lake", "sales/"),
    ("arn:aws-cn:s3:::lake", "lake", ""),
  ])
  func objects(location: String, bucket: String, prefix: String) {
    #expect(DataPlace(location) == .objects(bucket: bucket, prefix: prefix))
  }

  @Test(arguments: [
    "s3://arn:aws:s3:us-east-1:111111111111:accesspoint/sales/orders",
    "arn:aws:s3:us-east-1:111111111111:accesspoint/sales",
    "arn:aws:s3::111111111111:accesspoint/m1a2b3.mrap",
    "s3://sales-abcdef0123456789-s3alias/orders", "s3://m1a2b3.mrap/orders",
    "s3://fast--use1-az4--x-s3/orders", "s3://63a8e430-6e0b-46f5--table-s3",
    "arn:aws:s3tables:us-east-1:111111111111:bucket/features",
  ])
  func whatRulesOfBucketsDoNotTell(location: String) {
    guard case .unresolved = DataPlace(location) else {
      Issue.record("\(DataPlace(location))")
      return
    }
  }

  @Test func otherSystems() {
    guard case .elsewhere = DataPlace("hdfs://namenode:8020/warehouse/orders") else {
      Issue.record("HDFS holds data that may be lost")
      return
    }
    for location in ["jdbc:postgresql://erp:5432/orders", "erp.public.orders", ""] {
      guard case .notApplicable = DataPlace(location) else {
        Issue.record("\(location): \(DataPlace(location))")
        return
      }
    }
  }
}

@Suite struct ProductFoldTests {
  static func rule(
    _ destination: String = "lake-eu", id: String = "r", filter: JSON? = ["Prefix": ""],
    prefix: String? = nil, status: String = "Enabled", priority: Int = 1, more: JSON = [:]
  ) -> JSON {
    var rule: JSON = [
      "ID": .string(id), "Status": .string(status), "Priority": JSON(priority),
      "Destination": ["Bucket": .string("arn:aws:s3:::\(destination)")],
    ]
    rule["Filter"] = filter
    rule["Prefix"] = prefix.map(JSON.string)
    for (name, value) in more.object ?? [:] { rule[name] = value }
    return rule
  }

  private func bucket(_ name: String = "lake", region: String = "us-east-1", _ rules: JSON...)
    -> BucketFacts
  {
    var facts = BucketFacts(name: name)
    facts.account = "111111111111"
    facts.region = region
    facts.rules = ReplicationRule.all(in: ["Rules": .array(rules)])
    return facts
  }

  private func fold(_ buckets: BucketFacts..., overrides: [String: String] = [:]) -> ProductFold {
    ProductFold(
      buckets: Dictionary(uniqueKeysWithValues: buckets.map { ($0.name, $0) }),
      overrides: overrides, secondary: "eu-west-1")
  }

  @Test func tablesFoldIntoTheRuleThatCoversThem() {
    var fold = fold(
      bucket(
        "lake", Self.rule(id: "sales", filter: ["Prefix": "sales/"], priority: 2),
        Self.rule("lake-all", id: "rest", filter: nil, prefix: "", priority: 1)))
    fold.add(registered: "arn:aws:s3:::lake/sales", account: "1")
    fold.add(table: "sales.orders", at: "s3a://lake/sales/orders", account: "1")
    fold.add(table: "ops.logs", at: "s3://lake/logs/", account: "1")
    for day in 0..<5000 {
      fold.add(
        partitionOf: "sales.orders", at: "s3://lake/sales/orders/day=\(day)", created: Double(day),
        account: "1")
    }
    let (products, others) = fold.result
    #expect(others.isEmpty)
    #expect(products.map(\.location) == ["s3://lake/", "s3://lake/sales/"])
    #expect(products.map(\.replica) == ["s3://lake-all/", "s3://lake-eu/sales/"])
    #expect(products.map(\.tables) == [["ops.logs"], ["sales.orders"]])
    #expect(products[1].scopes == ["sales/"] && products[1].cuts == ["sales/orders/"])
    #expect(products[1].youngest.count == 32)
    #expect(products[1].youngest.first == "sales/orders/day=4999/")
  }

  @Test func aPrefixWithoutARuleIsAProductWithoutAReplica() {
    var fold = fold(bucket("lake", Self.rule(filter: ["Prefix": "sales/"])))
    fold.add(table: "ops.logs", at: "s3://lake/logs", account: "1")
    fold.add(table: "sales.orders", at: "s3://lake/sales/orders", account: "1")
    let products = fold.result.products
    #expect(products.map(\.location) == ["s3://lake/logs/", "s3://lake/sales/"])
    #expect(products.map(\.replica) == [nil, "s3://lake-eu/sales/"])
  }

  @Test func theEnabledRuleCountsThenThePriority() {
    let off = Self.rule("off", status: "Disabled", priority: 9)
    var fold = fold(
      bucket("lake", off, Self.rule("low", priority: 1), Self.rule("high", priority: 3)))
    fold.add(table: "a.b", at: "s3://lake/x", account: "1")
    #expect(fold.result.products.map(\.replica) == ["s3://high/"])
  }

  @Test func aDestinationInAnotherRegionIsNoReplica() {
    var fold = fold(
      bucket("lake", Self.rule("lake-same")), bucket("lake-same", region: "us-east-1"))
    fold.add(table: "a.b", at: "s3://lake/x", account: "1")
    #expect(fold.result.products.map(\.replica) == [nil])
  }

  @Test func theMeshFileAndTheSecondaryItself() {
    var fold = fold(
      bucket("lake"), bucket("here", region: "eu-west-1"), overrides: ["lake": "lake-copy"])
    fold.add(table: "a.b", at: "s3://lake/x", account: "1")
    fold.add(table: "a.c", at: "s3://here/x", account: "1")
    let products = fold.result.products
    #expect(products.map(\.replica) == ["s3://here/", "s3://lake-copy/"])
    #expect(products.map(\.route.source) == [.inRegion, .meshFile])
  }

  @Test func aRuleByTagsOrForAPartCoversOnlyAPart() {
    var fold = fold(
      bucket(
        "lake",
        Self.rule(filter: ["And": ["Prefix": "", "Tags": [["Key": "dr", "Value": "yes"]]]])),
      bucket("pond", Self.rule("pond-eu", filter: ["Prefix": "a/b/"])))
    fold.add(table: "a.b", at: "s3://lake/x", account: "1")
    fold.add(table: "a.c", at: "s3://pond/a/", account: "1")
    let products = fold.result.products
    #expect(products.map(\.route.coverage) == [.part, .part])
    #expect(products.map(\.location) == ["s3://lake/", "s3://pond/a/"])
  }

  @Test func memoryIsBoundedWhateverPartitionsThereAre() {
    var fold = fold(bucket("lake", Self.rule()))
    fold.add(table: "a.b", at: "s3://lake/x/t", account: "1")
    for number in 0..<20_000 {
      fold.add(
        partitionOf: "a.b", at: "s3://lake/elsewhere/\(number % 7)/\(number)", created: 0,
        account: "1")
    }
    let scopes = fold.result.products[0].scopes
    #expect(scopes.count <= 1024 && scopes.contains("x/t/"))
    for number in 0..<20_000 {
      let prefix = "elsewhere/\(number % 7)/\(number)/"
      #expect(scopes.contains { prefix.hasPrefix($0) })
    }
  }

  @Test func whatIsNotInS3IsNamed() {
    var fold = fold()
    fold.add(table: "old.events", at: "hdfs://nn/events", account: "1")
    fold.add(
      partitionOf: "old.events", at: "hdfs://nn/events/day=1", created: 0, account: "1")
    fold.add(table: "erp.orders", at: "erp.public.orders", account: "1")
    let others = fold.result.others
    #expect(
      others.map(\.location) == [
        "erp.public.orders", "hdfs://nn/events", "old.events (partitions)",
      ])
    #expect(others.map(\.hasData) == [false, true, true])
  }
}

@Suite struct ReplicationJudgeTests {
  private func codes(
    _ rule: JSON?, source change: (inout BucketFacts) -> Void = { _ in },
    replica changeReplica: (inout BucketFacts) -> Void = { _ in }, prefix: String = "x/"
  ) -> [String] {
    var source = BucketFacts(name: "lake")
    source.account = "111111111111"
    source.region = "us-east-1"
    source.rules = ReplicationRule.all(in: ["Rules": .array([rule].compactMap(\.self))])
    source.versioning = .enabled
    change(&source)
    var replica = BucketFacts(name: "lake-eu")
    replica.account = "111111111111"
    replica.region = "eu-west-1"
    replica.versioning = .enabled
    changeReplica(&replica)
    let route = ReplicaRoute(
      bucket: "lake", prefix: prefix, facts: source, override: nil, secondary: "eu-west-1",
      regions: [:])
    let findings = ReplicationJudge(secondary: "eu-west-1").findings(
      route, source: source, replica: route.replica == nil ? nil : replica)
    #expect(findings.allSatisfy { !$0.remedy.isEmpty && !$0.message.isEmpty })
    return findings.map { "\($0.severity.rawValue) \($0.code)" }
  }

  private func rule(
    destination: JSON = [:], filter: JSON = ["Prefix": ""], status: String = "Enabled",
    more: JSON = [:]
  ) -> JSON {
    var target: JSON = [
      "Bucket": "arn:aws:s3:::lake-eu", "Metrics": ["Status": "Enabled"],
      "ReplicationTime": ["Status": "Enabled"],
    ]
    for (name, value) in destination.object ?? [:] { target[name] = value }
    var all: JSON = ["Destination": target, "DeleteMarkerReplication": ["Status": "Enabled"]]
    for (name, value) in more.object ?? [:] { all[name] = value }
    return ProductFoldTests.rule(filter: filter, status: status, more: all)
  }

  @Test func aGoodRuleHasNoFindings() {
    #expect(codes(rule()).isEmpty)
  }

  @Test func rules() {
    #expect(codes(nil) == ["blocker no-replication"])
    #expect(codes(rule(status: "Disabled")) == ["blocker rule-disabled"])
    #expect(codes(rule(filter: ["Prefix": "y/"])) == ["blocker prefix-not-covered"])
    #expect(codes(rule(filter: ["Prefix": "x/y/"])) == ["blocker prefix-not-covered"])
    #expect(
      codes(rule(filter: ["Tag": ["Key": "dr", "Value": "yes"]])) == ["warning rule-by-tags"])
    #expect(
      codes(rule(destination: ["StorageClass": "DEEP_ARCHIVE"])) == ["blocker replica-archived"])
    #expect(codes(rule(more: ["DeleteMarkerReplication": nil])) == ["note delete-markers"])
    let off: JSON = ["Status": "Disabled"]
    #expect(codes(rule(destination: ["ReplicationTime": off])) == ["note no-time-control"])
    #expect(
      codes(rule(destination: ["ReplicationTime": off, "Metrics": off])) == ["warning no-metrics"])
  }

  @Test func buckets() {
    #expect(
      codes(rule(), source: { $0.versioning = .suspended }) == ["blocker source-not-versioned"])
    #expect(codes(rule(), source: { $0.rules = nil }) == ["warning replication-unknown"])
    #expect(codes(rule(), replica: { $0.versioning = .off }) == ["blocker replica-not-versioned"])
    #expect(
      codes(rule(), replica: { $0.region = "us-west-2" }) == ["blocker replica-in-wrong-region"])
    #expect(codes(rule(), replica: { $0.problem = "denied" }) == ["warning replica-unknown"])
    #expect(codes(rule(), replica: { $0.account = "222222222222" }) == ["note replica-owner"])
  }

  @Test func keys() {
    let takesKMS: JSON = [
      "SourceSelectionCriteria": ["SseKmsEncryptedObjects": ["Status": "Enabled"]]
    ]
    func key(_ region: String) -> JSON {
      ["EncryptionConfiguration": ["ReplicaKmsKeyID": .string("arn:aws:kms:\(region):1:key/k")]]
    }
    #expect(codes(rule(), source: { $0.encryption = "aws:kms" }) == ["blocker encrypted-objects"])
    #expect(codes(rule(more: takesKMS)) == ["blocker replica-key"])
    #expect(codes(rule(destination: key("us-east-1"), more: takesKMS)) == ["blocker replica-key"])
    #expect(codes(rule(destination: key("eu-west-1"), more: takesKMS)).isEmpty)
  }
}
