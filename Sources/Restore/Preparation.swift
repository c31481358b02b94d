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
  /// A new table inherits its database's tags at once, and changing several tags takes several
  /// calls: so every policy on LF-Tags of an account is withdrawn where an assignment changes there,
  /// and a filter's grants where the filter does.
  mutating func withdrawReachingGrants(_ grants: GrantKind) {
    let changing = plan.actions.map(\.key)
    let tagged = Set(changing.filter { $0.kindName == Kind.tagAssignment.name }.map(\.account))
    let filters = Set(changing.filter { $0.kindName == Kind.dataCellsFilter.name })
    let removed = Set(plan.actions.filter { $0.step == .remove }.map(\.key))
    let withdrawn = live.sorted { $0.key < $1.key }.filter { key, body in
      guard key.kindName == Kind.grant.name, desired[key] != nil, !removed.contains(key),
        let resource = GrantResource(body["Resource"] ?? nil, account: key.account)
      else { return false }
      switch resource.form {
      case .policy, .expression: return tagged.contains(key.account)
      case .filter: return resource.target(in: key.account).map(filters.contains) ?? false
      default: return false
      }
    }
    withdraw(withdrawn.map { ($0.key, grants.phase(of: $0.value)) })
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
