import CanonicalJSON
import GrantSnapshot
import MeshModel

/// Reads grants into what each principal holds.
struct GrantReader {
  let lake: LakeModel
  var own: [String: Holdings]
  let filters: [AccessResource: [String: Reading]]
  let expressions: [String: [String: Set<TagTerm>]]
  private(set) var handedOn: [String: [String: Holdings]] = [:]
  private(set) var notes: [String] = []
  /// The expressions of all policies.
  private(set) var used = Interner<TagExpression>()

  init(
    lake: LakeModel, own: [String: Holdings], filters: [AccessResource: [String: Reading]],
    expressions: [String: [String: Set<TagTerm>]]
  ) {
    (self.lake, self.own, self.filters, self.expressions) = (lake, own, filters, expressions)
  }

  /// - Parameter account: in whose records the grant stands.
  mutating func add(_ body: JSON, of account: String) {
    guard let principal = body["Principal"]?.principal,
      let resource = GrantResource(body["Resource"] ?? nil, account: account)
    else {
      notes.append("a grant in \(account) is on a type of resource that is not known")
      return
    }
    let permissions = Permissions(body, on: resource)
    // Taken out while they change, so that they are not copied each time.
    if resource.catalog == account {
      var holdings = own.removeValue(forKey: principal) ?? Holdings()
      give(resource, permissions, body["Condition"], to: &holdings)
      own[principal] = holdings
    } else {
      var holdings = handedOn[principal]?.removeValue(forKey: account) ?? Holdings()
      give(resource, permissions, body["Condition"], to: &holdings)
      handedOn[principal, default: [:]][account] = holdings
    }
  }

  private mutating func give(
    _ resource: GrantResource, _ permissions: Permissions, _ condition: JSON?,
    to holdings: inout Holdings
  ) {
    let account = resource.catalog
    let names = resource.names.map { $0.lowercased() }
    if let condition {
      // Conditions look at attributes of the principal, which nobody here knows.
      let name =
        "\(resource.form.rawValue) \(resource.names.joined(separator: ".")) if "
        + (condition["Expression"]?.string ?? condition.canonicalText)
      holdings.add(Access(permissions), on: .other(account: account, name))
      return
    }
    switch resource.form {
    case .catalog: holdings.add(Access(permissions), on: .catalog(account))
    case .database:
      holdings.add(Access(permissions), on: .database(account: account, names[0]))
    case .allTables, .allColumns:
      let database = AccessResource.database(account: account, names[0])
      holdings.allTables[database, default: Access()].formUnion(
        Access(permissions, reading: .everything))
    case .table:
      holdings.add(
        Access(permissions, reading: .everything),
        on: .table(account: account, database: names[0], names[1]))
    case .columns:
      let columns = resource.request["TableWithColumns"]?.columnSet ?? ColumnSet([])
      holdings.add(
        Access(permissions, reading: Reading(columns)),
        on: .table(account: account, database: names[0], names[1]))
    case .filter: giveFilter(names, account, permissions, to: &holdings)
    case .policy: givePolicy(resource, permissions, to: &holdings)
    case .tag, .location, .expression:
      holdings.add(Access(permissions), on: .other(account: account, resource.title))
    }
  }

  /// SELECT on a filter is reading what it shows; anything else is on the filter itself.
  private func giveFilter(
    _ names: [String], _ account: String, _ permissions: Permissions, to holdings: inout Holdings
  ) {
    let table = AccessResource.table(account: account, database: names[0], names[1])
    let title = "filter \(names.joined(separator: "."))"
    let rest = Access(permissions.without("SELECT"))
    holdings.add(rest, on: .other(account: account, title))
    var shown = filters[table]?[names[2]]
    // The owner's records would tell. Without them only the same filter is the same.
    if shown == nil, !lake.accounts.contains(account) {
      shown = Reading(.all, of: RowFilter([title]))
    }
    guard let shown else { return }
    var access = Access(permissions, reading: shown)
    access.permissions = Permissions()
    holdings.add(access, on: table)
  }

  private mutating func givePolicy(
    _ resource: GrantResource, _ permissions: Permissions, to holdings: inout Holdings
  ) {
    let account = resource.catalog
    let policy = resource.request["LFTagPolicy"] ?? [:]
    let terms: Set<TagTerm>?
    if let name = policy["ExpressionName"]?.string {
      terms = expressions[account]?[name]
    } else {
      terms = policy["Expression"].map(\.terms) ?? []
    }
    guard let terms, lake.accounts.contains(account) else {
      if lake.accounts.contains(account) {
        notes.append("the records of \(account) do not hold the expression of \(resource.title)")
      }
      holdings.add(Access(permissions), on: .other(account: account, resource.title))
      return
    }
    holdings.add(
      TagPolicy(
        account: account,
        expression: used.number(of: TagExpression(account: account, terms: terms)),
        isOnDatabases: resource.names.first == "DATABASE", permissions: permissions))
  }
}

extension GrantResource {
  /// The resource in one line, for people.
  var title: String {
    let place = names.joined(separator: ".")
    switch form {
    case .catalog: return "the catalog"
    case .database: return "database \(place)"
    case .table: return "table \(place)"
    case .allTables, .allColumns: return "all tables of \(place)"
    case .columns: return columnsTitle
    case .filter: return "filter \(place)"
    case .policy:
      return "policy on \(names.first ?? "") \(names.dropFirst().joined(separator: "."))"
    case .tag: return "LF-Tag \(names.joined(separator: "="))"
    case .location: return "location \(place)"
    case .expression: return "LF-Tag expression \(place)"
    }
  }

  private var columnsTitle: String {
    let table = names.prefix(2).joined(separator: ".")
    let columns = request["TableWithColumns"]?.columnSet ?? ColumnSet([])
    if columns.isAll { return "table \(table)" }
    let names = columns.names.sorted().joined(separator: ", ")
    return columns.isComplement ? "\(table) without \(names)" : "\(names) of \(table)"
  }
}

extension Permissions {
  /// The permissions of a grant, ALL and its synonym SUPER written out.
  fileprivate init(_ body: JSON, on resource: GrantResource) {
    let all = Self.all(on: resource)
    func expanded(_ member: String) -> [String] {
      let listed = body[member]?.strings ?? []
      guard listed.contains(where: { $0 == "ALL" || $0 == "SUPER" }) else { return listed }
      return listed.filter { $0 != "ALL" && $0 != "SUPER" } + all
    }
    self.init(expanded("Permissions"), grantable: expanded("PermissionsWithGrantOption"))
  }

  /// What ALL lets its holder do. It counts with SELECT here, although AWS lists that apart.
  private static func all(on resource: GrantResource) -> [String] {
    let database = ["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"]
    switch resource.form {
    case .database: return database
    case .policy where resource.names.first == "DATABASE": return database
    case .table, .allTables, .policy:
      return ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
    case .columns, .allColumns, .filter: return ["SELECT"]
    case .tag, .expression: return ["ALTER", "DROP"]
    case .catalog: return ["CREATE_DATABASE"]
    case .location: return ["DATA_LOCATION_ACCESS"]
    }
  }
}

extension Access {
  /// Permissions on a table, with SELECT as far as `reading` goes.
  fileprivate init(_ permissions: Permissions, reading: Reading) {
    self.init(permissions.without("SELECT"))
    if permissions.has("SELECT") { self.reading = reading }
    if permissions.has("SELECT", grantable: true) { grantableReading = reading }
  }
}
