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

  /// What shares one limit of AWS, and so waits in the same line for its calls: what is of one kind and
  /// step in one account.
  fileprivate struct Sort: Hashable {
    let account: String
    let kind: Kind
    let step: Action.Step
  }

  private let graph: ActionGraph
  /// How many pieces of work of one sort are under way at once.
  private let most: Int
  private var waitsFor: [Int]
  private var ended: [Bool]
  private var ready: [Lane: [Int]] = [:]
  /// What can start, by rank.
  private var queues: [Int: ReadyLanes] = [:]
  private var busy: Set<Lane> = []
  private var running: [Sort: Int] = [:]
  private var bulkKinds: Set<Kind> = []
  /// For each node the one whose end let it start; nil for those that waited for none.
  private(set) var released: [Int?]

  /// - Parameter most: how many pieces of work of one sort are handed out before one has ended. What is
  ///   handed out of one sort keeps nothing of another waiting.
  init(_ graph: ActionGraph, most: Int = .max) {
    self.graph = graph
    self.most = most
    waitsFor = graph.nodes.map(\.waitsFor)
    ended = Array(repeating: false, count: graph.nodes.count)
    released = Array(repeating: nil, count: graph.nodes.count)
    for index in graph.nodes.indices where waitsFor[index] == 0 && !ended[index] { release(index) }
  }

  /// Whether something is left that can never start.
  var isStuck: Bool { ended.contains(false) }

  /// The next thing to do, or nil while all that is left waits.
  mutating func next() -> Work? {
    let (busy, running, bulkKinds, most) = (busy, running, bulkKinds, most)
    for rank in queues.keys.sorted() {
      let lane = queues[rank]?.take { sort in
        // Work of a bulk kind makes many calls at once by itself.
        let limit = bulkKinds.contains(sort.kind) ? max(1, most / Applier.bulkCalls) : most
        return running[sort, default: 0] < limit
      } isFree: {
        !busy.contains($0.anyStep)
      }
      if let lane { return take(lane, rank) }
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
    if !nodes.isEmpty { queues[rank, default: ReadyLanes()].append(lane) }
    if queues[rank]?.isEmpty == true { queues[rank] = nil }
    if kind.isSerial { busy.insert(lane.anyStep) }
    running[lane.sort, default: 0] += 1
    return Work(nodes: taken, kind: kind, account: lane.account, lane: lane)
  }

  /// Notes that work has ended.
  /// - Returns: the nodes that will not be started, because they depend on one that failed.
  mutating func finish(_ work: Work, failed: [Int]) -> [Int] {
    busy.remove(work.lane.anyStep)
    running[work.lane.sort, default: 1] -= 1
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
    if kind.isBulk { bulkKinds.insert(kind.kind) }
    if ready[lane] == nil { queues[node.rank, default: ReadyLanes()].append(lane) }
    ready[lane, default: []].append(index)
  }
}

extension Schedule.Lane {
  /// The lane of all steps, which is what a serial kind keeps busy.
  fileprivate var anyStep: Self { Self(account: account, kind: kind, step: .prepare, group: group) }

  fileprivate var sort: Schedule.Sort { .init(account: account, kind: kind, step: step) }
}

/// The lanes that have something ready. Sorts take turns; of one sort, what became ready first is first.
private struct ReadyLanes {
  private struct Line {
    var lanes: [Schedule.Lane]
    /// Those before it have been taken.
    var first = 0
  }

  private var sorts: [Schedule.Sort] = []
  private var lines: [Schedule.Sort: Line] = [:]

  var isEmpty: Bool { sorts.isEmpty }

  mutating func append(_ lane: Schedule.Lane) {
    if lines[lane.sort] == nil { sorts.append(lane.sort) }
    lines[lane.sort, default: Line(lanes: [])].lanes.append(lane)
  }

  /// Takes the first lane that may start.
  mutating func take(
    _ mayStart: (Schedule.Sort) -> Bool, isFree: (Schedule.Lane) -> Bool
  ) -> Schedule.Lane? {
    for place in sorts.indices where mayStart(sorts[place]) {
      let sort = sorts[place]
      guard
        let at = lines[sort].flatMap({ line in line.lanes[line.first...].firstIndex(where: isFree) }
        )
      else { continue }
      let lane = remove(at, of: sort)
      sorts.remove(at: place)
      if lines[sort] != nil { sorts.append(sort) }
      return lane
    }
    return nil
  }

  private mutating func remove(_ at: Int, of sort: Schedule.Sort) -> Schedule.Lane? {
    guard var line = lines.removeValue(forKey: sort) else { return nil }
    let lane = line.lanes[at]
    if at == line.first { line.first += 1 } else { line.lanes.remove(at: at) }
    if line.first > 256, line.first * 2 > line.lanes.count {
      line.lanes.removeFirst(line.first)
      line.first = 0
    }
    if line.first < line.lanes.count { lines[sort] = line }
    return lane
  }
}
