import AWSAccess
import CanonicalJSON
import MeshModel
import TestSupport
import Testing

@testable import Replication

/// Source and replica as they are known to be, compared as `meshdr rpo` compares them: listings, then
/// HeadObject, then the verdict.
@Suite struct KnownTruthTests {
  private static let now = 1_790_100_000
  /// Fifteen minutes.
  private static let objective = 900.0

  private let s3 = BucketsInMemory()

  private func object(_ number: Int, ago: Int, _ status: String?) -> BucketsInMemory.Object {
    .init(
      size: 10 + number, etag: "e\(number)", modified: Self.now - ago, version: "v\(number)",
      status: status)
  }

  /// Puts an object into the source, and into the replica where it has arrived.
  private func put(_ key: String, _ number: Int = 1, ago: Int, _ status: String? = "COMPLETED") {
    s3.put("lake", [key: object(number, ago: ago, status)])
    if status == "COMPLETED" { s3.put("lake-eu", [key: object(number, ago: ago, "REPLICA")]) }
  }

  /// So many objects on both sides, two days old.
  private func fill(_ count: Int) {
    var (source, replica): ([String: BucketsInMemory.Object], [String: BucketsInMemory.Object])
    (source, replica) = ([:], [:])
    for number in 0..<count {
      let key = "sales/orders/part-\(1_000_000 + number)"
      source[key] = object(number, ago: 172_800, "COMPLETED")
      replica[key] = object(number, ago: 172_800, "REPLICA")
    }
    s3.put("lake", source)
    s3.put("lake-eu", replica)
  }

  private func product(_ rule: JSON = ProductFoldTests.rule()) throws -> DataProduct {
    var facts = BucketFacts(name: "lake")
    facts.region = "us-east-1"
    facts.rules = ReplicationRule.all(in: ["Rules": [rule]])
    var fold = ProductFold(buckets: ["lake": facts], overrides: [:], secondary: "eu-west-1")
    fold.add(table: "sales.orders", at: "s3://lake/sales/orders", account: "1")
    return try #require(fold.result.products.first)
  }

  private func measured(
    _ product: DataProduct, deep: Bool = true
  ) async throws -> ProductEvidence {
    var evidence = ProductEvidence(product)
    guard let name = product.route.replica else { return evidence }
    let source = BucketSite(s3.client(), bucket: product.route.bucket)
    let replica = BucketSite(s3.client(region: "eu-west-1"), bucket: name)
    let tally = try await ProductComparison(
      source: source, replica: replica, depth: deep ? .whole : .sample, concurrency: 4
    ).tally(of: product)
    evidence.tally = tally
    evidence.check = try await source.check(tally, against: replica)
    return evidence
  }

  private func judged(_ evidence: ProductEvidence) -> RPOResult.Product {
    EvidenceJudge(objective: Self.objective, now: Double(Self.now)).judged(evidence)
  }

  private func codes(_ evidence: ProductEvidence) -> [String] {
    EvidenceJudge.findings(evidence).map(\.code)
  }

  @Test func everythingReplicatedIsMet() async throws {
    fill(2500)
    put("sales/orders/young", ago: 60)
    let evidence = try await measured(product())
    let found = judged(evidence)
    #expect(found.status == .ok && found.lagSeconds == 0 && found.pendingObjects == 0)
    #expect(found.comparedWhole && found.compared == 2501)
    #expect(codes(evidence).isEmpty)
  }

  @Test func oneOfAHundredThousandObjectsPendingForTwentyMinutesIsABreach() async throws {
    fill(99_999)
    put("sales/orders/part-1050000x", ago: 1200, "PENDING")
    let found = judged(try await measured(product()))
    #expect(found.status == .breach && found.lagSeconds == 1200)
    #expect(found.compared == 100_000 && found.pendingObjects == 1 && found.pendingBytes == 11)
    #expect(found.oldestPending == "s3://lake/sales/orders/part-1050000x")
    #expect(found.evidence.contains { $0.source == "status" && $0.text.contains("1 PENDING") })
  }

  @Test func anObjectYoungerThanTheObjectiveIsLagAndNoBreach() async throws {
    fill(10)
    put("sales/orders/new", ago: 100, "PENDING")
    let found = judged(try await measured(product()))
    #expect(found.status == .ok && found.lagSeconds == 100 && found.pendingObjects == 1)
  }

  @Test func aPausedRuleLeavesEverythingSinceThenPending() async throws {
    fill(100)
    for hour in 1...5 { put("sales/orders/hour-\(hour)", hour, ago: hour * 3600, "PENDING") }
    let found = judged(try await measured(product()))
    #expect(found.status == .breach && found.lagSeconds == 5 * 3600 && found.pendingObjects == 5)
    #expect(found.oldestPending == "s3://lake/sales/orders/hour-5")
    // Switched off, it is no pass even when all that was written until now is there.
    for hour in 1...5 { s3.remove("lake", "sales/orders/hour-\(hour)") }
    let off = try product(ProductFoldTests.rule(status: "Disabled"))
    #expect(judged(try await measured(off)).status == .unknown)
  }

  @Test func aSampleWithoutMetricsIsUnknown() async throws {
    fill(12_000)
    put("sales/orders/zzz", ago: 60)
    let found = judged(try await measured(product(), deep: false))
    #expect(found.status == .unknown && found.lagSeconds == nil)
    #expect(!found.comparedWhole && found.compared == 10_000)
    #expect(found.evidence.contains { $0.text.contains("CloudWatch has none") })
  }

  @Test func aPrefixWithoutARuleIsUnknown() async throws {
    put("sales/orders/a", ago: 9000)
    let uncovered = try product(ProductFoldTests.rule(filter: ["Prefix": "finance/"]))
    let found = judged(try await measured(uncovered))
    #expect(found.status == .unknown && found.replica == nil && found.lagSeconds == nil)
    #expect(found.evidence.contains { $0.text.contains("no rule sends it") })
    #expect(s3.calls.isEmpty)
  }

  @Test func aReplicaDeletedByHandIsABreachThatTheSourceDoesNotKnowOf() async throws {
    fill(50)
    put("sales/orders/gone", ago: 7200)
    s3.remove("lake-eu", "sales/orders/gone")
    let evidence = try await measured(product())
    let found = judged(evidence)
    #expect(found.status == .breach && found.lagSeconds == 7200)
    #expect(codes(evidence) == ["replica-changed"] && found.disagreements.count == 1)
  }

  @Test func failedObjectsAreABreachAndCalledSo() async throws {
    fill(50)
    put("sales/orders/failed", ago: 7200, "FAILED")
    let evidence = try await measured(product())
    #expect(judged(evidence).status == .breach && codes(evidence) == ["failed-objects"])
  }

  @Test func objectsOlderThanTheRuleBearNoStatus() async throws {
    fill(5)
    put("sales/orders/before-the-rule", ago: 9_000_000, nil)
    let evidence = try await measured(product())
    #expect(judged(evidence).status == .breach && codes(evidence) == ["existing-objects"])
  }

  @Test func whatTheSourceHasDeletedIsNoExposure() async throws {
    fill(5)
    s3.put("lake-eu", ["sales/orders/deleted": object(7, ago: 9000, "REPLICA")])
    let found = judged(try await measured(product()))
    #expect(
      found.status == .ok && found.evidence.contains { $0.text.contains("no longer in the source") }
    )
  }

  @Test func encryptedAnewOrInOtherPartsIsTheSameObject() async throws {
    fill(5)
    var copy = object(3, ago: 9000, "COMPLETED")
    s3.put("lake", ["sales/orders/kms": copy])
    copy.etag = "another"
    s3.put("lake-eu", ["sales/orders/kms": copy])
    // Copied later: only the version tells.
    copy = object(4, ago: 9000, "COMPLETED")
    s3.put("lake", ["sales/orders/parts": copy])
    copy.etag = "0f343b0931126a20f133d67c2b018a3b-3"
    copy.modified += 50
    s3.put("lake-eu", ["sales/orders/parts": copy])
    let found = judged(try await measured(product()))
    #expect(found.status == .ok && found.pendingObjects == 0, "\(found.evidence)")
    // An older version of the same size has another id.
    copy.version = "older"
    s3.put("lake-eu", ["sales/orders/parts": copy])
    let stale = judged(try await measured(product()))
    #expect(stale.status == .breach && stale.pendingObjects == 1)
  }

  @Test func aReplicaInAnAccountThatCanNotBeEnteredLeavesTheSourcesWord() async throws {
    put("sales/orders/a", ago: 9000)
    put("sales/orders/b", 2, ago: 1300, "PENDING")
    var evidence = ProductEvidence(try product())
    evidence.listingProblems = ["the replica's account 888888888888 can't be entered: AccessDenied"]
    let source = BucketSite(s3.client(), bucket: "lake")
    let youngest = try await source.youngest(of: evidence.product, pages: 1)
    evidence.check = try await source.check(youngest, against: nil)
    // What the source says itself is late is late; without it nothing is known.
    let late = judged(evidence)
    #expect(late.status == .breach && late.lagSeconds == 1300 && late.pendingObjects == nil)
    #expect(late.evidence.contains { $0.text.contains("can't be entered") })
    s3.remove("lake", "sales/orders/b")
    let rest = try await source.youngest(of: evidence.product, pages: 1)
    evidence.check = try await source.check(rest, against: nil)
    #expect(judged(evidence).status == .unknown && judged(evidence).lagSeconds == nil)
  }

  @Test func aBucketThatCanNotBeListedIsNamedWithItsSide() async throws {
    fill(5)
    s3.deny("ListObjectsV2", "lake-eu")
    await #expect(throws: ListingFailure.self) { try await measured(product()) }
    var evidence = ProductEvidence(try product())
    evidence.listingProblems = ["the replica can't be listed: AccessDenied"]
    let found = judged(evidence)
    #expect(found.status == .unknown && found.lagSeconds == nil)
    #expect(found.evidence.contains { $0.text.contains("the replica can't be listed") })
  }
}
