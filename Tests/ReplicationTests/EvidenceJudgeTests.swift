import AWSAccess
import CanonicalJSON
import MeshModel
import TestSupport
import Testing

@testable import Replication

@Suite struct EvidenceJudgeTests {
  private static let now = 1_790_100_000.0

  /// A product with an enabled rule, about which nothing is known yet.
  private func evidence(_ rule: JSON = ProductFoldTests.rule()) -> ProductEvidence {
    var facts = BucketFacts(name: "lake")
    facts.region = "us-east-1"
    facts.rules = ReplicationRule.all(in: ["Rules": [rule]])
    var fold = ProductFold(buckets: ["lake": facts], overrides: [:], secondary: "eu-west-1")
    fold.add(table: "a.b", at: "s3://lake/x", account: "1")
    return ProductEvidence(fold.result.products[0])
  }

  private func judged(_ evidence: ProductEvidence) -> RPOResult.Product {
    EvidenceJudge(objective: 900, now: Self.now).judged(evidence)
  }

  private func tally(_ objects: Int, pendingFor ages: [Double] = [], whole: Bool = true)
    -> ListingTally
  {
    var tally = ListingTally()
    tally.objects = objects
    tally.same = objects - ages.count
    tally.isWhole = whole
    for (index, age) in ages.enumerated() {
      tally.add(
        PendingObject(
          key: "x/\(index)", etag: "e", size: 5, modified: Self.now - age, kind: .missing))
    }
    return tally
  }

  private func metrics(_ latency: Double, ago: Double = 60, failed: Double = 0) -> RuleMetrics {
    var metrics = RuleMetrics()
    metrics.latencies = [Self.now - ago: latency, Self.now - ago - 60: 5]
    metrics.failed = failed
    metrics.regions = ["eu-west-1"]
    return metrics
  }

  @Test func withoutAnyEvidenceNothingIsKnown() {
    let product = judged(evidence())
    #expect(
      product.status == .unknown && product.lagSeconds == nil && product.pendingObjects == nil)
  }

  @Test func aWholeComparisonDecides() {
    var evidence = evidence()
    evidence.tally = tally(100)
    #expect(judged(evidence).status == .ok && judged(evidence).lagSeconds == 0)
    evidence.tally = tally(100_000, pendingFor: [1200])
    let product = judged(evidence)
    #expect(product.status == .breach && product.lagSeconds == 1200 && product.pendingObjects == 1)
    #expect(product.oldestPending == "s3://lake/x/0")
    evidence.tally = tally(100, pendingFor: [30, 20])
    #expect(judged(evidence).status == .ok && judged(evidence).lagSeconds == 30)
  }

  @Test func whatHasArrivedSinceTheListingIsNotCounted() {
    var evidence = evidence()
    evidence.tally = tally(100, pendingFor: [5000, 40])
    var check = PendingCheck()
    check.settled = 1
    check.pending = [
      .init(key: "x/1", size: 5, modified: Self.now - 40, status: "PENDING", isAsked: true)
    ]
    evidence.check = check
    let product = judged(evidence)
    #expect(product.status == .ok && product.lagSeconds == 40 && product.pendingObjects == 1)
    #expect(product.oldestPending == "s3://lake/x/1")
  }

  @Test func aSampleNeedsMetricsToPass() {
    var evidence = evidence()
    evidence.tally = tally(10_000, whole: false)
    #expect(judged(evidence).status == .unknown && judged(evidence).lagSeconds == nil)
    evidence.metrics = metrics(20)
    #expect(judged(evidence).status == .ok && judged(evidence).lagSeconds == 20)
    evidence.metrics = metrics(20, failed: 3)
    #expect(judged(evidence).status == .unknown)
    evidence.metrics = metrics(20, ago: 7200)
    #expect(judged(evidence).status == .unknown)
    evidence.metrics = metrics(2000)
    #expect(judged(evidence).status == .breach && judged(evidence).lagSeconds == 2000)
    evidence.metrics = nil
    evidence.tally = tally(10_000, pendingFor: [1000], whole: false)
    #expect(judged(evidence).status == .breach)
  }

  @Test func aDisabledRuleNeverPasses() {
    var evidence = evidence(ProductFoldTests.rule(status: "Disabled"))
    evidence.tally = tally(100)
    #expect(judged(evidence).status == .unknown)
    evidence.tally = tally(100, pendingFor: [5000])
    #expect(judged(evidence).status == .breach)
  }

  @Test func disagreementsAreNamed() {
    var evidence = evidence()
    evidence.tally = tally(100, pendingFor: [5000])
    evidence.metrics = metrics(3)
    #expect(judged(evidence).disagreements.count == 1 && judged(evidence).status == .breach)
    evidence.tally = tally(100)
    evidence.metrics = metrics(4000, failed: 2)
    #expect(judged(evidence).disagreements.count == 2 && judged(evidence).status == .ok)
  }

  @Test func statusesAgeAndCauseFindings() {
    var evidence = evidence()
    evidence.tally = tally(100, pendingFor: [100, 90, 80])
    var check = PendingCheck()
    for (age, status) in [(100.0, "FAILED"), (90, nil), (80, "COMPLETED")] as [(Double, String?)] {
      check.pending.append(
        .init(key: "x/\(age)", size: 5, modified: Self.now - age, status: status, isAsked: true))
    }
    evidence.check = check
    let codes = Set(EvidenceJudge.findings(evidence).map(\.code))
    #expect(codes == ["failed-objects", "existing-objects", "replica-changed"])
    #expect(judged(evidence).disagreements.count == 1)
  }

  @Test func afterTheLossNothingPasses() {
    var evidence = evidence()
    evidence.sourceLost = true
    #expect(judged(evidence).status == .unknown)
    var earlier = RPOResult.Product(location: "s3://lake/", replica: "s3://lake-eu/")
    earlier.status = .ok
    earlier.lagSeconds = 10
    evidence.earlier = (earlier, Self.now - 300)
    #expect(judged(evidence).status == .unknown && judged(evidence).lagSeconds == 310)
    evidence.earlier = (earlier, Self.now - 3600)
    #expect(judged(evidence).status == .breach && judged(evidence).lagSeconds == 3610)
    evidence.metrics = metrics(20, ago: 100)
    #expect(judged(evidence).status == .unknown && judged(evidence).lagSeconds == 120)
  }

  @Test func aCanaryThatIsLateIsNoPass() {
    var evidence = evidence()
    evidence.tally = tally(100)
    evidence.canary = .arrived(seconds: 12)
    #expect(judged(evidence).status == .ok && judged(evidence).lagSeconds == 12)
    evidence.canary = .late(seconds: 60)
    #expect(judged(evidence).status == .unknown)
    evidence.canary = .late(seconds: 901)
    #expect(judged(evidence).status == .breach)
  }
}

@Suite struct MetricsQueryTests {
  @Test func fiveHundredMetricsACallAndPagesArePutTogether() async throws {
    let sender = ScriptedSender([
      "GetMetricData": { input in
        let ids = (input["MetricDataQueries"]?.array ?? []).compactMap { $0["Id"]?.string }
        let isSecond = input["NextToken"] != nil
        let results = ids.map { id -> JSON in
          let isLatency = id.hasSuffix("n0")
          return [
            "Id": .string(id), "StatusCode": "Complete",
            "Timestamps": isLatency ? [JSON(isSecond ? 1060 : 1000)] : [],
            "Values": isLatency ? [JSON(isSecond ? 9 : 4)] : [],
          ]
        }
        var answer: JSON = ["MetricDataResults": .array(results)]
        if !isSecond { answer["NextToken"] = "more" }
        return answer
      }
    ])
    let subjects = (0..<130).map { MetricSubject(source: "s\($0)", destination: "d", rule: "r") }
    let found = try await MetricsQuery(sender.site().client, window: 0...2000).metrics(of: subjects)
    #expect(found.count == 130)
    #expect(found[subjects[129]]?.newest?.latency == 9 && found[subjects[129]]?.worst == 9)
    #expect(found[subjects[0]]?.percentile(0.5) == 4)
    let sizes = sender.inputs(of: "GetMetricData").map { $0["MetricDataQueries"]?.array?.count }
    #expect(sizes == [500, 500, 20, 20])
  }

  @Test func aMetricThatCouldNotBeGivenIsAnError() async {
    let sender = ScriptedSender([
      "GetMetricData": { _ in
        ["MetricDataResults": [["Id": "m0n0", "StatusCode": "InternalError", "Values": []]]]
      }
    ])
    await #expect(throws: AWSFailure.self) {
      try await MetricsQuery(sender.site().client, window: 0...1)
        .metrics(of: [MetricSubject(source: "s", destination: "d", rule: "r")])
    }
  }
}
