import CanonicalJSON
import MeshModel
import TestSupport
import Testing

@testable import Reporting

@Suite struct RPOTextTests {
  static var result: RPOResult {
    var result = RPOResult(
      mesh: "nimbuscart", region: "eu-west-1", started: "2026-11-24T02:00:00.000Z",
      objectiveSeconds: 900)
    result.run = "rpo-20261124T020000Z-00c0ffee"
    result.snapshot = "20261124T010000Z-b98175ca"
    result.seconds = 12.5
    result.catalogAgeSeconds = 3600
    result.products = [ok, late, unknown]
    result.tables = tables
    result.notApplicable = [
      .init(
        location: "jdbc:postgresql://erp/x", tables: ["erp.orders"],
        reason: "its data is behind jdbc:, not in S3")
    ]
    result.findings = [
      Finding(
        .blocker, "rule-disabled", "s3://nimbus-sales-products/",
        "rule “all” is disabled: nothing new is replicated", remedy: "enable it"),
      Finding(
        .note, "delete-markers", "s3://nimbus-sales-products/", "rule “all” replicates none",
        remedy: "set DeleteMarkerReplication to Enabled"),
    ]
    result.warnings = ["a canary could not be removed: s3://x/.meshdr-canary/.1"]
    return result
  }

  private static var ok: RPOResult.Product {
    var product = RPOResult.Product(
      location: "s3://nimbus-finance-products/", replica: "s3://nimbus-finance-products-eu/")
    product.status = .ok
    product.tables = ["finance.a", "finance.b"]
    (product.lagSeconds, product.pendingObjects, product.pendingBytes) = (14.2, 2, 4096)
    (product.compared, product.comparedWhole) = (52_111, true)
    product.evidence = [.init("listing", "all 52111 objects compared: 2 are not in the replica")]
    product.trend = [.init(started: "2026-11-24T01:00:00.000Z", lagSeconds: 9)]
    return product
  }

  private static var late: RPOResult.Product {
    var product = RPOResult.Product(
      location: "s3://nimbus-sales-products/", replica: "s3://nimbus-sales-products-eu/")
    product.status = .breach
    product.tables = (0..<7).map { "sales_curated.table_\($0)" }
    (product.lagSeconds, product.pendingObjects, product.pendingBytes) = (1203, 1, 77)
    (product.compared, product.comparedWhole) = (10_000, false)
    product.oldestPending =
      "s3://nimbus-sales-products/curated/orders/day=2026-11-23/part-1.parquet"
    product.oldestPendingSince = "2026-11-24T01:39:57Z"
    product.evidence = [.init("status", "of the oldest that are missing: 1 PENDING")]
    product.disagreements = ["an object is 20 min late, but ReplicationLatency is 3 s"]
    product.trend = [
      .init(started: "2026-11-24T01:00:00.000Z", lagSeconds: 610),
      .init(started: "2026-11-24T00:00:00.000Z", lagSeconds: nil),
      .init(started: "2026-11-23T23:00:00.000Z", lagSeconds: 5),
    ]
    return product
  }

  private static var tables: [RPOResult.Table] {
    var behind = RPOResult.Table(name: "finance.ledger", account: "5", format: "iceberg")
    (behind.status, behind.standing, behind.lagSeconds) = (.breach, "behind", 1500)
    behind.state = "s3://nimbus-finance-products/ledger/metadata/00001-a.metadata.json"
    behind.recoveryPoint = "2026-11-24T01:20:00.000Z"
    behind.missingFiles = 1
    behind.missing = ["s3://nimbus-finance-products/ledger/metadata/m1.avro"]
    behind.namesLostBucket = true
    var current = RPOResult.Table(name: "finance.rates", account: "5", format: "delta")
    (current.status, current.standing, current.lagSeconds) = (.ok, "current", 0)
    return [behind, current]
  }

  private static var unknown: RPOResult.Product {
    var product = RPOResult.Product(location: "hdfs://namenode/warehouse/x", replica: nil)
    product.tables = ["old.x"]
    product.evidence = [.init("configuration", "hdfs: is not replicated by S3")]
    product.accepted = "it moves to S3 next quarter"
    return product
  }

  @Test(arguments: [60, 100])
  func theResult(width: Int) throws {
    let text = RPOText(style: TextStyle(color: false, width: width), verbose: false)
      .page(Self.result)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    try expectGolden(text + "\n", "rpo-\(width).txt")
  }

  @Test func everyRoundOfWatching() throws {
    let text = RPOText(style: TextStyle(color: false, width: 60), verbose: false)
      .table(Self.result)
    try expectGolden(text + "\n", "rpo-watch-60.txt")
  }

  @Test func figuresForPrometheus() throws {
    try expectGolden(RPOMetricsText.page(Self.result, now: 1_795_485_600), "rpo.prom")
  }

  @Test func theDocumentReadsBackAsWhatWasWritten() throws {
    let result = Self.result
    #expect(try RPOResult(json: JSON(parsing: result.json.canonicalText)) == result)
    #expect(result.worstSeconds == 1500 && !result.met && !result.catalogMet)
  }

  @Test func whatIsUnknownIsNoPass() {
    var result = RPOResult(
      mesh: "m", region: "r", started: "2026-11-24T02:00:00.000Z", objectiveSeconds: 900)
    #expect(!result.met && result.worstSeconds == nil)
    result.catalogAgeSeconds = 10
    #expect(!result.met)
    result.products = [Self.ok]
    #expect(result.met && result.worstSeconds == 14.2)
    var unknown = Self.unknown
    unknown.accepted = nil
    result.products.append(unknown)
    #expect(!result.met && result.worstSeconds == nil)
    // What somebody has accepted does not count, but is no pass of its own.
    result.products = [Self.ok, Self.unknown]
    #expect(result.met && result.worstSeconds == 14.2)
    result.products = [Self.unknown]
    #expect(!result.met)
    result.products = [Self.ok]
    result.tables = Array(Self.tables.dropFirst())
    #expect(result.met)
    result.tables = Self.tables
    #expect(!result.met && result.worstSeconds == 1500)
    result.tables = []
    result.catalogAgeSeconds = nil
    #expect(!result.met)
  }
}
