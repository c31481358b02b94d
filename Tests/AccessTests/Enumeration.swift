import Access
import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// The same rules as `AccessSet`'s, written down as plainly as can be: every principal, every
/// table, every column, every kind of row and every permission is asked for by itself.
struct Enumeration {
  struct Atom: Hashable {
    let principal: String
    let resource: AccessResource
    /// Empty for what is on the whole table or database.
    var column = ""
    /// Which conditions of row filters a row meets.
    var row: Set<String> = []
    let permission: String
  }

  let records: [RecordKey: JSON]
  /// Every condition that a row filter has.
  let conditions = ["r = 1", "s = 1"]

  init(_ records: [Record]) throws {
    self.records = Dictionary(
      uniqueKeysWithValues: try records.map { ($0.key, try $0.value()) })
  }

  private func bodies(_ kind: Kind) -> [(key: RecordKey, body: JSON)] {
    records.filter { $0.key.kindName == kind.name }.map { ($0.key, $0.value) }
  }

  var atoms: Set<Atom> {
    let principals = Set(bodies(.grant).compactMap { Self.principal($0.body) })
      .union(bodies(.settings).flatMap { admins($0.body, "DataLakeAdmins") })
      .union(bodies(.settings).flatMap { admins($0.body, "ReadOnlyAdmins") })
    return principals.reduce(into: []) { $0.formUnion(atoms(of: $1)) }
  }

  /// Its own and those of its groups.
  func withGroups(_ principal: String) -> Set<Atom> {
    let groups = Principal.groups(of: principal)
    return groups.reduce(into: atoms(of: principal)) { all, group in
      all.formUnion(
        atoms(of: group).map {
          Atom(
            principal: principal, resource: $0.resource, column: $0.column, row: $0.row,
            permission: $0.permission)
        })
    }
  }

  private static func principal(_ body: JSON) -> String? {
    body["Principal"]?["DataLakePrincipalIdentifier"]?.string
  }

  private func admins(_ settings: JSON, _ list: String) -> [String] {
    (settings[list]?.array ?? []).compactMap { $0["DataLakePrincipalIdentifier"]?.string }
  }

  func atoms(of principal: String) -> Set<Atom> {
    var atoms: Set<Atom> = []
    for (key, body) in bodies(.database) {
      let resource = AccessResource.database(account: key.account, key.path[0])
      for permission in permissions where has(principal, permission, key, body, nil, []) {
        atoms.insert(Atom(principal: principal, resource: resource, permission: permission))
      }
    }
    for (key, body) in bodies(.table) {
      let resource = AccessResource.table(
        account: key.account, database: key.path[0], key.path[1])
      for permission in permissions {
        guard permission.hasPrefix("SELECT") else {
          if has(principal, permission, key, body, nil, []) {
            atoms.insert(Atom(principal: principal, resource: resource, permission: permission))
          }
          continue
        }
        for column in columns(body) {
          for row in rows where has(principal, permission, key, body, column, row) {
            atoms.insert(
              Atom(
                principal: principal, resource: resource, column: column, row: row,
                permission: permission))
          }
        }
      }
    }
    return atoms
  }

  private let permissions = ["SELECT", "DESCRIBE", "ALTER"].flatMap { [$0, $0 + "+"] }

  private var rows: [Set<String>] {
    [[], [conditions[0]], [conditions[1]], Set(conditions)]
  }

  private func columns(_ table: JSON) -> [String] {
    (table["StorageDescriptor"]?["Columns"]?.array ?? []).compactMap { $0["Name"]?.string }
  }

  private func has(
    _ principal: String, _ permission: String, _ key: RecordKey, _ body: JSON, _ column: String?,
    _ row: Set<String>
  ) -> Bool {
    if permission == "DESCRIBE", isAdmin(principal, key, column) { return true }
    for (at, grant) in bodies(.grant) where Self.principal(grant) == principal {
      guard gives(grant, at.account, permission, key, body, column, row) else { continue }
      if at.account == key.account { return true }
      let isGiven = bodies(.grant).contains { giver, given in
        giver.account == key.account && Self.principal(given) == at.account
          && gives(given, giver.account, permission, key, body, column, row)
      }
      if isGiven { return true }
    }
    return false
  }

  private func isAdmin(_ principal: String, _ key: RecordKey, _ column: String?) -> Bool {
    bodies(.settings).contains { at, settings in
      if at.account == key.account {
        return admins(settings, "DataLakeAdmins").contains(principal)
          || admins(settings, "ReadOnlyAdmins").contains(principal)
      }
      guard admins(settings, "DataLakeAdmins").contains(principal) else { return false }
      // Anything at all that its account was given there.
      return !atoms(of: at.account).filter { $0.resource == Self.resource(key) }.isEmpty
    }
  }

  private static func resource(_ key: RecordKey) -> AccessResource {
    key.kindName == "database"
      ? .database(account: key.account, key.path[0])
      : .table(account: key.account, database: key.path[0], key.path[1])
  }

  /// Whether one grant alone gives one permission on one cell.
  private func gives(
    _ grant: JSON, _ account: String, _ permission: String, _ key: RecordKey, _ body: JSON,
    _ column: String?, _ row: Set<String>
  ) -> Bool {
    let isOption = permission.hasSuffix("+")
    let list = isOption ? "PermissionsWithGrantOption" : "Permissions"
    let name = isOption ? String(permission.dropLast()) : permission
    guard let listed = grant[list]?.strings, listed.contains(name),
      let (member, resource) = grant["Resource"]?.object?.first
    else { return false }
    let owner = resource["CatalogId"]?.string ?? resource["TableCatalogId"]?.string ?? account
    guard owner == key.account else { return false }
    let isTable = key.kindName == "table"
    switch member {
    case "Database": return !isTable && resource["Name"]?.string == key.path[0]
    case "Table":
      return isTable && resource["DatabaseName"]?.string == key.path[0]
        && (resource["TableWildcard"] != nil || resource["Name"]?.string == key.path[1])
    case "TableWithColumns":
      guard let column, isTable else { return false }
      return resource["DatabaseName"]?.string == key.path[0]
        && resource["Name"]?.string == key.path[1] && shows(resource, column)
    case "DataCellsFilter":
      return isTable && filterShows(resource, key, column, row)
    case "LFTagPolicy":
      guard (resource["ResourceType"] == "TABLE") == isTable else { return false }
      let path = key.path + (column.map { [$0] } ?? [])
      return matches(resource["Expression"] ?? [], tags(owner, path))
    default: return false
    }
  }

  private func shows(_ body: JSON, _ column: String) -> Bool {
    if let excluded = body["ColumnWildcard"] {
      return !(excluded["ExcludedColumnNames"]?.strings ?? []).contains(column)
    }
    return (body["ColumnNames"]?.strings ?? []).contains(column)
  }

  private func filterShows(
    _ resource: JSON, _ key: RecordKey, _ column: String?, _ row: Set<String>
  ) -> Bool {
    let path = ["DatabaseName", "TableName", "Name"].compactMap { resource[$0]?.string }
    guard Array(path.prefix(2)) == key.path, let column,
      let filter = records[RecordKey(account: key.account, kind: .dataCellsFilter, path: path)]
    else { return false }
    let condition = filter["RowFilter"]?["FilterExpression"]?.string
    return shows(filter, column) && (condition.map(row.contains) ?? true)
  }

  private func tags(_ account: String, _ path: [String]) -> [String: [String]] {
    var tags: [String: [String]] = [:]
    for depth in 1...path.count {
      let key = RecordKey(
        account: account, kind: .tagAssignment, path: Array(path.prefix(depth)))
      for tag in records[key]?["LFTags"]?.array ?? [] {
        tags[tag["TagKey"]?.string ?? ""] = tag["TagValues"]?.strings ?? []
      }
    }
    return tags
  }

  private func matches(_ expression: JSON, _ tags: [String: [String]]) -> Bool {
    let terms = expression.array ?? []
    return !terms.isEmpty
      && terms.allSatisfy { term in
        let values = tags[term["TagKey"]?.string ?? ""] ?? []
        return values.contains { (term["TagValues"]?.strings ?? []).contains($0) }
      }
  }
}
