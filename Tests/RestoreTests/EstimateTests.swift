import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import ServiceSnapshot
import Testing

@testable import Restore

/// How long a restore takes where what each account allows is known: the truth is worked out by hand.
@Suite struct EstimateTests {
  private typealias Step = RecoverySimulation.Step

  private func step(
    _ account: String, _ operation: String, _ calls: Int, after: [Int] = [], inFlight: Int = .max
  ) -> Step {
    var step = Step(
      account: account, service: "glue", operation: operation, phase: operation, calls: calls,
      records: calls * 100, inFlight: inFlight)
    step.after = after
    return step
  }

  private func simulation(
    _ steps: [Step], rate: Double, latency: Double = 0, concurrency: Int = 32
  ) -> RecoverySimulation {
    RecoverySimulation(steps, concurrency: concurrency) { _ in
      .init(callsPerSecond: rate, latency: latency)
    }
  }

  @Test(arguments: [0.5, 1, 20, 250]) func oneAccountTakesItsCallsByItsRate(rate: Double) {
    #expect(simulation([step("a", "x", 1000)], rate: rate).seconds == 1000 / rate)
    // However the calls are shared out among databases.
    let parts = (0..<10).map { _ in step("a", "x", 100) }
    #expect(abs(simulation(parts, rate: rate).seconds - 1000 / rate) < 1e-6)
  }

  @Test func accountsAreBesideOneAnother() {
    let steps = (1...50).map { step("account \($0)", "x", $0 * 10) }
    let found = simulation(steps, rate: 10)
    #expect(found.seconds == 50)
    #expect(found.criticalPath.map { found.steps[$0].account } == ["account 50"])
  }

  @Test func operationsOfOneAccountAreBesideOneAnother() {
    #expect(simulation([step("a", "x", 100), step("a", "y", 40)], rate: 10).seconds == 10)
  }

  /// The longest way through what waits for what, not the longest step.
  @Test func theCriticalPathGoesThroughWhatWaits() {
    let steps = [
      step("a", "databases", 10), step("a", "tables", 30, after: [0]), step("a", "other", 55),
      step("a", "partitions", 20, after: [1]), step("b", "grants", 5, after: [3]),
    ]
    let found = simulation(steps, rate: 10)
    #expect(found.seconds == 6.5)
    #expect(found.criticalPath == [0, 1, 3, 4])
    #expect(found.spans.map(\.start) == [0, 1, 0, 4, 6])
  }

  /// While an account's lane is busy, what is ready later waits for it, and the path says so.
  @Test func whatIsReadyLaterWaitsForItsTurn() {
    let steps = [step("a", "x", 50), step("a", "y", 20), step("a", "x", 10, after: [1])]
    let found = simulation(steps, rate: 10)
    #expect(found.spans[2].start == 5)
    #expect(found.seconds == 6)
    #expect(found.criticalPath == [0, 2])
  }

  @Test func callsThatMustFollowOneAnotherTakeTheirLatencies() {
    let one = simulation([step("a", "x", 100, inFlight: 1)], rate: 1000, latency: 0.5)
    #expect(one.seconds == 50.5)
    let four = simulation([step("a", "x", 100, inFlight: 4)], rate: 1000, latency: 0.5)
    #expect(four.seconds == 13)
  }

  /// Many accounts together can't have more calls under way than there may be.
  @Test func concurrencyBoundsAllTogether() {
    let steps = (1...64).map { step("\($0)", "x", 100) }
    let found = simulation(steps, rate: 1000, latency: 0.1, concurrency: 32)
    #expect(abs(found.connectionSeconds - 20) < 1e-9)
    #expect(found.seconds < 20)
  }

  @Test func nothingTakesNoTime() {
    #expect(simulation([], rate: 1).seconds == 0)
    #expect(simulation([], rate: 1).criticalPath.isEmpty)
  }

  /// Against a clock that goes on in small steps, and lets out one call whenever there is leave.
  @Test(arguments: 1...20) func agreesWithTheClockTickedOut(seed: UInt64) {
    var chance = Chance(seed)
    let steps = (0..<12).map { index -> Step in
      let after = (0..<index).filter { _ in chance.draw(4) == 0 }
      return step(
        "\(chance.draw(3))", "\(chance.draw(2))", 1 + chance.draw(30), after: after)
    }
    // Eighths are exact.
    #expect(simulation(steps, rate: 8).seconds == ticked(steps, rate: 8))
  }

  /// Another way to the same: one call of each lane at a time.
  private func ticked(_ steps: [Step], rate: Double) -> Double {
    var left = steps.map(\.calls)
    var ready: [Int?] = steps.map { $0.after.isEmpty ? 0 : nil }
    var tick = 0
    while left.contains(where: { $0 > 0 }) {
      var lanes: [String: Int] = [:]
      for index in steps.indices where left[index] > 0 {
        guard let since = ready[index] else { continue }
        let lane = steps[index].account + "/" + steps[index].operation
        let before = lanes[lane].flatMap { ready[$0] } ?? .max
        if since < before { lanes[lane] = index }
      }
      for index in lanes.values { left[index] -= 1 }
      tick += 1
      for index in steps.indices where ready[index] == nil {
        if steps[index].after.allSatisfy({ left[$0] == 0 }) { ready[index] = tick }
      }
    }
    return Double(tick) / rate
  }
}

/// Draws numbers, the same for the same seed.
private struct Chance {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func draw(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}

/// From counts to an estimate that says what bounds it.
@Suite struct WorkloadTests {
  private let kinds =
    catalogKinds() + grantKinds
  private let hub = "111111111111"
  private let user = "222222222222"

  private func workload(
    partitions: Int, shares: [(owner: String, user: String)] = []
  ) -> Workload {
    Workload(
      [
        .init(account: hub, database: nil, kinds: [.settings: 1, .grant: 45, .lfTag: 3]),
        .init(
          account: hub, database: "sales",
          kinds: [.database: 1, .table: 2, .partition: partitions, .partitionIndex: 2]),
        .init(account: user, database: nil, kinds: [.settings: 1, .grant: 20, .sharePolicy: 9]),
      ], kinds: kinds, order: [hub, user], shares: shares)
  }

  private func estimate(
    _ workload: Workload, _ given: [String: Double], concurrency: Int = 1_000_000
  ) -> RecoveryEstimate {
    let nothing = RecoveryEstimator.Stretch(seconds: 0, evidence: "nothing")
    return RecoveryEstimator(
      workload, rates: RateBook(given: given, latency: 0), concurrency: concurrency, look: nothing,
      plan: nothing, verify: .init(seconds: 7, evidence: "a test")
    ).estimate(
      RecoveryEstimate(mesh: "m", snapshot: "s", region: "r", objectiveSeconds: 100))
  }

  @Test func callsAreBatchesAndCompanionsAreFree() {
    let steps = workload(partitions: 100_000).steps
    let calls = Dictionary(grouping: steps.filter { $0.account == hub }, by: \.operation).mapValues
    {
      $0.map(\.calls).reduce(0, +)
    }
    #expect(
      calls == [
        "PutDataLakeSettings": 2, "CreateLFTag": 3, "CreateDatabase": 1, "CreateTable": 2,
        "BatchCreatePartition": 1000, "BatchGrantPermissions": 3,
      ])
    #expect(!steps.contains { $0.operation.contains("share") })
    for (index, step) in steps.enumerated() {
      #expect(step.after.allSatisfy { $0 < index })
    }
  }

  /// 100,000 partitions in batches of 100, at R batches a second in one account: 1000/R seconds.
  @Test(arguments: [2.0, 8, 25]) func partitionsBoundWhereTheyAreMany(rate: Double) throws {
    let found = estimate(
      workload(partitions: 100_000),
      ["glue": 1e9, "lakeformation": 1e9, "BatchCreatePartition": rate])
    #expect(abs(found.seconds - (1000 / rate + 7)) < 0.01)
    let bound = try #require(found.bound)
    #expect(bound.account == hub && bound.service == "glue")
    #expect(bound.operation == "BatchCreatePartition")
    #expect(abs(bound.seconds - 1000 / rate) < 0.01)
    #expect(abs(bound.withTwiceTheRate - (500 / rate + 7)) < 0.01)
    #expect(found.met == (1000 / rate + 7 <= 100))
    #expect(
      found.rates.filter { $0.operation == "BatchCreatePartition" }.map(\.source) == [.given])
  }

  /// Grants of whom an owner shares with come after the owner's.
  @Test func whoIsSharedWithWaitsForTheOwner() {
    let rates = ["glue": 1e9, "lakeformation": 1e9, "BatchGrantPermissions": 1.0]
    let apart = estimate(workload(partitions: 10), rates)
    let shared = estimate(workload(partitions: 10, shares: [(hub, user)]), rates)
    #expect(abs(apart.seconds - (3 + 7)) < 0.01)
    #expect(abs(shared.seconds - (3 + 1 + 7)) < 0.01)
    #expect(shared.criticalPath.map(\.account).contains(user))
  }

  @Test func verifyingCanBeTheBound() throws {
    let found = estimate(workload(partitions: 10), ["glue": 1e9, "lakeformation": 1e9])
    let bound = try #require(found.bound)
    #expect(bound.operation == "verify" && bound.account.isEmpty)
    #expect(abs(bound.withTwiceTheRate - 3.5) < 0.01)
  }

  @Test func nothingToDoHasNoBound() {
    let empty = Workload([], kinds: kinds, order: [], shares: [])
    #expect(estimate(empty, [:]).bound == nil)
  }

  /// What an account was seen to do is what it is reckoned to do again; of what was never seen, it is
  /// said that it is assumed.
  @Test func ratesAreLearnedFromRuns() throws {
    var run = RestoreResult(
      command: "restore", mesh: "m", snapshot: "s", region: "r",
      rto: .init(objectiveSeconds: 1, seconds: 1, phases: []))
    run.run = "restore-1"
    run.timeline = [
      .init(account: hub, phase: "partitions", start: 10, end: 60, actions: 50_000),
      .init(account: user, phase: "partitions", start: 10, end: 11, actions: 900),
      .init(account: hub, phase: "tables", start: 0, end: 0.2, actions: 30),
    ]
    var book = RateBook(latency: 0)
    book.learn(from: run)
    let steps = workload(partitions: 100_000).steps
    let partitions = try #require(steps.first { $0.operation == "BatchCreatePartition" })
    let found = book.rate(of: partitions)
    #expect(found.source == .learned && found.rate.callsPerSecond == 10)
    #expect(found.evidence.contains("restore-1") && found.evidence.contains("50000 in 50 s"))
    let tables = try #require(steps.first { $0.operation == "CreateTable" })
    #expect(book.rate(of: tables).source == .assumed)
    book.given["CreateTable"] = 3
    #expect(book.rate(of: tables).source == .given)
  }
}
