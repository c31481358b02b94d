import AWSAccess
import CanonicalJSON
import Foundation
import MeshModel
import TestSupport
import Testing

@testable import Replication

/// S3 Inventory: what it says of objects that a sample does not reach.
@Suite struct InventoryTests {
  private static let now = 1_790_100_000
  private let s3 = BucketsInMemory()

  private func product(at location: String = "s3://lake/sales/orders") throws -> DataProduct {
    var facts = BucketFacts(name: "lake")
    facts.region = "us-east-1"
    facts.rules = ReplicationRule.all(in: ["Rules": [ProductFoldTests.rule()]])
    var fold = ProductFold(buckets: ["lake": facts], overrides: [:], secondary: "eu-west-1")
    fold.add(table: "sales.orders", at: location, account: "1")
    return try #require(fold.result.products.first)
  }

  private func object(ago: Int, _ status: String?) -> BucketsInMemory.Object {
    .init(size: 5, etag: "e", modified: Self.now - ago, version: "v\(ago)", status: status)
  }

  private func configure(format: String = "CSV") {
    let bucket: JSON = [
      "Bucket": "arn:aws:s3:::reports", "Format": .string(format), "Prefix": "inv",
    ]
    s3.setInventories(
      "lake",
      [["Id": "all", "IsEnabled": true, "Destination": ["S3BucketDestination": bucket]]])
    for bucket in ["lake", "reports"] { s3.put(bucket, [:]) }
  }

  private func report(_ rows: [String]) {
    report(gzipped(rows.joined(separator: "\n") + "\n"), format: "CSV")
  }

  private func report(
    _ bytes: [UInt8], format: String, size: Int? = nil, day: String = "2026-11-24T01-00Z"
  ) {
    let folder = "inv/lake/all/"
    let name = folder + "data/1"
    let manifest: JSON = [
      "creationTimestamp": .string("\((Self.now - 40_000) * 1000)"), "fileFormat": .string(format),
      "fileSchema": format == "CSV"
        ? "Bucket, Key, Size, LastModifiedDate, ETag, ReplicationStatus"
        : "message s3.inventory {  required binary bucket (STRING);  required binary key (STRING);}",
      "files": [["key": .string(name), "size": .number("\(size ?? bytes.count)")]],
    ]
    func file(_ bytes: [UInt8]) -> BucketsInMemory.Object {
      .init(modified: Self.now, version: "v", bytes: bytes)
    }
    s3.put(
      "reports",
      [
        name: file(bytes),
        folder + "\(day)/manifest.json": file(manifest.canonicalBytes),
        folder + "\(day)/manifest.checksum": file([0x30]),
      ])
  }

  private func row(_ key: String, ago: Int, _ status: String) -> String {
    let time = Listed.time(Self.now - ago)
    return "\"lake\",\"\(key)\",\"5\",\"\(time)\",\"e\",\"\(status)\""
  }

  private func evidence(_ reports: InventoryReports? = nil) async throws -> InventoryEvidence? {
    let client = s3.client()
    return try await InventoryAsker(
      source: BucketSite(client, bucket: "lake"), replica: BucketSite(client, bucket: "lake-eu"),
      reports: reports ?? InventoryReports([try product()])
    ) { _ in client }.evidence(of: product())
  }

  private func judged(_ inventory: InventoryEvidence?) throws -> RPOResult.Product {
    var evidence = ProductEvidence(try product())
    var tally = ListingTally()
    tally.objects = 10_000
    tally.isWhole = false
    evidence.tally = tally
    evidence.check = PendingCheck()
    evidence.inventory = inventory
    return EvidenceJudge(objective: 900, now: Double(Self.now)).judged(evidence)
  }

  @Test func whatASampleDoesNotReachIsFoundByTheInventory() async throws {
    configure()
    report([
      row("sales/orders/a+b%2Bc", ago: 90_000, "COMPLETED"),
      row("sales/orders/failed%20one", ago: 80_000, "FAILED"),
      row("sales/orders/arrived", ago: 70_000, "PENDING"),
      row("finance/elsewhere", ago: 99_000, "FAILED"),
    ])
    s3.put(
      "lake",
      [
        "sales/orders/a b+c": object(ago: 90_000, "COMPLETED"),
        "sales/orders/failed one": object(ago: 80_000, "FAILED"),
        "sales/orders/arrived": object(ago: 70_000, "COMPLETED"),
      ])
    s3.put(
      "lake-eu",
      [
        "sales/orders/a b+c": object(ago: 90_000, "REPLICA"),
        "sales/orders/arrived": object(ago: 70_000, "REPLICA"),
      ])
    let inventory = try await evidence()
    #expect(inventory?.problem == nil && inventory?.tally?.objects == 3)
    #expect(inventory?.check?.pending.map(\.key) == ["sales/orders/failed one"])
    let found = try judged(inventory)
    #expect(found.status == .breach && found.lagSeconds == 80_000 && found.pendingObjects == 1)
    #expect(found.oldestPending == "s3://lake/sales/orders/failed one")
    let text = found.evidence.first { $0.source == "inventory" }?.text ?? ""
    #expect(text.contains("has 3 objects: 1 PENDING, 1 FAILED"), "\(text)")
  }

  @Test func anInventoryWithoutAFaultIsNoPassByItself() async throws {
    configure()
    report([row("sales/orders/a", ago: 90_000, "COMPLETED")])
    s3.put("lake", ["sales/orders/a": object(ago: 90_000, "COMPLETED")])
    s3.put("lake-eu", ["sales/orders/a": object(ago: 90_000, "REPLICA")])
    let found = try judged(try await evidence())
    #expect(found.status == .unknown)
    #expect(found.evidence.contains { $0.text.contains("all of them replicated") })
  }

  // MARK: - Parquet

  /// A report by pyarrow, with the columns that S3 has: rows for what `parquetObjects` puts.
  private func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: folder.appending(path: "Fixtures/\(name).parquet")))
  }

  private func parquetObjects() {
    configure(format: "Parquet")
    s3.put(
      "lake",
      [
        "sales/orders/a b+c": object(ago: 90_000, "COMPLETED"),
        "sales/orders/failed%20one": object(ago: 80_000, "FAILED"),
        "sales/orders/arrived": object(ago: 70_000, "COMPLETED"),
      ])
    s3.put(
      "lake-eu",
      [
        "sales/orders/a b+c": object(ago: 90_000, "REPLICA"),
        "sales/orders/arrived": object(ago: 70_000, "REPLICA"),
      ])
  }

  /// Keys are not encoded, and neither older versions nor delete markers count.
  @Test(arguments: ["inventory", "inventory-micros"])
  func aReportInParquetSaysTheSame(_ name: String) async throws {
    parquetObjects()
    report(try fixture(name), format: "Parquet")
    let inventory = try await evidence()
    #expect(inventory?.problem == nil && inventory?.tally?.objects == 3, "\(inventory as Any)")
    #expect(inventory?.tally?.statuses == ["COMPLETED": 1, "FAILED": 1, "PENDING": 1])
    #expect(inventory?.check?.pending.map(\.key) == ["sales/orders/failed%20one"])
    let found = try judged(inventory)
    #expect(found.status == .breach && found.lagSeconds == 80_000 && found.pendingObjects == 1)
    #expect(found.oldestPending == "s3://lake/sales/orders/failed%20one")
  }

  @Test func aReportInParquetThatCanNotBeReadIsNamed() async throws {
    parquetObjects()
    let whole = try fixture("inventory")
    for (bytes, size, words) in [
      (Array(whole.dropLast(1)), nil, "no Parquet footer"), (whole, 7, "the manifest says 7"),
      (try fixture("inventory-no-time"), nil, "no last_modified_date"),
      (try fixture("inventory-odd-time"), nil, "last_modified_date is no time"),
    ] as [([UInt8], Int?, String)] {
      report(bytes, format: "Parquet", size: size)
      let inventory = try await evidence()
      #expect(inventory?.tally == nil)
      #expect(inventory?.problem?.contains(words) == true, "\(inventory?.problem ?? "")")
      #expect(try judged(inventory).status == .unknown)
    }
  }

  @Test func ofORCTheManifestIsNamed() async throws {
    configure(format: "ORC")
    report([], format: "ORC")
    let inventory = try await evidence()
    #expect(inventory?.tally == nil)
    #expect(inventory?.problem?.contains("1 files of ORC, which are not read") == true)
  }

  @Test func aReportIsReadOnceForAllProductsOfItsBucket() async throws {
    configure()
    report([
      row("sales/orders/a", ago: 90_000, "COMPLETED"),
      row("sales/returns/b", ago: 80_000, "FAILED"),
    ])
    s3.put("lake", ["sales/orders/a": object(ago: 90_000, "COMPLETED")])
    s3.put("lake-eu", ["sales/orders/a": object(ago: 90_000, "REPLICA")])
    let orders = try product()
    let returns = try product(at: "s3://lake/sales/returns")
    let client = s3.client()
    let asker = InventoryAsker(
      source: BucketSite(client, bucket: "lake"), replica: BucketSite(client, bucket: "lake-eu"),
      reports: InventoryReports([orders, returns])
    ) { _ in client }
    async let first = asker.evidence(of: orders)
    async let second = asker.evidence(of: returns)
    let found = try await [first, second]
    #expect(found.map { $0?.tally?.statuses } == [["COMPLETED": 1], ["FAILED": 1]])
    #expect(s3.calls.filter { $0.hasPrefix("GetObject reports/") }.count == 2)
    #expect(s3.calls.filter { $0.hasPrefix("ListBucketInventory") }.count == 1)
  }

  @Test func withoutAnInventoryNothingIsSaidAndWhatFailsIs() async throws {
    s3.put("lake", [:])
    let nothing = try await evidence()
    #expect(nothing == nil)
    configure()
    #expect(try await evidence()?.problem == "inventory all has no report yet")
    report([row("sales/orders/a", ago: 1, "COMPLETED") + ",\"more\""])
    #expect(try await evidence()?.problem?.contains("7 values, not 6") == true)
    s3.deny("GetObject", "reports")
    #expect(try await evidence()?.problem?.contains("AccessDenied") == true)
    s3.deny("ListBucketInventoryConfigurations", "lake")
    #expect(try await evidence()?.problem?.contains("S3 Inventory can't be read") == true)
  }
}
