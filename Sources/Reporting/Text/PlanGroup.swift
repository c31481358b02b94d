import MeshModel

/// Actions of a plan that are told in one line.
struct PlanGroup {
  /// In the order in which people read them.
  enum Sign: Int, Comparable {
    case add, change, remove

    static func < (left: Sign, right: Sign) -> Bool { left.rawValue < right.rawValue }

    var text: String {
      switch self {
      case .add: "+"
      case .change: "~"
      case .remove: "-"
      }
    }

    var tone: Tone {
      switch self {
      case .add: .good
      case .change: .warning
      case .remove: .bad
      }
    }
  }

  let sign: Sign
  let step: Action.Step
  let phase: Phase
  let kind: String
  let reason: String?
  private(set) var actions: [Action]

  /// The accounts of its records, in order.
  var accounts: [String] { Set(actions.map(\.key.account)).sorted() }

  /// `21 tables`, `3 resource links`.
  var noun: String {
    let isLink = phase == .links && ["table", "database"].contains(kind)
    let name = isLink ? "resource-link" : kind
    if kind == "settings", actions.count == 1 { return Words.kind(kind) }
    return "\(Figures.count(actions.count)) \(Words.kind(name, count: actions.count))"
  }

  /// What the records are: counts by the first part of their paths, or their names.
  var parts: [String] {
    let paths = actions.map(\.key.path).filter { !$0.isEmpty }
    guard paths.contains(where: { $0.count > 1 }) else { return paths.map { $0[0] }.sorted() }
    return Self.tally(paths.map { $0[0] })
  }

  /// Counts by account, for a group that spans several.
  func parts(_ names: [String: String]) -> [String] {
    Self.tally(actions.map { names[$0.key.account] ?? $0.key.account })
  }

  /// The members that its updates change, most frequent first.
  var fields: [String] {
    var counts: [String: Int] = [:]
    for field in actions.flatMap(\.fields) { counts[field, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  private static func tally(_ names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { Words.whole("\($0.key) \(Figures.count($0.value))") }
  }
}

extension PlanGroup {
  /// Groups a plan's actions; the restorer's own access is left out.
  /// - Parameter limit: with more groups than this, those of different accounts are told together.
  static func groups(of actions: [Action], limit: Int) -> [PlanGroup] {
    let told = actions.filter { !$0.isOwnAccess }
    let apart = grouped(told) { $0.key.account }
    return apart.count <= limit ? apart : grouped(told) { _ in "" }
  }

  private struct Key: Hashable, Comparable {
    let sign: Sign
    let phase: Int
    let step: String
    let kind: String
    let reason: String
    let place: String

    static func < (left: Key, right: Key) -> Bool {
      let heads = ((left.sign, left.phase, left.step), (right.sign, right.phase, right.step))
      guard heads.0 == heads.1 else { return heads.0 < heads.1 }
      return (left.kind, left.reason, left.place) < (right.kind, right.reason, right.place)
    }
  }

  private static func grouped(
    _ actions: [Action], by place: (Action) -> String
  ) -> [PlanGroup] {
    let groups = Dictionary(grouping: actions) { action in
      Key(
        sign: action.step.sign, phase: Phase.allCases.firstIndex(of: action.phase) ?? 0,
        step: action.step.rawValue, kind: action.key.kindName, reason: action.reason ?? "",
        place: place(action))
    }
    return groups.sorted { $0.key < $1.key }.compactMap { _, actions in
      guard let first = actions.first else { return nil }
      return PlanGroup(
        sign: first.step.sign, step: first.step, phase: first.phase, kind: first.key.kindName,
        reason: first.reason, actions: actions.sorted { $0.key < $1.key })
    }
  }
}

extension Action.Step {
  var sign: PlanGroup.Sign {
    switch self {
    case .create: .add
    case .prepare, .update, .settle: .change
    case .remove: .remove
    }
  }
}
