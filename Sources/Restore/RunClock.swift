import MeshModel

/// Time as a run sees it, injected so that tests have their own.
public struct RunClock: Sendable {
  /// Seconds since the run began, or since the outage did where that is known.
  public let seconds: @Sendable () -> Double
  /// The time of day, RFC 3339 in UTC.
  public let now: @Sendable () -> String
  /// What `seconds` was when the run began: how long it took until somebody started it.
  public private(set) var began = 0.0

  public init(seconds: @escaping @Sendable () -> Double, now: @escaping @Sendable () -> String) {
    self.seconds = seconds
    self.now = now
  }

  /// The same clock, begun earlier.
  public func begun(after passed: Double) -> RunClock {
    let seconds = seconds
    var clock = RunClock(seconds: { seconds() + passed }, now: now)
    clock.began = passed
    return clock
  }
}

/// When what was under way, by account and phase.
struct Timeline {
  private var intervals: [String: [(start: Double, end: Double)]] = [:]
  private var spans: [[String]: RestoreResult.Span] = [:]
  private var actions: [String: Int] = [:]

  /// Adds a stretch of a phase; `account` is empty for what concerns all.
  mutating func add(
    account: String = "", phase: String, start: Double, end: Double, actions count: Int = 0
  ) {
    intervals[phase, default: []].append((start, end))
    actions[phase, default: 0] += count
    let fresh = RestoreResult.Span(
      account: account, phase: phase, start: start, end: end, actions: 0)
    var span = spans[[account, phase]] ?? fresh
    span.start = min(span.start, start)
    span.end = max(span.end, end)
    span.actions += count
    spans[[account, phase]] = span
  }

  mutating func add(account: String, phase: Phase, start: Double, end: Double, actions: Int) {
    add(account: account, phase: phase.rawValue, start: start, end: end, actions: actions)
  }

  mutating func add(_ other: Timeline) {
    intervals.merge(other.intervals) { $0 + $1 }
    actions.merge(other.actions) { $0 + $1 }
    spans.merge(other.spans) { first, _ in first }
  }

  /// Spans in the order in which they began.
  var allSpans: [RestoreResult.Span] {
    spans.values.sorted { ($0.start, $0.account, $0.phase) < ($1.start, $1.account, $1.phase) }
  }

  /// For each phase, how long something of it was under way.
  var phases: [RestoreResult.PhaseTime] {
    let first = intervals.mapValues { $0.map(\.start).min() ?? 0 }
    return intervals.keys.sorted { (first[$0] ?? 0, $0) < (first[$1] ?? 0, $1) }.map { name in
      RestoreResult.PhaseTime(
        name: name, seconds: Self.covered(intervals[name] ?? []), actions: actions[name] ?? 0)
    }
  }

  /// The length of the union of some intervals.
  static func covered(_ intervals: [(start: Double, end: Double)]) -> Double {
    var total = 0.0
    var reached = -Double.infinity
    for interval in intervals.sorted(by: { $0.start < $1.start }) {
      total += max(0, interval.end - max(interval.start, reached))
      reached = max(reached, interval.end)
    }
    return total
  }
}
