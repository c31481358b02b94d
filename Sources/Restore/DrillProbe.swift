import Access
import CanonicalJSON
import MeshModel

/// A query that shows whether a role can read what it should, or can't read what it should not.
public struct DrillProbe: Sendable, Hashable {
  /// The ARN of the role that asks; nil for the restorer.
  public let role: String?
  /// Whom it stands in for, as the mesh calls them; empty for the restorer.
  public let principals: [String]
  /// The account that is asked in.
  public let account: String
  /// Database and table, as they are called there.
  public let table: [String]
  /// The column that is asked for; nil for all that may be read.
  public let column: String?
  /// Whether it should succeed.
  public let isAllowed: Bool

  /// Whether a table has files, and is neither a link nor a view.
  static func isQueryable(_ table: JSON) -> Bool {
    table["TargetTable"] == nil && table["ViewOriginalText"] == nil
      && table["ViewDefinition"] == nil
      && table["StorageDescriptor"]?["Location"]?.string?.isEmpty == false
  }
}

/// A role that asks in the stead of principals.
public struct DrillAsker: Sendable, Hashable {
  public let role: String
  /// Those whose access is the role's, as the region calls them.
  let names: [String]
  /// Those that it stands in for, as the mesh calls them.
  let principals: [String]
  /// Whether it stands in on what its own account owns only.
  let isAtHome: Bool
}

/// A table as an account can ask for it.
private struct Place {
  let name: [String]
  let table: AccessResource
  /// The link by which it is reached.
  let link: AccessResource?
}

extension DrillAccess {
  /// Who asks in a drill under a prefix: roles that stand in, by name or in each account.
  /// - Parameters:
  ///   - standIns: roles by the principal of the mesh.
  ///   - role: the name of the role that stands in for all others; nil where the restorer does.
  ///   - accounts: those of the region that were entered.
  public func askers(
    standIns: [String: String], role: String?, accounts: [String], mapping: Mapping
  ) -> [DrillAsker] {
    let mapper = Mapper(mapping)
    let back = Mapper(mapping.inverse)
    let known = Set(wanted.principals)
    let named = Dictionary(grouping: standIns.keys.sorted()) { standIns[$0] ?? "" }
    var askers = named.filter { Self.isRole($0.key) }.map { role, principals in
      DrillAsker(
        role: role, names: principals.map(mapper.principal), principals: principals,
        isAtHome: false)
    }
    if let role {
      let others = known.subtracting(standIns.keys.map(mapper.principal)).sorted()
      askers += accounts.map { account in
        DrillAsker(
          role: "arn:aws:iam::\(account):role/\(role)", names: others,
          principals: others.map(back.principal), isAtHome: true)
      }
    }
    return askers.filter { !known.isDisjoint(with: $0.names) }.sorted { $0.role < $1.role }
  }

  /// Who asks in a full drill: every role of a drill account that stands for one of the mesh.
  public func askers(restorers: Set<String>, mapping: Mapping) -> [DrillAsker] {
    let back = Mapper(mapping.inverse)
    return wanted.principals.filter { Self.isRole($0) && !restorers.contains($0) }.map { role in
      DrillAsker(
        role: role, names: [role, Principal.iamAllowed] + Principal.groups(of: role),
        principals: [back.principal(role)], isAtHome: false)
    }
  }

  /// Principals that can't ask, for nobody can assume them.
  public var principalsThatAreNoRoles: [String] {
    wanted.principals.filter { !Self.isRole($0) && $0 != Principal.iamAllowed }
  }

  private static func isRole(_ principal: String) -> Bool {
    guard let arn = ARN(principal) else { return false }
    return arn.service == "iam" && arn.resource.hasPrefix("role/")
  }

  /// At most three queries for each who asks: of a table that it should read, of one that it should
  /// not, and of a column that is kept from it.
  public func probes(_ askers: [DrillAsker], prefix: String) -> [DrillProbe] {
    askers.flatMap { asker -> [DrillProbe] in
      guard let account = ARN(asker.role)?.account else { return [] }
      let places = places(in: account, isAtHome: asker.isAtHome)
      func probe(_ place: Place?, _ column: String?, _ isAllowed: Bool) -> DrillProbe? {
        place.map {
          DrillProbe(
            role: asker.role, principals: asker.principals, account: account,
            table: [prefix + $0.name[0], $0.name[1]], column: column, isAllowed: isAllowed)
        }
      }
      let readable = places.filter { place in
        wanted.canRead(place.table, any: asker.names)
          && place.link.map { wanted.canSee($0, any: asker.names) } != false
      }
      let closed = places.first { !wanted.canRead($0.table, any: asker.names) }
      let partly = readable.lazy.compactMap { place in
        wanted.hiddenColumn(of: place.table, from: asker.names).map { (place, $0) }
      }.first
      return [
        probe(readable.first, nil, true), probe(closed, nil, false),
        probe(partly?.0, partly?.1, false),
      ].compactMap(\.self)
    }
  }

  /// A query of the restorer's own in each account that has tables, where nobody else can ask.
  public func restorersProbes(prefix: String) -> [DrillProbe] {
    var firsts: [String: [String]] = [:]
    let all = wanted.principals
    for table in tables.sorted() {
      guard case .table(let account, let database, let name) = table, firsts[account] == nil,
        wanted.canRead(table, any: all)
      else { continue }
      firsts[account] = [prefix + database, name]
    }
    return firsts.sorted { $0.key < $1.key }.map {
      DrillProbe(
        role: nil, principals: [], account: $0.key, table: $0.value, column: nil, isAllowed: true)
    }
  }

  /// What can be asked for by name in an account: its own tables, and those that links lead to.
  private func places(in account: String, isAtHome: Bool) -> [Place] {
    var found: [Place] = []
    for case .table(account, let database, let name) in tables.sorted() {
      let table = AccessResource.table(account: account, database: database, name)
      found.append(Place(name: [database, name], table: table, link: nil))
    }
    guard !isAtHome else { return found }
    for (link, target) in wanted.links.sorted(by: { $0.key < $1.key }) {
      switch link {
      case .database(account, let name):
        for table in wanted.tables(of: target) where tables.contains(table) {
          found.append(Place(name: [name, table.scope?.last ?? ""], table: table, link: link))
        }
      case .table(account, let database, let name) where tables.contains(target):
        found.append(Place(name: [database, name], table: target, link: link))
      default: continue
      }
    }
    return found
  }
}
