import MeshModel

/// Puts an estimate together: what is read before and after, and the simulation of what is done
/// between.
public struct RecoveryEstimator: Sendable {
  /// How long something takes that is no call of a step, and what says so.
  public struct Stretch: Sendable {
    public var seconds: Double
    public var evidence: String

    public init(seconds: Double, evidence: String) {
      self.seconds = seconds
      self.evidence = evidence
    }
  }

  private let workload: Workload
  private let book: RateBook
  private let concurrency: Int
  private let look: Stretch
  private let plan: Stretch
  private let verify: Stretch

  /// - Parameters:
  ///   - look: reading the secondary as it is before.
  ///   - plan: comparing.
  ///   - verify: reading the secondary when all is there, and comparing again.
  ///   - concurrency: how many calls may be under way at once.
  public init(
    _ workload: Workload, rates book: RateBook, concurrency: Int, look: Stretch, plan: Stretch,
    verify: Stretch
  ) {
    self.workload = workload
    self.book = book
    self.concurrency = concurrency
    self.look = look
    self.plan = plan
    self.verify = verify
  }

  /// Fills in everything but the names.
  public func estimate(_ empty: RecoveryEstimate) -> RecoveryEstimate {
    var estimate = empty
    let simulation = simulation { _ in 1 }
    let applied = applySeconds(simulation)
    let began = look.seconds + plan.seconds
    estimate.seconds = began + applied + verify.seconds
    estimate.phases = phases(simulation, from: began, verifiedFrom: began + applied)
    estimate.accounts = accounts(simulation, from: began)
    estimate.criticalPath = criticalPath(simulation, from: began, verifiedFrom: began + applied)
    estimate.bound = bound(estimate, simulation, applied)
    estimate.rates = rates
    estimate.assumptions = assumptions
    return estimate
  }

  private func simulation(_ times: (RecoverySimulation.Step) -> Double) -> RecoverySimulation {
    RecoverySimulation(workload.steps, concurrency: concurrency) { step in
      var rate = book.rate(of: step).rate
      rate.callsPerSecond *= times(step)
      return rate
    }
  }

  private func applySeconds(_ simulation: RecoverySimulation) -> Double {
    max(simulation.seconds, simulation.connectionSeconds)
  }

  // MARK: Parts

  private func phases(
    _ simulation: RecoverySimulation, from began: Double, verifiedFrom end: Double
  ) -> [RestoreResult.PhaseTime] {
    var timeline = Timeline()
    timeline.add(phase: "look", start: 0, end: look.seconds)
    timeline.add(phase: "plan", start: look.seconds, end: began)
    for (step, span) in zip(simulation.steps, simulation.spans) {
      timeline.add(
        account: step.account, phase: step.phase, start: began + span.start, end: began + span.end,
        actions: step.records)
    }
    timeline.add(phase: "verify", start: end, end: end + verify.seconds)
    return timeline.phases
  }

  private func accounts(
    _ simulation: RecoverySimulation, from began: Double
  ) -> [RecoveryEstimate.Account] {
    var accounts: [String: RecoveryEstimate.Account] = [:]
    for (step, span) in zip(simulation.steps, simulation.spans) {
      var account =
        accounts[step.account] ?? .init(id: step.account, records: 0, calls: 0, end: 0)
      account.records += step.records
      account.calls += step.calls
      account.end = max(account.end, began + span.end)
      accounts[step.account] = account
    }
    return accounts.values.sorted { ($1.end, $0.id) < ($0.end, $1.id) }
  }

  private func criticalPath(
    _ simulation: RecoverySimulation, from began: Double, verifiedFrom end: Double
  ) -> [RecoveryEstimate.Stretch] {
    func own(_ name: String, _ start: Double, _ end: Double) -> RecoveryEstimate.Stretch {
      .init(
        account: "", service: "meshdr", operation: name, phase: name, start: start, end: end,
        calls: 0)
    }
    let path = simulation.criticalPath.map { index -> RecoveryEstimate.Stretch in
      let (step, span) = (simulation.steps[index], simulation.spans[index])
      return .init(
        account: step.account, service: step.service, operation: step.operation, phase: step.phase,
        start: began + span.start, end: began + span.end, calls: step.calls)
    }
    return [own("look", 0, look.seconds), own("plan", look.seconds, began)] + Self.joined(path)
      + [own("verify", end, end + verify.seconds)]
  }

  /// Steps of one account and operation that follow one another are one stretch.
  private static func joined(
    _ path: [RecoveryEstimate.Stretch]
  ) -> [RecoveryEstimate.Stretch] {
    path.reduce(into: []) { joined, next in
      if let last = joined.last, last.account == next.account, last.operation == next.operation,
        last.phase == next.phase
      {
        joined[joined.count - 1].end = max(last.end, next.end)
        joined[joined.count - 1].calls += next.calls
      } else {
        joined.append(next)
      }
    }
  }

  private var rates: [RecoveryEstimate.Rate] {
    let byOperation = Dictionary(grouping: workload.steps) { [$0.service, $0.operation] }
    return byOperation.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { _, steps in
      guard let step = steps.max(by: { $0.calls < $1.calls }) else { return nil }
      let found = book.rate(of: step)
      return RecoveryEstimate.Rate(
        service: step.service, operation: step.operation,
        callsPerSecond: found.rate.callsPerSecond, source: found.source, evidence: found.evidence)
    }
  }

  private var assumptions: [String] {
    [
      "The secondary is empty: everything that the snapshot holds has to be created.",
      "Batches are full. Records are counted by database, so many small tables take more calls.",
      "Reading the secondary before: \(look.evidence).",
      "Comparing: \(plan.evidence).",
      "Reading it again to verify: \(verify.evidence).",
    ]
  }
}

// MARK: - What bounds it

extension RecoveryEstimator {
  private func bound(
    _ estimate: RecoveryEstimate, _ simulation: RecoverySimulation, _ applied: Double
  ) -> RecoveryEstimate.Bound? {
    guard !workload.steps.isEmpty else { return nil }
    let around = estimate.seconds - applied
    if simulation.connectionSeconds > simulation.seconds,
      simulation.connectionSeconds >= verify.seconds
    {
      let doubled = max(simulation.seconds, simulation.connectionSeconds / 2)
      return .init(
        account: "", service: "meshdr", operation: "concurrency",
        seconds: simulation.connectionSeconds, withTwiceTheRate: around + doubled)
    }
    var seconds: [RecoveryEstimate.Stretch: Double] = [:]
    for stretch in estimate.criticalPath {
      var lane = stretch
      (lane.phase, lane.start, lane.end, lane.calls) = ("", 0, 0, 0)
      seconds[lane, default: 0] += stretch.seconds
    }
    let names = seconds.keys.sorted { ($0.account, $0.operation) < ($1.account, $1.operation) }
    guard let most = names.max(by: { seconds[$0, default: 0] < seconds[$1, default: 0] }) else {
      return nil
    }
    let took = seconds[most, default: 0]
    let faster =
      most.account.isEmpty
      ? estimate.seconds - took / 2
      : around
        + applySeconds(
          self.simulation { step in
            step.account == most.account && step.service == most.service
              && step.operation == most.operation ? 2 : 1
          })
    return .init(
      account: most.account, service: most.service, operation: most.operation, seconds: took,
      withTwiceTheRate: faster)
  }
}
