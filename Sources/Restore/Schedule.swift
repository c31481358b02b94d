import Capture
import MeshModel

/// Which actions can start now, and which of them can share a call. Pure.
struct Schedule {
  /// What one task does: nodes of one kind, step and batch group in one account.
  struct Work: Sendable {
    let nodes: [Int]
    let kind: any RestorableKind
    let account: String
    fileprivate let lane: Lane
  }

  fileprivate struct Lane: Hashable {
    let account: String
    let kind: Kind
    let step: Action.Step
    let group: String
  }

  private let graph: ActionGraph
  private var waitsFor: [Int]
  private var ended: [Bool]
  private var ready: [Lane: [Int]] = [:]
  /// The lanes that have something ready, by rank, each in the order in which it became so.
  private var queues: [Int: [Lane]] = [:]
  private var busy: Set<Lane> = []
  /// For each node the one whose end let it start; nil for those that waited for none.
  private(set) var released: [Int?]

  init(_ graph: ActionGraph) {
    self.graph = graph
    waitsFor = graph.nodes.map(\.waitsFor)
    ended = Array(repeating: false, count: graph.nodes.count)
    released = Array(repeating: nil, count: graph.nodes.count)
    for index in graph.nodes.indices where waitsFor[index] == 0 && !ended[index] { release(index) }
  }

  /// Whether something is left that can never start.
  var isStuck: Bool { ended.contains(false) }

  /// The next thing to do, or nil while all that is left waits.
  mutating func next() -> Work? {
    for rank in queues.keys.sorted() {
      guard let queue = queues[rank],
        let at = queue.firstIndex(where: { !busy.contains($0.anyStep) })
      else { continue }
      let lane = queue[at]
      queues[rank]?.remove(at: at)
      return take(lane, rank)
    }
    return nil
  }

  private mutating func take(_ lane: Lane, _ rank: Int) -> Work? {
    guard var nodes = ready[lane], let first = nodes.first, let kind = graph.nodes[first].kind
    else { return nil }
    let limit = kind.isBulk ? 1 : kind.batchLimit(lane.step)
    let taken = Array(nodes.prefix(limit))
    nodes.removeFirst(taken.count)
    ready[lane] = nodes.isEmpty ? nil : nodes
    if !nodes.isEmpty { queues[rank, default: []].append(lane) }
    if queues[rank]?.isEmpty == true { queues[rank] = nil }
    if kind.isSerial { busy.insert(lane.anyStep) }
    return Work(nodes: taken, kind: kind, account: lane.account, lane: lane)
  }

  /// Notes that work has ended.
  /// - Returns: the nodes that will not be started, because they depend on one that failed.
  mutating func finish(_ work: Work, failed: [Int]) -> [Int] {
    busy.remove(work.lane.anyStep)
    var skipped: [Int] = []
    for node in work.nodes { end(node, well: !failed.contains(node), skipped: &skipped) }
    return skipped
  }

  private mutating func end(_ node: Int, well: Bool, skipped: inout [Int]) {
    var stack = [(node: node, well: well)]
    while let (node, well) = stack.popLast() {
      ended[node] = true
      for dependent in graph.nodes[node].dependents where !ended[dependent] {
        let next = graph.nodes[dependent]
        if !well && !next.runsRegardless {
          ended[dependent] = true
          if next.kind != nil { skipped.append(dependent) }
          stack.append((dependent, false))
          continue
        }
        waitsFor[dependent] -= 1
        guard waitsFor[dependent] == 0 else { continue }
        released[dependent] = node
        if next.kind == nil { stack.append((dependent, true)) } else { release(dependent) }
      }
    }
  }

  private mutating func release(_ index: Int) {
    let node = graph.nodes[index]
    guard let kind = node.kind, let action = node.actions.first else {
      var none: [Int] = []
      end(index, well: true, skipped: &none)
      return
    }
    let lane = Lane(
      account: action.key.account, kind: kind.kind, step: action.step,
      group: kind.batchGroup(action.key))
    if ready[lane] == nil { queues[node.rank, default: []].append(lane) }
    ready[lane, default: []].append(index)
  }
}

extension Schedule.Lane {
  /// The lane of all steps, which is what a serial kind keeps busy.
  fileprivate var anyStep: Self { Self(account: account, kind: kind, step: .prepare, group: group) }

}
