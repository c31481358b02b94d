import MeshModel

/// What the time of applying a plan hung on: from the last action back, each time to the one whose
/// end let it start. Pure.
struct CriticalPath {
  private struct Time {
    var phase: Phase
    var start: Double
    var end: Double
  }

  private let graph: ActionGraph
  private var times: [Int: Time] = [:]
  private var last: Int?

  init(_ graph: ActionGraph) {
    self.graph = graph
  }

  /// Some nodes were carried out together.
  mutating func add(_ nodes: [Int], _ phase: Phase, from start: Double, to end: Double) {
    for node in nodes { times[node] = Time(phase: phase, start: start, end: end) }
    if let node = nodes.first, end >= last.flatMap({ times[$0]?.end }) ?? -.infinity {
      last = node
    }
  }

  /// The path, oldest first, a stretch for each account and phase. What waited for its turn beside
  /// others is a part of the stretch in which it did.
  /// - Parameter released: for each node the one whose end let it start.
  func spans(_ released: [Int?]) -> [RestoreResult.Span] {
    var spans: [RestoreResult.Span] = []
    var next = last
    while let node = next {
      next = released[node]
      guard let time = times[node], let account = graph.nodes[node].actions.first?.key.account
      else { continue }
      let before = next.flatMap { end(of: $0, released) } ?? time.start
      let start = min(before, time.start)
      let count = graph.nodes[node].actions.count
      if var later = spans.last, later.account == account, later.phase == time.phase.rawValue {
        later.start = start
        later.actions += count
        spans[spans.count - 1] = later
      } else {
        spans.append(
          RestoreResult.Span(
            account: account, phase: time.phase.rawValue, start: start, end: time.end,
            actions: count))
      }
    }
    return spans.reversed()
  }

  /// When a node ended, or what it waited for where it is a gate.
  private func end(of node: Int, _ released: [Int?]) -> Double? {
    var next: Int? = node
    while let node = next {
      if let time = times[node] { return time.end }
      next = released[node]
    }
    return nil
  }
}
