import Access
import GrantSnapshot
import MeshModel

// The order within an account, and between those that share, that access depends on.

extension ActionGraph {
  /// In each account the restorer takes the access that it works with, then everything is prepared
  /// before access is taken away, access is taken away before anything is created, and defaults
  /// come back when all else is done.
  enum Stage: Int, CaseIterable {
    case access, prepare, revoke, restore, settle

    init(_ action: Action) {
      self =
        switch action.phase {
        case _ where action.isOwnAccess: .access
        case .prepare: .prepare
        case .revoke: .revoke
        case .settle: .settle
        default: .restore
        }
    }
  }

  /// What has to be closed in other accounts before an owner restores anything that they might
  /// reach: grants of theirs on what it owns that are to go, and the administrators of those with
  /// whom it shares.
  func closings(_ desired: RecordBodies, _ live: RecordBodies) -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    var settings: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      guard let action = node.actions.first, !action.isOwnAccess else { continue }
      let account = action.key.account
      if action.phase == .prepare, action.key.kindName == Kind.settings.name {
        settings[account, default: []].append(index)
      } else if action.phase == .revoke,
        let owner = node.kind?.owner(of: action.key, body: live[action.key] ?? [:]),
        owner != account
      {
        found[owner, default: []].append(index)
      }
    }
    for (owner, users) in Self.sharing([desired, live]) {
      let isOpen = users.contains { Principal.isOrganization($0) }
      let accounts = isOpen ? Set(settings.keys) : Set(users.compactMap(Principal.account))
      for account in accounts where account != owner {
        found[owner, default: []] += settings[account] ?? []
      }
    }
    return found
  }

  /// Whom the grants of each account name.
  private static func sharing(_ sides: [RecordBodies]) -> [String: Set<String>] {
    var users: [String: Set<String>] = [:]
    for (key, body) in sides.lazy.flatMap({ $0.sorted(of: .grant) }) {
      guard let principal = GrantKind().principal(of: body) else { continue }
      users[key.account, default: []].insert(principal)
    }
    return users
  }

  mutating func separateStages(_ foreign: [String: [Int]]) {
    var stages: [String: [Stage: [Int]]] = [:]
    for (index, node) in nodes.enumerated() {
      guard let action = node.actions.first else { continue }
      stages[action.key.account, default: [:]][Stage(action), default: []].append(index)
    }
    for (account, stages) in stages {
      var earlier: [Int] = []
      var all: [Int] = []
      for stage in Stage.allCases {
        guard let now = stages[stage] else { continue }
        if stage == .restore { earlier += foreign[account] ?? [] }
        // Defaults come back whatever could not be restored, but not while something is under way: what
        // is left out because of a failure elsewhere has ended before its account's own access is taken.
        let before = stage == .settle ? all : earlier
        if !before.isEmpty {
          let gate = append(Node(actions: [], kind: nil, runsRegardless: stage == .settle))
          for node in before { addEdge(from: node, to: gate) }
          for node in now { addEdge(from: gate, to: node) }
        }
        earlier = now
        all += now
      }
    }
  }

  /// A new administrator sees what others share with his account: they come when the owners have
  /// restored what they share, and not at all where an owner could not close what stood too open.
  mutating func admitAdministratorsLast(
    _ desired: RecordBodies, _ live: RecordBodies
  ) {
    var settling: [String: Int] = [:]
    var restoring: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      guard let action = node.actions.first else { continue }
      if Stage(action) == .restore { restoring[action.key.account, default: []].append(index) }
      guard Stage(action) == .settle, action.key.kindName == Kind.settings.name,
        SettingsKind().addsAdministrators(
          desired[action.key] ?? [:], to: live[action.key] ?? [:], besides: [])
      else { continue }
      settling[action.key.account] = index
    }
    for (owner, users) in Self.sharing([desired, live]) {
      guard let shared = restoring[owner] else { continue }
      let isOpen = users.contains { Principal.isOrganization($0) }
      let accounts = isOpen ? Set(settling.keys) : Set(users.compactMap(Principal.account))
      let waiting = accounts.filter { $0 != owner }.compactMap { settling[$0] }
      guard !waiting.isEmpty else { continue }
      let ended = append(Node(actions: [], kind: nil, runsRegardless: true))
      let closed = append(Node(actions: [], kind: nil, canBeKept: true))
      for index in shared {
        addEdge(from: index, to: ended)
        if isClosing(nodes[index]) { addEdge(from: index, to: closed) }
      }
      for index in waiting {
        addEdge(from: ended, to: index)
        addEdge(from: closed, to: index)
      }
    }
  }

  /// Whether it changes something on which access depends, rather than adding to what is there.
  private func isClosing(_ node: Node) -> Bool {
    guard let kind = node.kind, kind.givesAccess || kind.restrictsAccess else { return false }
    return node.actions.contains { $0.step != .create }
  }
}
