import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// The access that the restorer needs to work, and gives back.
///
/// An administrator may create anything, but not alter or drop what others made, nor create tables
/// in a registered location, without being granted that first.
extension GrantKind {
  /// A grant to the restorer, as a record that can be created like any other.
  public func ownGrant(
    to principal: String, on resource: JSON, _ permissions: [String], in account: String
  ) -> Record? {
    let body: JSON = [
      "Principal": .principal(principal), "Resource": resource, "Permissions": JSON(permissions),
      "PermissionsWithGrantOption": [],
    ]
    guard let parsed = GrantResource(resource, account: account) else { return nil }
    let path = parsed.path(principal: principal, condition: nil)
    return Record(key: RecordKey(account: account, kind: kind, path: path), value: body)
  }

  /// Lets the restorer create tables in a location that it has just registered.
  func takeAccess(toLocation location: JSON, at site: Site) async throws {
    guard
      let grant = ownGrant(
        to: site.principal, on: ["DataLocation": location], ["DATA_LOCATION_ACCESS"],
        in: site.account)
    else { return }
    let change = Change(step: .create, key: grant.key, desired: try grant.value(), live: nil)
    if let failure = try await apply([change], at: site).first { throw failure }
  }

  /// Takes back everything that the restorer was granted, or was given as a creator, unless it is
  /// to be kept. Can be repeated.
  /// - Parameters:
  ///   - database: only what is on tables of this one; nil for everything.
  ///   - isKept: whether the snapshot has the grant, too.
  /// - Returns: how many grants are gone, and those that AWS would not take back: implicit ones.
  /// - Throws: `AWSFailure` where they can't be listed.
  public func giveBackAccess(
    at site: Site, onTablesOf database: String? = nil,
    unless isKept: @Sendable (RecordKey) -> Bool
  ) async throws -> (taken: Int, refused: [ChangeFailure]) {
    let own = RecordCollector()
    try await site.list(
      kind, .lakeFormationListPermissions, ["Principal": .principal(site.principal)], into: own
    ) { body in
      GrantResource(body["Resource"] ?? nil, account: site.account)?
        .path(principal: site.principal, condition: body["Condition"])
    }
    let excess = try own.records.filter { !isKept($0.key) }.map {
      Change(step: .remove, key: $0.key, desired: nil, live: try $0.value())
    }.filter { change in
      guard let database else { return true }
      let scope = scope(of: change.key, body: change.live ?? [:]) ?? []
      return scope.count == 2 && scope[0] == database
    }
    let found = Guarded<[ChangeFailure]>([])
    try await forEachConcurrently(lines(of: excess), limit: 8) { line in
      for start in stride(from: 0, to: line.count, by: self.batchLimit(.remove)) {
        let batch = Array(line[start..<min(start + self.batchLimit(.remove), line.count)])
        let failures = try await self.apply(batch, at: site)
        found.withLock { $0 += failures }
      }
    }
    let refused = found.withLock(\.self).sorted { $0.key < $1.key }
    return (excess.count - refused.count, refused)
  }

  /// Changes that can be made beside one another: what is on one table is in one line, for two at once are
  /// refused. A line fills a call where it can.
  private func lines(of changes: [Change]) -> [[Change]] {
    let places = Dictionary(grouping: changes) { change in
      scope(of: change.key, body: change.live ?? [:]) ?? []
    }
    var lines: [[Change]] = []
    for (_, place) in places.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      if let last = lines.last, last.count + place.count <= batchLimit(.remove) {
        lines[lines.count - 1] += place
      } else {
        lines.append(place)
      }
    }
    return lines
  }
}
