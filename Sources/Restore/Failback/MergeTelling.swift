import CanonicalJSON
import GrantSnapshot
import MeshModel

// What there is to tell of a merge besides the records that it comes to.

extension MergeJudge {
  /// - Parameter isDecided: whether the rule for conflicts decides it.
  mutating func note(
    _ conflicts: [String], _ shape: RecordShape, _ triple: RecordTriple, _ sides: MergeSides,
    isDecided: Bool
  ) {
    let isOpen = terms.choice == .stop || !isDecided
    report.conflicts.append(
      FailbackReport.Conflict(
        kind: shape.kind.kind.name, key: triple.key.text, fields: shape.fields(conflicts, sides),
        secondary: Self.what(sides.base, sides.secondary),
        primary: Self.what(sides.base, sides.primary),
        taken: isOpen ? nil : terms.choice.rawValue))
  }

  private static func what(_ base: Units?, _ side: Units?) -> FailbackReport.What {
    guard base != nil else { return .added }
    return side == nil ? .removed : .changed
  }

  /// What a person has to look at: a change of the secondary that is not brought home.
  mutating func noteLeft(
    _ shape: RecordShape, _ triple: RecordTriple, _ sides: MergeSides, _ reason: String
  ) {
    guard let now = sides.secondary, now != sides.base, now != sides.primary else { return }
    let fields = sides.base.map { was in
      Set(was.keys).union(now.keys).filter { was[$0] != now[$0] }.sorted().flatMap { name in
        shape.fields([name], MergeSides(base: nil, secondary: now, primary: was))
      }
    }
    report.left.append(
      FailbackReport.Left(
        kind: shape.kind.kind.name, key: triple.key.text,
        what: Self.what(sides.base, sides.secondary), fields: fields ?? [], reason: reason))
  }

  /// What one side has revoked of what gives access while the other still had it. What goes with its
  /// database or table was not revoked by anybody.
  mutating func noteRevocation(
    _ shape: RecordShape, _ triple: RecordTriple, _ sides: MergeSides, owner: String,
    _ scope: [String]?
  ) {
    guard let base = sides.base, sides.secondary != sides.primary else { return }
    for (side, own, other) in [
      (Side.secondary, sides.secondary, sides.primary), (.primary, sides.primary, sides.secondary),
    ] {
      let units = base.keys.sorted().filter { name in
        shape.givesAccess(name) && own?[name] == nil && other?[name] != nil
          && !terms.restorers.contains(base[name].map { RecordShape.words($0, of: name) } ?? "")
      }
      guard !units.isEmpty, !isBelowRemoved(side, owner, scope) else { continue }
      report.revocations.append(
        FailbackReport.Revocation(
          kind: shape.kind.kind.name, key: triple.key.text,
          side: side == .secondary ? "secondary" : "primary",
          revoked: units.compactMap { name in base[name].map { RecordShape.words($0, of: name) } },
          isContested: other != base))
    }
  }

  private func isBelowRemoved(_ side: Side, _ owner: String, _ scope: [String]?) -> Bool {
    guard let scope, let gone = removed[side] else { return false }
    return [(Kind.database, 1), (.table, 2)].contains { kind, depth in
      scope.count >= depth
        && gone.contains(RecordKey(account: owner, kind: kind, path: Array(scope.prefix(depth))))
    }
  }

  /// - Parameter merged: the record as it is to be; nil where it is not to be there.
  mutating func count(
    _ decision: Decision, _ shape: RecordShape, _ triple: RecordTriple, _ merged: Record?
  ) {
    let what: FailbackReport.What
    switch decision {
    case .primary: return
    case .nothing: what = .removed
    case .body: what = triple.primary == nil ? .added : .changed
    }
    let kind = shape.kind.kind.name
    switch what {
    case .removed: report.home[kind, default: .init()].removed += 1
    case .added: report.home[kind, default: .init()].added += 1
    case .changed: report.home[kind, default: .init()].changed += 1
    }
    if what != .removed { returned.insert(triple.key) }
    guard report.changes.count < FailbackReport.mostChanges else { return }
    let fields = what == .changed ? shape.changes(triple.primary, merged) : []
    report.changes.append(
      FailbackReport.Change(kind: kind, key: triple.key.text, what: what, fields: fields))
  }

  /// The report with what access comes to, when all records have been seen.
  func finished() -> FailbackReport {
    var report = report
    report.unjustified = access.unjustified(ignoring: terms.restorers)
    return report
  }
}
