import CanonicalJSON
import Foundation
import MeshModel
import Replication
import SnapshotStore
import TableFormats
import TestSupport
import Testing

@testable import Operations

/// Tables that name their own files, looked for in buckets in memory.
@Suite struct TableSurveyTests {
  private let s3 = BucketsInMemory()

  /// A fixture's objects in the replica of its bucket, and its entry in the catalog.
  private func table(_ fixture: String) throws -> FormatTable {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TableFormatsTests/Fixtures/\(fixture)")
    let about = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "objects.json"))))
    let root = try #require(about["root"]?.string)
    let place = try #require(S3Location(root))
    var objects: [String: BucketsInMemory.Object] = [:]
    for (name, size) in about["sizes"]?.object ?? [:] {
      let bytes = try? [UInt8](Data(contentsOf: folder.appending(path: name)))
      objects["\(place.rest.dropFirst())/\(name)"] = .init(
        size: size.integer ?? 0, modified: 1_790_000_000, version: "v", bytes: bytes)
    }
    s3.put(place.bucket + "-eu", objects)
    var parameters: JSON = ["table_type": "ICEBERG"]
    if let metadata = about["metadata"]?.string {
      parameters["metadata_location"] = .string(
        metadata.hasPrefix("s3") ? metadata : "\(root)/\(metadata)")
    } else {
      parameters = ["spark.sql.sources.provider": "delta"]
    }
    let key = RecordKey(account: "111111111111", kind: .table, path: ["sales", "orders"])
    let entry: JSON = ["Parameters": parameters, "StorageDescriptor": ["Location": .string(root)]]
    return try #require(FormatTable(key, entry))
  }

  private func survey(now: Double = 1_790_000_000, hasReplica: Bool = true) -> TableSurvey {
    let site = s3.client(region: "eu-west-1")
    return TableSurvey(
      place: { _, bucket, _ in hasReplica ? BucketSite(site, bucket: bucket + "-eu") : nil },
      replica: { bucket, _ in hasReplica ? bucket + "-eu" : nil }, objective: 900, now: now)
  }

  private func judged(_ table: FormatTable, now: Double = 1_790_000_000) async throws
    -> RPOResult.Table
  {
    try #require(try await survey(now: now).judged([table]).first)
  }

  /// The manifest without which the youngest of the older states is left.
  private func newestManifest(_ table: FormatTable) async throws -> (bucket: String, key: String) {
    let bucket = try #require(S3Location(table.location)).bucket + "-eu"
    var found: [(point: String, key: String)] = []
    for key in s3.keys(bucket) where key.hasSuffix("-m0.avro") {
      let kept = try #require(s3.object(bucket, key))
      s3.remove(bucket, key)
      found.append((try await judged(table).recoveryPoint ?? "", key))
      s3.put(bucket, [key: kept])
    }
    return (bucket, try #require(found.max { $0.point < $1.point }).key)
  }

  @Test(arguments: ["iceberg-v1", "iceberg-v2"])
  func aTableWhoseFilesHaveAllArrivedIsCurrentAndBoundToTheLostBucket(
    fixture: String
  ) async throws {
    let found = try await judged(table(fixture))
    #expect(found.standing == "current" && found.status == .ok && found.lagSeconds == 0)
    #expect(found.name == "sales.orders" && found.format == "iceberg")
    #expect(found.recoveryPoint != nil && found.missingFiles == 0 && found.namesLostBucket)
  }

  @Test func anIcebergTableWhoseLastManifestIsMissingIsBehindByTheAgeOfItsLastCommit() async throws
  {
    let table = try table("iceberg-v1")
    let whole = try await judged(table)
    let (bucket, key) = try await newestManifest(table)
    s3.remove(bucket, key)
    let point = try #require(whole.recoveryPoint.flatMap { UTCTime($0) })
    let committed = Double(point.milliseconds) / 1000
    let late = try await judged(table, now: committed + 1200)
    #expect(late.standing == "behind" && late.status == .breach)
    #expect(late.lagSeconds.map { abs($0 - 1200) < 0.01 } == true)
    #expect(late.missing.contains { $0.hasSuffix(key) } && late.missingFiles == 1)
    #expect(late.state != whole.state && late.recoveryPoint != nil)
    // Within the objective, the loss of the last commit is allowed for.
    #expect(try await judged(table, now: committed + 100).status == .ok)
  }

  @Test func aTableOfWhichNothingHasArrivedIsNoPass() async throws {
    let table = try table("iceberg-v1")
    let place = try #require(S3Location(table.location))
    for key in s3.keys(place.bucket + "-eu") { s3.remove(place.bucket + "-eu", key) }
    let found = try await judged(table)
    #expect(found.standing == "lost" && found.status != .ok && found.state == nil)
  }

  @Test func withoutAReplicaOrARightNothingIsKnown() async throws {
    let table = try table("iceberg-v1")
    let nowhere = try await survey(hasReplica: false).judged([table])
    #expect(nowhere.first?.status == .unknown && nowhere.first?.lagSeconds == nil)
    #expect(nowhere.first?.reasons.first?.contains("no replica") == true)
    let place = try #require(S3Location(table.location))
    s3.deny("GetObject", place.bucket + "-eu")
    let denied = try await judged(table)
    #expect(denied.status == .unknown && denied.reasons.first?.contains("AccessDenied") == true)
  }

  @Test func aDeltaTableIsBehindWhenAFileOfItsLastVersionIsMissing() async throws {
    let table = try table("delta")
    #expect(try await judged(table).standing == "current")
    #expect(try await judged(table).namesLostBucket == false)
    let place = try #require(S3Location(table.location))
    let bucket = place.bucket + "-eu"
    for key in s3.keys(bucket) where key.hasSuffix(".parquet") {
      s3.remove(bucket, key)
    }
    let found = try await judged(table)
    #expect(["behind", "lost"].contains(found.standing) && found.status != .ok)
  }

  @Test func manyFilesAreLookedForInOneListing() async throws {
    var objects: [String: BucketsInMemory.Object] = [:]
    for number in 0..<1500 {
      objects["t/data/\(number)"] = .init(size: number, modified: 1_790_000_000, version: "v")
    }
    s3.put("lake-eu", objects)
    let site = s3.client(region: "eu-west-1")
    let replicas = ReplicaObjects(below: "s3://lake/t") { bucket, _ in
      BucketSite(site, bucket: bucket + "-eu")
    }
    var files = (0..<1000).map {
      FileReference(location: "s3://lake/t/data/\($0)", size: Int64($0))
    }
    files.append(FileReference(location: "s3://lake/t/data/gone", size: 1))
    files.append(FileReference(location: "s3://lake/t/data/7", size: 8))
    files.append(FileReference(location: "s3://lake/elsewhere/7", size: 8))
    let found = try await replicas.presence(of: files)
    #expect(found.prefix(1000).allSatisfy { $0 == .present })
    #expect(found.suffix(3) == [.missing, .differs(size: 7), .missing])
    #expect(s3.calls.filter { $0.hasPrefix("ListObjectsV2") }.count == 2)
    #expect(s3.calls.filter { $0.hasPrefix("HeadObject") } == ["HeadObject lake-eu/elsewhere/7"])
  }

  @Test func aRestoreSaysWhyATableIsNotCalledRestored() async throws {
    let table = try table("iceberg-v1")
    let site = s3.client(region: "eu-west-1")
    let place: ReplicaObjects.Place = { bucket, _ in BucketSite(site, bucket: bucket + "-eu") }
    let whole = try #require(try await table.state(place))
    #expect(RestoredTables.doubt(whole) == nil)
    let (bucket, key) = try await newestManifest(table)
    s3.remove(bucket, key)
    let behind = try #require(try await table.state(place))
    let doubt = try #require(RestoredTables.doubt(behind))
    #expect(doubt.code == "TableNotWhole" && doubt.message.contains(key))
    #expect(doubt.message.contains("is whole: s3://"))
    s3.deny("GetObject", bucket)
    let denied = try #require(try await table.state(place))
    #expect(RestoredTables.doubt(denied)?.code == "TableUnknown")
  }

  @Test func plainTablesLinksAndFederatedOnesNameNoFiles() {
    let key = RecordKey(account: "111111111111", kind: .table, path: ["a", "b"])
    #expect(FormatTable(key, ["StorageDescriptor": ["Location": "s3://lake/t"]]) == nil)
    let iceberg: JSON = ["table_type": "ICEBERG"]
    #expect(FormatTable(key, ["Parameters": iceberg, "TargetTable": [:]]) == nil)
    #expect(FormatTable(key, ["Parameters": iceberg, "FederatedTable": [:]]) == nil)
    #expect(FormatTable(key, ["Parameters": iceberg]) != nil)
  }
}
