import MeshModel

/// How many calls a second an account allows of each operation: as somebody says, as earlier runs
/// were seen to do, or else as assumed.
public struct RateBook: Sendable {
  public typealias Source = RecoveryEstimate.Rate.Source

  /// Assumed where nothing is known. AWS does not publish its limits; with so many a second a restore
  /// begins before it has learned any.
  public static let assumedCalls = 20.0
  /// How long a call is assumed to take. Seconds.
  public static let assumedLatency = 0.06
  /// What an account did in less than so many seconds, or in fewer calls, tells nothing of a limit.
  static let least = (seconds: 1.0, calls: 20)

  /// Calls a second by operation, `BatchCreatePartition`, or service, `glue`.
  public var given: [String: Double]
  /// Nil where nobody said.
  public var latency: Double?

  private struct Learned {
    let recordsPerSecond: Double
    let evidence: String
  }
  private var learned: [String: Learned] = [:]

  public init(given: [String: Double] = [:], latency: Double? = nil) {
    self.given = given
    self.latency = latency
  }

  /// Learns from a run how many records a second the account got done that had most to do of each phase.
  /// What is known already stays: the newest run is told first.
  public mutating func learn(from run: RestoreResult) {
    for (phase, spans) in Dictionary(grouping: run.timeline, by: \.phase)
    where learned[phase] == nil {
      let most = spans.filter { !$0.account.isEmpty }.max { $0.actions < $1.actions }
      guard let most, most.actions >= Self.least.calls, most.end - most.start >= Self.least.seconds
      else { continue }
      let seconds = most.end - most.start
      let name = run.accounts[most.account] ?? most.account
      learned[phase] = Learned(
        recordsPerSecond: Double(most.actions) / seconds,
        evidence: "\(run.run): \(name) did \(most.actions) in \(Int(seconds.rounded())) s")
    }
  }

  /// The rate of a step, where it is from, and what says so.
  public func rate(
    of step: RecoverySimulation.Step
  ) -> (rate: RecoverySimulation.Rate, source: Source, evidence: String) {
    let latency = latency ?? Self.assumedLatency
    for name in [step.operation, step.service] {
      guard let calls = given[name] else { continue }
      return (.init(callsPerSecond: calls, latency: latency), .given, "--rate \(name)")
    }
    if let known = learned[step.phase], step.records > 0 {
      let perCall = Double(step.records) / Double(step.calls)
      // What was seen has the time of the calls in it.
      let rate = RecoverySimulation.Rate(
        callsPerSecond: known.recordsPerSecond / perCall, latency: 0)
      return (rate, .learned, known.evidence)
    }
    return (
      .init(callsPerSecond: Self.assumedCalls, latency: latency), .assumed,
      "AWS does not publish it"
    )
  }
}
