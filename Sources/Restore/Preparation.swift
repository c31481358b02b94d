import Access
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
    let created = plan.actions.lazy.filter { $0.step == .create }.map(\.key)
    let tables = Set(
      created.filter { $0.kindName == Kind.table.name }
        .map { RecordKey(account: $0.account, kind: .database, path: Array($0.path.prefix(1))) })
    let accounts = Set(
      Set(created.map(\.account)).map { RecordKey(account: $0, kind: .settings, path: []) })
    let names = Set(kinds.map(\.kind.name))
    let acted = Dictionary(
      grouping: plan.actions.lazy.filter { names.contains($0.key.kindName) }, by: \.key
    ).mapValues { $0.map(\.step) }
    let conflicts = Set(plan.conflicts)

    for kind in kinds {
      for (key, body) in desired.sorted(of: kind.kind) {
        let steps = acted[key] ?? []
        let isBusy = tables.contains(key) || accounts.contains(key)
        guard isBusy || !steps.isEmpty else { continue }
        let reason = "closed while the restore runs"
        if isBusy, steps.isEmpty, let live = live[key], kind.needsSettling(live) {
          let close = Action(.prepare, key, phase: .prepare, reason: reason)
          if conflicts.contains(key) {
            append([close])
          } else {
            replaceUnchanged(kind.kind, with: [close])
          }
        } else if steps.isEmpty {
          continue
        }
        if kind.needsSettling(body) || addsAdministrators(key, body) {
          append([Action(.settle, key, phase: .settle)])
        }
      }
      guard kind.kind == .settings else { continue }
      for key in accounts.sorted() where !desired.holds(key) { closeUnknown(kind, key) }
    }
  }

  /// Where the snapshot does not hold an account's settings, its defaults are emptied all the same,
  /// and stay so.
  private mutating func closeUnknown(_ kind: any RestorableKind, _ key: RecordKey) {
    guard let live = live[key], kind.needsSettling(live) else { return }
    want(key, live)
    append([
      Action(.prepare, key, phase: .prepare, reason: "the snapshot does not hold them: closed")
    ])
    warn(
      "account \(key.account): the snapshot does not hold its settings, so its default permissions "
        + "are emptied and stay empty")
  }

  /// A tag's values are added before anything bears them, and deleted when nothing does any more:
  /// AWS refuses to delete a value that is assigned.
  mutating func deleteTagValuesLast() {
    let tags = LFTagKind()
    let changed = plan.actions.filter { $0.step == .update && $0.key.kindName == Kind.lfTag.name }
    for action in changed {
      guard let have = live[action.key], let want = desired[action.key],
        tags.hasExcess(have, over: want)
      else { continue }
      append([Action(.settle, action.key, phase: .settle, reason: "values that nothing bears")])
    }
  }

  /// Policies on LF-Tags of an account of which tags may be missing in the snapshot: a table that
  /// lacks its own is reached by whoever may see its database. None is given, and where anything is
  /// created, none stays in force.
  mutating func holdPoliciesBack(in accounts: Set<String>, _ grants: GrantKind) {
    let changing = Set(
      plan.actions.filter { $0.step == .create || $0.key.kindName == Kind.tagAssignment.name }
        .map(\.key.account))
    func isPolicy(_ key: RecordKey, _ body: JSON) -> Bool {
      key.kindName == Kind.grant.name && accounts.contains(key.account)
        && grants.isPolicy(body, in: key.account)
    }
    guard !accounts.isEmpty else { return }
    let wanted = Set(desired.sorted(of: .grant).filter { isPolicy($0.key, $0.value) }.map(\.key))
    let inForce = live.sorted(of: .grant).filter {
      isPolicy($0.key, $0.value) && changing.contains($0.key.account)
    }.map(\.key)
    drop { wanted.contains($0.key) && [.create, .update].contains($0.step) }
    let removed = Set(plan.actions.filter { $0.step == .remove }.map(\.key))
    for key in inForce where !removed.contains(key) {
      let action = Action(
        .remove, key, phase: .revoke, reason: "the snapshot may lack tags of its account")
      let isActedOn = plan.actions.contains { $0.key == key }
      drop { $0.key == key }
      if wanted.contains(key), !isActedOn {
        replaceUnchanged(.grant, with: [action])
      } else {
        append([action])
      }
    }
    for account in Set(wanted.map(\.account)).sorted() {
      warn(
        "account \(account): the snapshot may lack LF-Tags of its tables, so no policy on tags is "
          + "given there")
    }
  }

  private func addsAdministrators(_ key: RecordKey, _ body: JSON) -> Bool {
    guard key.kindName == Kind.settings.name, let live = live[key] else { return false }
    return SettingsKind().addsAdministrators(body, to: live, besides: restorers)
  }

  /// Grants that are in force in the secondary already would reach new tables and columns before
  /// the tags and filters that hide them. Those are withdrawn, and given again at the end: policies
  /// that could reach something on the way which they do not reach in the end, in whichever account
  /// they were given, those on an expression that changes, and a filter's grants where the filter
  /// does. So are those that the snapshot does not hold and that stay.
  /// - Parameter read: the accounts of which all grants are known; nil for all.
  mutating func withdrawReachingGrants(_ grants: GrantKind, read: Set<String>? = nil) {
    let flux = TagFlux(live: live, desired: desired, plan.actions)
    let changing = plan.actions.map(\.key)
    let expressions = Set(changing.filter { $0.kindName == Kind.lfTagExpression.name })
    let filters = Set(changing.filter { $0.kindName == Kind.dataCellsFilter.name })
    let leaving = Set(plan.actions.filter { $0.step == .remove }.map(\.key)).union(plan.ownGrants)
    let withdrawn = live.sorted(of: .grant).filter { key, body in
      guard !leaving.contains(key),
        let resource = GrantResource(body["Resource"] ?? nil, account: key.account)
      else { return false }
      switch resource.form {
      case .policy:
        return mustRest(resource, flux, expressions)
          || handsOn(body, besides: read) && flux.isMoving(in: resource.catalog)
      case .expression: return expressions.contains { $0.account == resource.catalog }
      case .filter: return resource.target(in: resource.catalog).map(filters.contains) ?? false
      default: return false
      }
    }
    withdraw(withdrawn.map { ($0.key, grants.phase(of: $0.value)) })
  }

  /// Whether it lets accounts give access whose own grants are not known.
  private func handsOn(_ body: JSON, besides read: Set<String>?) -> Bool {
    guard let read, let principal = GrantKind().principal(of: body) else { return false }
    guard !Principal.isOrganization(principal) else { return true }
    return Principal.isAccount(principal) && !read.contains(principal)
  }

  private func mustRest(
    _ resource: GrantResource, _ flux: TagFlux, _ expressions: Set<RecordKey>
  ) -> Bool {
    let owner = resource.catalog
    let policy = resource.request["LFTagPolicy"] ?? [:]
    var terms = (policy["Expression"] ?? [:]).tagTerms
    if let name = policy["ExpressionName"]?.string {
      let key = RecordKey(account: owner, kind: .lfTagExpression, path: [name])
      guard !expressions.contains(key) else { return true }
      // One that is not known may reach whatever is on its way.
      guard let body = live[key] else { return flux.isMoving(in: owner) }
      terms = (body["Expression"] ?? [:]).tagTerms
    }
    return flux.mayBeReached(
      in: owner, by: terms, onDatabases: resource.names.first == "DATABASE")
  }

  private mutating func withdraw(_ withdrawn: [(key: RecordKey, phase: Phase)]) {
    let acted = Set(plan.actions.map(\.key))
    drop(acted.intersection(withdrawn.map(\.key)))
    for (key, phase) in withdrawn {
      let isExtra = !desired.holds(key)
      if isExtra, let body = live[key] {
        want(key, body)
        warn(
          "\(key.text) is not in the snapshot and stays: it is withdrawn until tags and filters are in "
            + "place, and given again; if the run is stopped in between, it has to be given by hand"
        )
      }
      let actions = [
        Action(
          .remove, key, phase: .revoke, reason: "withdrawn until tags and filters are in place"),
        Action(.create, key, phase: phase, reason: "given again"),
      ]
      if isExtra || acted.contains(key) {
        append(actions)
      } else {
        replaceUnchanged(.grant, with: actions)
      }
    }
  }
}
