import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel

/// The parts of a plan that keep access from being wider while it runs than it is in the end.
extension PlanBuilder {
  /// Where anything is created, the default permissions around it are emptied first and put back
  /// last: an account's settings for its databases and tables, a database's own for its tables.
  mutating func guardDefaults(_ kinds: [any RestorableKind]) {
    let created = plan.actions.filter { $0.step == .create }.map(\.key)
    let tables = Set(
      created.filter { $0.kindName == Kind.table.name }
        .map { RecordKey(account: $0.account, kind: .database, path: Array($0.path.prefix(1))) })
    let accounts = Set(created.map { RecordKey(account: $0.account, kind: .settings, path: []) })
    let acted = Dictionary(grouping: plan.actions, by: \.key).mapValues { $0.map(\.step) }

    for kind in kinds {
      for (key, body) in desired.sorted(by: { $0.key < $1.key })
      where key.kindName == kind.kind.name {
        let steps = acted[key] ?? []
        let isBusy = tables.contains(key) || accounts.contains(key)
        guard isBusy || !steps.isEmpty else { continue }
        let reason = "closed while the restore runs"
        if isBusy, steps.isEmpty, let live = live[key], kind.needsSettling(live) {
          replaceUnchanged(
            kind.kind, with: [Action(.prepare, key, phase: .prepare, reason: reason)])
        } else if steps.isEmpty {
          continue
        }
        if kind.needsSettling(body) { append([Action(.settle, key, phase: .settle)]) }
      }
    }
  }

  /// Grants that are in force in the secondary already would reach new tables and columns before
  /// the tags and filters that hide them. Those are withdrawn, and given again at the end.
  ///
  /// A new table inherits its database's tags at once, so every policy on LF-Tags of an account is
  /// withdrawn where an assignment there changes; a filter's grants, where both the filter and its
  /// table change.
  mutating func withdrawReachingGrants(_ grants: GrantKind) {
    let changing = plan.actions.filter { $0.step == .create || $0.step == .update }.map(\.key)
    let taggedAccounts = Set(
      changing.filter { $0.kindName == Kind.tagAssignment.name }.map(\.account))
    let changedFilters = Set(changing.filter { $0.kindName == Kind.dataCellsFilter.name })
    let changed = Set(changing)
    var withdrawn: [(key: RecordKey, phase: Phase)] = []
    let removed = Set(plan.actions.filter { $0.step == .remove }.map(\.key))

    for (key, body) in live.sorted(by: { $0.key < $1.key })
    where key.kindName == Kind.grant.name && desired[key] != nil && !removed.contains(key) {
      guard let resource = GrantResource(body["Resource"] ?? nil, account: key.account) else {
        continue
      }
      let reaches =
        switch resource.form {
        case .policy: taggedAccounts.contains(key.account)
        case .filter:
          resource.target(in: key.account).map { filter in
            let table = RecordKey(
              account: key.account, kind: .table, path: Array(filter.path.prefix(2)))
            return changedFilters.contains(filter) && changed.contains(table)
          } ?? false
        default: false
        }
      if reaches { withdrawn.append((key, grants.phase(of: body))) }
    }
    withdraw(withdrawn)
  }

  private mutating func withdraw(_ withdrawn: [(key: RecordKey, phase: Phase)]) {
    let acted = Set(plan.actions.map(\.key))
    drop(acted.intersection(withdrawn.map(\.key)))
    for (key, phase) in withdrawn {
      let actions = [
        Action(
          .remove, key, phase: .revoke, reason: "withdrawn until tags and filters are in place"),
        Action(.create, key, phase: phase, reason: "given again"),
      ]
      if acted.contains(key) { append(actions) } else { replaceUnchanged(.grant, with: actions) }
    }
  }
}
