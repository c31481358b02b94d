import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel
import Replication
import Testing

@testable import Audit

/// What a snapshot comes to in the secondary.
@Suite struct DigestTests {
  static func mapping() -> Mapping {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.buckets = ["lake": .init(bucket: "lake-eu", source: .replicationRule)]
    return mapping
  }

  static func digest(_ records: Record..., mapping: Mapping = mapping()) throws -> SnapshotDigest {
    var builder = DigestBuilder(
      catalogKinds() + grantKinds + replicationKinds, mapping: mapping)
    for kind in DigestBuilder.kinds {
      for record in records where record.key.kindName == kind.name { try builder.add(record) }
    }
    return builder.finished()
  }

  private let tag = Record(
    key: Sample.key(Sample.owner, .lfTag, "domain"),
    value: ["TagKey": "domain", "TagValues": ["sales", "hr"]])

  @Test func principalsAreCountedWhereverTheyAreNamed() throws {
    let digest = try Self.digest(
      Sample.settings(admins: [Sample.analyst]), Sample.database("sales"),
      Sample.grant(Sample.analyst, On.database("sales"), ["DESCRIBE"]),
      Sample.grant(Sample.guest, On.database("sales"), ["DESCRIBE"]))
    #expect(digest.principals == [Sample.analyst: 2, Sample.guest: 1])
    #expect(digest.sharingAccounts == [Sample.owner])
  }

  @Test func principalsAreThoseOfTheSecondary() throws {
    var mapping = Self.mapping()
    mapping.principals = [Sample.analyst: Sample.guest]
    let digest = try Self.digest(
      Sample.database("sales"), Sample.grant(Sample.analyst, On.database("sales"), ["DESCRIBE"]),
      mapping: mapping)
    #expect(digest.principals == [Sample.guest: 1])
  }

  @Test func aGrantOnWhatIsNotThereIsFound() throws {
    let digest = try Self.digest(
      Sample.database("sales"), Sample.table("sales", "orders"),
      Sample.grant(Sample.analyst, On.table("sales", "gone"), ["SELECT"]),
      Sample.grant(Sample.analyst, On.table("sales", "orders"), ["SELECT"]),
      Sample.grant(Sample.analyst, On.allTables("lost"), ["SELECT"]),
      Sample.grant(Sample.analyst, On.filter("west"), ["SELECT"]),
      Sample.grant(Sample.analyst, On.table("far", "t", of: Sample.consumer), ["SELECT"]))
    let targets = digest.faults.map { fault -> String in
      if case .grantOnMissing(_, let target) = fault { target.name } else { "\(fault)" }
    }
    #expect(Set(targets) == ["sales.gone", "lost", "sales.orders.west"])
  }

  @Test func aFilterWhoseColumnIsGoneIsFound() throws {
    func filter(_ name: String, _ columns: JSON) -> Record {
      Sample.filter(name, rows: nil, columns: columns)
    }
    let digest = try Self.digest(
      Sample.table("sales", "orders", columns: ["id", "Price"]),
      filter("whole", ["ColumnNames": ["ID", "price"]]),
      filter("gone", ["ColumnNames": ["id", "salary"]]),
      filter("hidden", ["ColumnWildcard": ["ExcludedColumnNames": ["iban"]]]))
    #expect(
      digest.faults == [
        .filterWithoutColumns(
          Sample.key(Sample.owner, .dataCellsFilter, "sales", "orders", "gone"),
          columns: ["salary"]),
        .filterWithoutColumns(
          Sample.key(Sample.owner, .dataCellsFilter, "sales", "orders", "hidden"),
          columns: ["iban"]),
      ])
  }

  @Test func aPolicyOnATagThatIsNotThereIsFound() throws {
    let digest = try Self.digest(
      tag, Sample.grant(Sample.analyst, On.policy(["domain": ["sales"]]), ["SELECT"]),
      Sample.grant(Sample.analyst, On.policy(["domain": ["it", "sales"]]), ["SELECT"]),
      Sample.grant(Sample.analyst, On.policy(["level": ["high"]]), ["SELECT"]),
      Sample.expression("odd", ["level": ["low"]]))
    let missing = digest.faults.map { fault -> [String] in
      if case .missingTag(_, let tags) = fault { tags } else { ["\(fault)"] }
    }
    #expect(missing == [["level"], ["domain=it"], ["level"]])
  }

  @Test func sharesThatDidNotArriveAreFound() throws {
    let share = Record(
      key: Sample.key(Sample.owner, .resourceShare, Sample.owner, "LakeFormation-V4-1"),
      value: [
        "name": "LakeFormation-V4-1",
        "resourceShareAssociations": [
          ["status": "FAILED", "associatedEntity": "999999999999"],
          ["status": "ASSOCIATED", "associatedEntity": "222222222222"],
        ],
      ])
    func invitation(_ id: String, _ status: String) -> Record {
      Record(
        key: Sample.key(Sample.consumer, .invitation, Sample.owner, id),
        value: ["status": .string(status), "resourceShareName": "by-hand"])
    }
    let digest = try Self.digest(
      share, invitation("1", "EXPIRED"), invitation("2", "ACCEPTED"), invitation("3", "PENDING"))
    let found = digest.faults.map { fault -> String in
      guard case .shareNotAccepted(_, let share, let who, let status) = fault else { return "" }
      return "\(share) \(who) \(status)"
    }
    #expect(
      found == [
        "LakeFormation-V4-1 999999999999 FAILED", "by-hand 222222222222 EXPIRED",
        "by-hand 222222222222 PENDING",
      ])
  }

  @Test func locationsAndKeysAreThoseOfTheSecondary() throws {
    let location = Record(
      key: Sample.key(Sample.owner, .location, "arn:aws:s3:::lake/x"),
      value: [
        "ResourceArn": "arn:aws:s3:::lake/x",
        "RoleArn": .string(
          "arn:aws:iam::111111111111:role/aws-service-role/lakeformation.amazonaws.com/X"),
      ])
    let encryption = Record(
      key: Sample.key(Sample.owner, .encryptionSettings),
      value: [
        "EncryptionAtRest": [
          "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/catalog",
        ]
      ])
    let digest = try Self.digest(location, encryption)
    #expect(digest.locations.map(\.arn) == ["arn:aws:s3:::lake-eu/x"])
    #expect(digest.locations.map(\.usesServiceLinkedRole) == [true])
    #expect(digest.keys.keys.sorted() == ["arn:aws:kms:eu-west-1:111111111111:alias/catalog"])
    #expect(digest.replicas.values.map(\.bucket) == ["lake-eu"])
  }

  /// A bucket with a rule has a replica, and yet not of everything, or not to be read.
  @Test func whatNoRuleCoversIsFound() throws {
    func bucket(_ rules: JSON...) -> Record {
      Record(
        key: Sample.key(Sample.owner, .bucket, "lake"),
        value: [
          "Name": "lake", "BucketRegion": "us-east-1",
          "ReplicationConfiguration": ["Rules": .array(rules)],
        ])
    }
    func rule(
      _ prefix: String, priority: Int = 1, to storageClass: String? = nil,
      _ status: JSON = "Enabled"
    )
      -> JSON
    {
      var destination: JSON = ["Bucket": "arn:aws:s3:::lake-eu"]
      destination["StorageClass"] = storageClass.map(JSON.string)
      return [
        "Status": status, "Filter": ["Prefix": .string(prefix)], "Priority": JSON(priority),
        "Destination": destination,
      ]
    }
    let location = Record(
      key: Sample.key(Sample.owner, .location, "arn:aws:s3:::lake/curated"),
      value: ["ResourceArn": "arn:aws:s3:::lake/curated", "RoleArn": "r"])
    func codes(_ bucket: Record) throws -> [String] {
      try Self.digest(bucket, location).replication.map(\.code)
    }
    #expect(try codes(bucket(rule(""))).isEmpty)
    #expect(try codes(bucket(rule("cur"), rule("raw"))).isEmpty)
    #expect(try codes(bucket(rule("curated/"))).isEmpty)
    #expect(try codes(bucket(rule("curated/gold"))) == ["prefix-not-covered"])
    #expect(try codes(bucket(rule("", "Disabled"))) == ["rule-disabled"])
    #expect(try codes(bucket()) == ["no-replication"])
    #expect(try codes(bucket(rule("", to: "DEEP_ARCHIVE"))) == ["replica-archived"])
    #expect(try codes(bucket(rule("", to: "GLACIER_IR"))).isEmpty)
    let two = bucket(rule("", to: "GLACIER"), rule("curated", priority: 2))
    #expect(try codes(two).isEmpty)
  }

  @Test func whatHasNoReplicaIsNoted() throws {
    let location = Record(
      key: Sample.key(Sample.owner, .location, "arn:aws:s3:::alone/x"),
      value: ["ResourceArn": "arn:aws:s3:::alone/x", "RoleArn": "r"])
    #expect(try Self.digest(location).unmapped.map(\.name) == ["alone"])
  }

  @Test func tablesAreCountedByTheirDatabases() throws {
    let digest = try Self.digest(
      Sample.database("a"), Sample.database("b"), Sample.table("a", "1"), Sample.table("a", "2"),
      Sample.table("b", "1"))
    let counts = try #require(digest.counts[Sample.owner])
    #expect(counts[.databases] == 2 && counts[.tables] == 3 && counts[.tablesPerDatabase] == 2)
  }

  @Test func grantsThatRestrictNobodyAreCounted() throws {
    let digest = try Self.digest(
      Sample.database("sales"),
      Sample.grant("IAM_ALLOWED_PRINCIPALS", On.database("sales"), ["ALL"]),
      Sample.grant("arn:aws:identitystore:::group/g", On.database("sales"), ["DESCRIBE"]))
    #expect(digest.openGrants == [Sample.owner: 1])
    #expect(digest.identityCenterGrants == [Sample.owner: 1])
  }
}
