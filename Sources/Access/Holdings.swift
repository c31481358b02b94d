/// A permission on whatever bears certain tags.
struct TagPolicy: Sendable, Hashable {
  /// Whose tags it goes by.
  let account: String
  /// The number of its expression.
  let expression: Int
  /// Whether it is on databases; else on tables and columns.
  let isOnDatabases: Bool
  var permissions: Permissions
}

/// What one principal was given, as it was given.
struct Holdings: Sendable {
  var named: [AccessResource: Access] = [:]
  /// On all tables of a database, whichever they are.
  var allTables: [AccessResource: Access] = [:]
  /// By the account whose tags they go by.
  var policies: [String: [TagPolicy]] = [:]

  /// Accounts in which it holds something that is not on one named resource.
  var broadAccounts: Set<String> {
    Set(policies.keys).union(allTables.keys.map(\.account))
      .union(named.keys.compactMap { if case .catalog(let account) = $0 { account } else { nil } })
  }

  mutating func add(_ access: Access, on resource: AccessResource) {
    guard !access.isEmpty else { return }
    named[resource, default: Access()].formUnion(access)
  }

  mutating func add(_ policy: TagPolicy) {
    policies[policy.account, default: []].append(policy)
  }

  /// What it comes to on one resource.
  func access(to resource: AccessResource, in lake: LakeModel) -> Access {
    var access = named[resource] ?? Access()
    let account = resource.account
    switch resource {
    case .table(_, let database, _):
      if let all = allTables[.database(account: account, database)] { access.formUnion(all) }
      if let table = lake.tables[resource] {
        for policy in policies[account] ?? [] where !policy.isOnDatabases {
          access.formUnion(policy.access(to: table, in: lake))
        }
      }
    case .database:
      guard let database = lake.databases[resource] else { break }
      for policy in policies[account] ?? [] where policy.isOnDatabases {
        if lake.isMatched(database.tags, by: policy.expression) {
          access.permissions.formUnion(policy.permissions)
        }
      }
    case .catalog, .newDatabases, .newTables, .other:
      return access
    }
    if let catalog = named[.catalog(account)], catalog.permissions.seesEverything {
      access.permissions.insert("DESCRIBE")
    }
    return access
  }
}

extension TagPolicy {
  /// Permissions on the table where its own tags match; SELECT on each column whose tags do.
  fileprivate func access(to table: LakeTable, in lake: LakeModel) -> Access {
    let isTableMatched = lake.isMatched(table.tags, by: expression)
    var access = Access()
    if isTableMatched { access.permissions = permissions.without("SELECT") }
    guard permissions.has("SELECT") || permissions.has("SELECT", grantable: true) else {
      return access
    }
    let unlike = table.columnTags.filter {
      lake.isMatched($0.value, by: expression) != isTableMatched
    }.keys
    let columns = isTableMatched ? ColumnSet(allBut: unlike) : ColumnSet(unlike)
    if permissions.has("SELECT") { access.reading = Reading(columns) }
    if permissions.has("SELECT", grantable: true) { access.grantableReading = Reading(columns) }
    return access
  }
}

extension Permissions {
  /// Administrators of either kind see all metadata of their catalog.
  var seesEverything: Bool { has("ADMINISTER") || has("READ_ONLY_ADMINISTER") }
}
