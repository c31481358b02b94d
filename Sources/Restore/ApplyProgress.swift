import Capture
import MeshModel

/// How far a plan has been carried out, and about how long the rest takes.
///
/// Calls of one sort, which are those of one kind and step in one account, have one limit in AWS. So
/// what a sort has still to do takes as long as its calls took until now, at the pace that was learned
/// for it; accounts go on beside one another.
final class ApplyProgress: Sendable {
  struct Sort: Hashable {
    let account: String
    let kind: String
    let step: Action.Step
  }

  struct Pace {
    var total = 0
    var done = 0
    var first = Double.infinity
    var last = 0.0

    /// Actions a second; nil while nothing is known.
    var rate: Double? { done > 0 && last > first ? Double(done) / (last - first) : nil }
  }

  private struct State {
    var sorts: [Sort: Pace] = [:]
    var done = 0
    var total = 0
  }

  private let observer: any RestoreObserver
  private let clock: RunClock
  private let sortOf: [Sort?]
  private let counts: [Int]
  private let phases: [Phase]
  private let afterwards: Double
  private let state: Guarded<State>

  /// - Parameter afterwards: seconds that pass between the last action and the end.
  init(
    _ graph: ActionGraph, _ observer: any RestoreObserver, _ clock: RunClock,
    afterwards: Double = 0
  ) {
    self.afterwards = afterwards
    self.observer = observer
    self.clock = clock
    sortOf = graph.nodes.map { node in
      node.actions.first.map {
        Sort(account: $0.key.account, kind: $0.key.kindName, step: $0.step)
      }
    }
    counts = graph.nodes.map(\.actions.count)
    phases = graph.nodes.map { $0.actions.first?.phase ?? .settle }
    var state = State()
    for (sort, count) in zip(sortOf, counts) {
      guard let sort else { continue }
      state.sorts[sort, default: Pace()].total += count
      state.total += count
    }
    self.state = Guarded(state)
  }

  /// Nodes were carried out in one call, well or not.
  func ended(_ nodes: [Int], from start: Double, to end: Double) {
    guard let node = nodes.first, let sort = sortOf[node] else { return }
    ended(nodes.reduce(0) { $0 + counts[$1] }, sort, phases[node], start, end)
  }

  /// A part of a bulk node was carried out.
  func ended(_ count: Int, of work: Schedule.Work, from start: Double, to end: Double) {
    guard let node = work.nodes.first, let sort = sortOf[node] else { return }
    ended(count, sort, phases[node], start, end)
  }

  /// Nodes will not be carried out.
  func skipped(_ nodes: [Int]) {
    state.withLock { state in
      for node in nodes {
        guard let sort = sortOf[node] else { continue }
        state.sorts[sort]?.total -= counts[node]
        state.done += counts[node]
      }
    }
  }

  private func ended(_ count: Int, _ sort: Sort, _ phase: Phase, _ start: Double, _ end: Double) {
    let (done, total, left) = state.withLock { state -> (Int, Int, Double?) in
      var pace = state.sorts[sort] ?? Pace()
      pace.done += count
      pace.first = min(pace.first, start)
      pace.last = max(pace.last, end)
      state.sorts[sort] = pace
      state.done += count
      return (state.done, state.total, Self.left(state.sorts))
    }
    observer.progressed(done: done, of: total, phase: phase, left: left.map { $0 + afterwards })
  }

  /// Seconds until the slowest account is done. What has not begun is taken to go as fast as its
  /// like elsewhere, or as the slowest that is known.
  static func left(_ sorts: [Sort: Pace]) -> Double? {
    let rates = sorts.values.compactMap(\.rate)
    guard let slowest = rates.min() else { return nil }
    var likes: [String: Double] = [:]
    for (sort, pace) in sorts {
      if let rate = pace.rate { likes[sort.kind] = min(likes[sort.kind] ?? .infinity, rate) }
    }
    var accounts: [String: Double] = [:]
    for (sort, pace) in sorts where pace.done < pace.total {
      let rate = pace.rate ?? likes[sort.kind] ?? slowest
      accounts[sort.account, default: 0] += Double(pace.total - pace.done) / rate
    }
    return accounts.values.max() ?? 0
  }
}
