import Access
import CanonicalJSON
import Capture
import MeshModel

/// The actions of a plan, and what waits for what. Pure.
struct ActionGraph {
  /// One action, or all those of a bulk kind in one database, or a gate that only orders others.
  struct Node {
    var actions: [Action]
    /// Nil for gates.
    var kind: (any RestorableKind)?
    /// Whether it runs although something that it waits for failed.
    var runsRegardless = false
    /// Whether what waits for it can be kept where somebody leaves out what it waits for.
    var canBeKept = false
    /// Lower ones are started first.
    var rank = 0
    /// Which of what is restored first it belongs to.
    var priority: Int?
    /// The database that it is about; nil for what is about none, or about many.
    var database: String?
    /// Nodes that wait for this one.
    var dependents: [Int] = []
    /// How many nodes this one waits for.
    var waitsFor = 0
  }

  private(set) var nodes: [Node] = []
  private var nodeOfKey: [RecordKey: Int] = [:]
  /// Keys that others can wait for, in order.
  private var orderedKeys: [(text: String, node: Int)] = []
  private var gates: [String: Int] = [:]

  /// - Parameters:
  ///   - desired: the bodies of the records that are created or changed, but for bulk kinds.
  ///   - live: the bodies of the records that are there, but for bulk kinds.
  ///   - priority: what is done first, the first of all first.
  init(
    _ plan: Plan, kinds: [String: any RestorableKind], desired: RecordBodies,
    live: RecordBodies = [:], priority: [Selector]
  ) {
    addNodes(plan.actions, kinds)
    orderedKeys = nodeOfKey.map { (text: $0.key.text, node: $0.value) }
      .sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
    for index in nodes.indices {
      let scope = scope(of: index, desired)
      nodes[index].database = scope?.first
      (nodes[index].rank, nodes[index].priority) = rank(of: index, scope, priority)
      for requirement in requirements(of: nodes[index], desired) { wait(index, for: requirement) }
    }
    orderHandingOn(desired)
    separateStages(closings(desired, live))
    admitAdministratorsLast(desired, live)
  }

  private mutating func addNodes(_ actions: [Action], _ kinds: [String: any RestorableKind]) {
    let created = Set(actions.filter { $0.step == .create }.map(\.key))
    var bulk: [String: Int] = [:]
    var companions: [(parent: RecordKey, action: Action)] = []
    for action in actions {
      guard let kind = kinds[action.key.kindName] else { continue }
      if action.step == .create, let parent = kind.createdWith(action.key), created.contains(parent)
      {
        companions.append((parent, action))
      } else if kind.isBulk {
        let path = action.key.path.first ?? ""
        let name = "\(action.key.account)/\(action.step)/\(kind.kind)/\(path)"
        let index = bulk[name] ?? append(Node(actions: [], kind: kind))
        bulk[name] = index
        nodes[index].actions.append(action)
        if Stage(action) == .restore { nodeOfKey[Self.bulkKey(of: action, kind)] = index }
      } else {
        let index = append(Node(actions: [action], kind: kind))
        if Stage(action) == .restore { nodeOfKey[action.key] = index }
      }
    }
    for (parent, action) in companions {
      guard let index = nodeOfKey[parent] else { continue }
      nodes[index].actions.append(action)
      nodeOfKey[action.key] = index
    }
  }

  /// What stands for all records of a bulk kind in a database, so that others can wait for them.
  private static func bulkKey(of action: Action, _ kind: any RestorableKind) -> RecordKey {
    RecordKey(
      account: action.key.account, kind: kind.kind,
      path: [action.key.path.first ?? "", action.step.rawValue])
  }

  mutating func append(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  private func requirements(of node: Node, _ desired: RecordBodies) -> Set<Requirement> {
    // What is done before the restore itself waits for its stage only.
    guard let kind = node.kind, let first = node.actions.first, Stage(first) == .restore,
      first.step == .create || first.step == .update
    else { return [] }
    return node.actions.reduce(into: []) { requirements, action in
      requirements.formUnion(
        kind.requirements(of: action.key, body: desired[action.key] ?? [:]))
    }
  }

  private mutating func wait(_ index: Int, for requirement: Requirement) {
    switch requirement {
    case .record(let key):
      if let other = nodeOfKey[key] { addEdge(from: other, to: index) }
    case .below(let prefix):
      // Links come last: what is no link waits for none, or it would wait for itself where one leads
      // back to its own account.
      let isLink = isLink(index)
      let others = keys(below: prefix).filter { isLink || !self.isLink($0) }
      guard !others.isEmpty else { return }
      let name = isLink ? prefix : prefix + " but links"
      let gate = gates[name] ?? append(Node(actions: [], kind: nil))
      if gates.updateValue(gate, forKey: name) == nil {
        for other in Set(others) { addEdge(from: other, to: gate) }
      }
      if !others.contains(index) { addEdge(from: gate, to: index) }
    }
  }

  private func isLink(_ index: Int) -> Bool { nodes[index].actions.first?.phase == .links }

  private func keys(below prefix: String) -> [Int] {
    var (low, high) = (0, orderedKeys.count)
    while low < high {
      let middle = (low + high) / 2
      if orderedKeys[middle].text.utf8.lexicographicallyPrecedes(prefix.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return orderedKeys[low...].prefix { $0.text.utf8.starts(with: prefix.utf8) }.map(\.node)
  }

  mutating func addEdge(from: Int, to: Int) {
    guard from != to else { return }
    nodes[from].dependents.append(to)
    nodes[to].waitsFor += 1
  }

  private func scope(of index: Int, _ desired: RecordBodies) -> [String]? {
    guard let kind = nodes[index].kind, let action = nodes[index].actions.first else { return nil }
    return kind.scope(of: action.key, body: desired[action.key] ?? [:])
  }

  private func rank(
    of index: Int, _ scope: [String]?, _ priority: [Selector]
  ) -> (rank: Int, priority: Int?) {
    guard let action = nodes[index].actions.first else { return (0, nil) }
    let place = scope.flatMap { scope in
      priority.firstIndex { $0.matches(action.key, scope: scope) }
    }
    // What stands beside the catalog must not keep it waiting.
    let last = action.phase == .services ? priority.count + 1 : priority.count
    return (place ?? (scope == nil && action.phase != .services ? 0 : last), place)
  }
}

// MARK: - What is handed on

extension ActionGraph {
  /// An account can hand on what another shares with it when that one has shared it: grants on
  /// another account's resources wait for all that this one grants to theirs.
  private mutating func orderHandingOn(_ desired: RecordBodies) {
    struct Pair: Hashable {
      let owner: String
      let user: String
    }
    var shared: [Pair: [Int]] = [:]
    var handedOn: [Pair: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      guard let action = node.actions.first, action.key.kindName == Kind.grant.name,
        Stage(action) == .restore, action.step == .create || action.step == .update,
        let body = desired[action.key], let kind = node.kind
      else { continue }
      let account = action.key.account
      let owner = kind.owner(of: action.key, body: body)
      if owner != account {
        handedOn[Pair(owner: owner, user: account), default: []].append(index)
      } else if let principal = kind.principal(of: body) {
        // What goes to the organization reaches every account of it.
        let user = Principal.isOrganization(principal) ? "" : Principal.account(of: principal)
        guard let user, user != owner else { continue }
        shared[Pair(owner: owner, user: user), default: []].append(index)
      }
    }
    for (pair, nodes) in handedOn.sorted(by: {
      ($0.key.owner, $0.key.user) < ($1.key.owner, $1.key.user)
    }) {
      let before = (shared[pair] ?? []) + (shared[Pair(owner: pair.owner, user: "")] ?? [])
      guard !before.isEmpty else { continue }
      // One that failed may not be the one that is needed: AWS says which is.
      let gate = append(Node(actions: [], kind: nil, runsRegardless: true))
      for node in before { addEdge(from: node, to: gate) }
      for node in nodes { addEdge(from: gate, to: node) }
    }
  }
}

// MARK: - Circles

extension ActionGraph {
  /// Whether some node could never start. Asked before anything is done.
  var hasCircle: Bool {
    var waitsFor = nodes.map(\.waitsFor)
    var ready = nodes.indices.filter { waitsFor[$0] == 0 }
    var started = 0
    while let node = ready.popLast() {
      started += 1
      for dependent in nodes[node].dependents {
        waitsFor[dependent] -= 1
        if waitsFor[dependent] == 0 { ready.append(dependent) }
      }
    }
    return started < nodes.count
  }
}
