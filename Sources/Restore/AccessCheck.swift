import Access
import CanonicalJSON
import GrantSnapshot
import MeshModel

/// What access the records of both sides come to, where the records themselves may not show it: a
/// tag that is missing opens a column although every grant is as it should be.
extension PlanBuilder {
  /// The access that the secondary gives beyond the snapshot, on what the snapshot covers.
  ///
  /// The restorers are left out. So is what accounts have to do with of which something is unknown that
  /// access depends on.
  func widenedAccess(restorers: Set<String>, hiding: Set<String>) -> [Excess] {
    let wanted = Self.access(desired)
    return Self.access(live).beyond(wanted, ignoring: restorers).filter { excess in
      let accounts =
        [excess.resource.account] + (Principal.account(of: excess.principal).map { [$0] } ?? [])
      return hiding.isDisjoint(with: accounts) && covers(excess.resource)
    }
  }

  static func access(_ records: RecordBodies) -> AccessSet {
    var builder = AccessBuilder()
    for (key, body) in records { builder.add(key, body) }
    return builder.finished()
  }

  /// Locations, tags and the like are records of their own: what is granted on them is compared
  /// with the records.
  private func covers(_ resource: AccessResource) -> Bool {
    let account = resource.account
    switch resource {
    case .database, .newTables(_, .some), .table:
      let scope = resource.scope ?? []
      return holds(
        RecordKey(account: account, kind: scope.count > 1 ? .table : .database, path: scope))
    case .catalog, .newDatabases, .newTables:
      return holds(RecordKey(account: account, kind: .settings, path: []))
    case .other:
      return false
    }
  }
}

extension Excess {
  /// One line: who may do what beyond the primary.
  var line: String {
    "\(principal) on \(resource.name) of \(resource.account): "
      + access.lines.joined(separator: "; ")
  }
}

extension Planner {
  /// What of it is asked for: as with records, all of an account that is no single database's.
  func widenedAccess(_ builder: PlanBuilder) -> [Excess] {
    let restorers = Set(desired.mapping.restorers.values)
    return builder.widenedAccess(restorers: restorers, hiding: hiding.union(unread)).filter {
      excess in
      let key = RecordKey(account: excess.resource.account, kind: .grant, path: [])
      return policy.includes(key, scope: excess.resource.scope, anyKind: true)
    }
  }
}
