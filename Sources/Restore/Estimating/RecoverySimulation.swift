/// Works out how long a restore takes when each account allows so many calls a second of each
/// operation, and steps wait for one another. Pure: no clock, no calls, the same answer every time.
///
/// Calls of one operation in one account go out in the order in which their steps could begin, at the
/// rate that is allowed, as those of a restore do behind their pacer; accounts and operations are
/// beside one another.
public struct RecoverySimulation: Sendable {
  /// Calls of one operation in one account, which all wait for the same.
  public struct Step: Sendable, Hashable {
    public var account: String
    /// `glue`.
    public var service: String
    /// `BatchCreatePartition`.
    public var operation: String
    /// The stretch of the recovery time to which it belongs.
    public var phase: String
    public var calls: Int
    public var records: Int
    /// How many of the calls may be under way at once; AWS refuses some beside one another.
    public var inFlight: Int
    /// The steps that must have ended before, by their places. Each place is before the step's own.
    public var after: [Int] = []

    public init(
      account: String, service: String, operation: String, phase: String, calls: Int, records: Int,
      inFlight: Int = .max
    ) {
      self.account = account
      self.service = service
      self.operation = operation
      self.phase = phase
      self.calls = calls
      self.records = records
      self.inFlight = inFlight
    }
  }

  /// How fast calls of one operation go.
  public struct Rate: Sendable, Hashable {
    /// In one account. More than zero.
    public var callsPerSecond: Double
    /// How long one call takes. Seconds.
    public var latency: Double

    public init(callsPerSecond: Double, latency: Double) {
      self.callsPerSecond = callsPerSecond
      self.latency = latency
    }
  }

  /// When a step is under way. Seconds since the simulation began.
  public struct Span: Sendable, Hashable {
    public var start: Double
    public var end: Double
    /// The step whose end let it begin; nil where nothing did.
    public var cause: Int?
  }

  public let steps: [Step]
  public private(set) var spans: [Span]
  /// When the last step has ended. Seconds.
  public private(set) var seconds = 0.0
  /// How long all calls take with as many of them at once as there may be; the simulation can't end
  /// before. Seconds.
  public let connectionSeconds: Double

  /// - Parameters:
  ///   - steps: each after those that it waits for.
  ///   - concurrency: how many calls may be under way at once in all.
  ///   - rate: how fast a step's calls may go.
  public init(_ steps: [Step], concurrency: Int, rate: (Step) -> Rate) {
    self.steps = steps
    spans = Array(repeating: Span(start: 0, end: 0, cause: nil), count: steps.count)
    let rates = steps.map(rate)
    connectionSeconds =
      zip(steps, rates).reduce(0) { $0 + Double($1.0.calls) * $1.1.latency }
      / Double(max(1, concurrency))
    simulate(rates, concurrency)
  }

  /// What calls of one operation in one account share.
  private struct Lane: Hashable {
    let account: String
    let service: String
    let operation: String
  }

  private mutating func simulate(_ rates: [Rate], _ concurrency: Int) {
    var waitsFor = steps.map(\.after.count)
    var dependents: [[Int]] = Array(repeating: [], count: steps.count)
    for (index, step) in steps.enumerated() {
      for other in step.after { dependents[other].append(index) }
    }
    var ready = EarliestFirst()
    for index in steps.indices where waitsFor[index] == 0 { ready.push(index, at: 0) }
    var free: [Lane: (at: Double, by: Int)] = [:]
    while let (index, time) = ready.pop() {
      let step = steps[index]
      let lane = Lane(account: step.account, service: step.service, operation: step.operation)
      if let busy = free[lane], busy.at > time {
        spans[index].start = busy.at
        spans[index].cause = busy.by
      } else {
        spans[index].start = time
        spans[index].cause = step.after.max { spans[$0].end < spans[$1].end }
      }
      let rate = rates[index]
      let sent = spans[index].start + Self.seconds(step, rate, concurrency)
      spans[index].end = step.calls == 0 ? spans[index].start : sent + rate.latency
      if step.calls > 0 { free[lane] = (sent, index) }
      seconds = max(seconds, spans[index].end)
      for dependent in dependents[index] {
        waitsFor[dependent] -= 1
        guard waitsFor[dependent] == 0 else { continue }
        ready.push(dependent, at: steps[dependent].after.map { spans[$0].end }.max() ?? 0)
      }
    }
  }

  /// How long a step keeps its lane busy.
  private static func seconds(_ step: Step, _ rate: Rate, _ concurrency: Int) -> Double {
    let atOnce = Double(max(1, min(step.inFlight, concurrency)))
    let byLatency = rate.latency > 0 ? atOnce / rate.latency : .infinity
    return Double(step.calls) / min(rate.callsPerSecond, byLatency)
  }

  /// The steps on which the end hung, oldest first: each could begin when the one before let it.
  public var criticalPath: [Int] {
    guard var index = spans.indices.max(by: { spans[$0].end < spans[$1].end }) else { return [] }
    var path = [index]
    while let cause = spans[index].cause {
      path.append(cause)
      index = cause
    }
    return path.reversed()
  }
}

/// Steps by the time at which they can begin; of those of one time, the first.
private struct EarliestFirst {
  private var heap: [(time: Double, step: Int)] = []

  mutating func push(_ step: Int, at time: Double) {
    heap.append((time, step))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isBefore(child, parent) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> (step: Int, time: Double)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return (first.step, first.time) }
    heap[0] = last
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
      guard let least = children.min(by: isBefore), isBefore(least, parent) else { break }
      heap.swapAt(least, parent)
      parent = least
    }
    return (first.step, first.time)
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    heap[left] < heap[right]
  }
}
