import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// Reads records into an `AccessSet`, in any order.
public struct AccessBuilder {
  private var assigned: [RecordKey: [String: Set<String>]] = [:]
  private var databases: [AccessResource: RecordKey] = [:]
  private var tables: [(resource: AccessResource, key: RecordKey, columns: Set<String>)] = []
  private var links: [AccessResource: AccessResource] = [:]
  private var filters: [AccessResource: [String: Reading]] = [:]
  private var expressions: [String: [String: Set<TagTerm>]] = [:]
  private var grants: [(account: String, body: JSON)] = []
  private var accounts: Set<String> = []
  var own: [String: Holdings] = [:]

  public init() {}

  /// Whether records of a kind say anything about access. Others need not be read.
  public static func needs(_ kind: Kind) -> Bool {
    kind.service == "lakeformation" || [.database, .table].contains(kind)
  }

  /// Takes over one record.
  /// - Throws: `JSONError` where its body can't be read.
  public mutating func add(_ record: Record) throws(JSONError) {
    guard Self.needs(Kind(record.key.service, record.key.kindName)) else { return }
    add(record.key, try record.value())
  }

  public mutating func add(_ key: RecordKey, _ body: JSON) {
    let kind = Kind(key.service, key.kindName)
    guard Self.needs(kind) else { return }
    accounts.insert(key.account)
    switch kind {
    case .settings: addSettings(key.account, body)
    case .database: addDatabase(key, body)
    case .table: addTable(key, body)
    case .tagAssignment: assigned[key.lowercased] = body.tagValues
    case .dataCellsFilter: addFilter(key, body)
    case .grant: grants.append((key.account, body))
    case Kind("lakeformation", "lf-tag-expression"):
      let name = body["Name"]?.string ?? key.path.first ?? ""
      expressions[key.account, default: [:]][name] = body["Expression"].map(\.terms)
    default: break
    }
  }

  private mutating func give(_ principal: String, _ access: Access, on resource: AccessResource) {
    own[principal, default: Holdings()].add(access, on: resource)
  }

  private mutating func addSettings(_ account: String, _ settings: JSON) {
    for (member, permission) in [
      ("DataLakeAdmins", "ADMINISTER"), ("ReadOnlyAdmins", "READ_ONLY_ADMINISTER"),
    ] {
      for principal in (settings[member]?.array ?? []).compactMap(\.principal) {
        give(principal, Access(Permissions([permission])), on: .catalog(account))
      }
    }
    addDefaults(settings["CreateDatabaseDefaultPermissions"], .newDatabases(account: account))
    addDefaults(
      settings["CreateTableDefaultPermissions"], .newTables(account: account, database: nil))
  }

  private mutating func addDefaults(_ defaults: JSON?, _ resource: AccessResource) {
    for entry in defaults?.array ?? [] {
      guard let principal = entry["Principal"]?.principal else { continue }
      give(principal, Access(Permissions(entry["Permissions"]?.strings ?? [])), on: resource)
    }
  }

  private mutating func addDatabase(_ key: RecordKey, _ body: JSON) {
    let name = (key.path.first ?? "").lowercased()
    let resource = AccessResource.database(account: key.account, name)
    databases[resource] = key.lowercased
    links[resource] = body["TargetDatabase"]?.linkTarget(of: key.account)
    addDefaults(
      body["CreateTableDefaultPermissions"], .newTables(account: key.account, database: name))
  }

  private mutating func addTable(_ key: RecordKey, _ body: JSON) {
    let names = key.path.map { $0.lowercased() }
    guard names.count >= 2 else { return }
    let resource = AccessResource.table(account: key.account, database: names[0], names[1])
    let columns =
      (body["StorageDescriptor"]?["Columns"]?.array ?? [])
      + (body["PartitionKeys"]?.array ?? [])
    tables.append(
      (resource, key.lowercased, Set(columns.compactMap { $0["Name"]?.string?.lowercased() })))
    links[resource] = body["TargetTable"]?.linkTarget(of: key.account)
  }

  private mutating func addFilter(_ key: RecordKey, _ body: JSON) {
    let names = key.path.map { $0.lowercased() }
    guard names.count >= 3 else { return }
    let table = AccessResource.table(account: key.account, database: names[0], names[1])
    filters[table, default: [:]][names[2]] = body.filterReading
  }

  /// The access that all records together give.
  public func finished() -> AccessSet {
    var lake = LakeModel()
    lake.accounts = accounts
    addResources(to: &lake)
    var reader = GrantReader(lake: lake, own: own, filters: filters, expressions: expressions)
    for grant in grants { reader.add(grant.body, of: grant.account) }
    lake.match(reader.used.values)
    return AccessSet(
      lake: lake, own: reader.own, handedOn: reader.handedOn, links: links, notes: reader.notes)
  }

  private func addResources(to lake: inout LakeModel) {
    var tagsOf: [AccessResource: TagSet] = [:]
    for (resource, key) in databases {
      let tags = TagSet(account: resource.account, values: assignment(below: key, []))
      tagsOf[resource] = tags
      lake.databases[resource] = LakeDatabase(tags: lake.tagSets.number(of: tags))
    }
    let columnKeys = Dictionary(grouping: assigned.keys.filter { $0.path.count == 3 }) {
      RecordKey(account: $0.account, kind: .table, path: Array($0.path.prefix(2)))
    }
    for (resource, key, columns) in tables {
      let database = AccessResource.database(account: key.account, key.path[0])
      let inherited = tagsOf[database] ?? TagSet(account: key.account, values: [:])
      let tags = inherited.overridden(by: assignment(below: key, []))
      var table = LakeTable(
        columns: columns.isEmpty ? nil : columns, tags: lake.tagSets.number(of: tags))
      for column in columnKeys[key] ?? [] where columns.contains(column.path[2]) {
        let number = lake.tagSets.number(of: tags.overridden(by: assigned[column] ?? [:]))
        if number != table.tags { table.columnTags[column.path[2]] = number }
      }
      lake.tables[resource] = table
      lake.databases[database]?.tables.append(key.path[1])
    }
  }

  private func assignment(below key: RecordKey, _ path: [String]) -> [String: Set<String>] {
    let key = RecordKey(account: key.account, kind: .tagAssignment, path: key.path + path)
    return assigned[key] ?? [:]
  }
}

extension RecordKey {
  /// The same key with its path in lower case, as Glue keeps names.
  fileprivate var lowercased: RecordKey {
    RecordKey(
      account: account, kind: Kind(service, kindName), path: path.map { $0.lowercased() })
  }
}

extension JSON {
  var principal: String? { self["DataLakePrincipalIdentifier"]?.string }

  /// `[{"TagKey": ..., "TagValues": [...]}]`; LF-Tags are kept in lower case.
  private var tagPairs: [(String, Set<String>)] {
    (array ?? []).compactMap { pair in
      pair["TagKey"]?.string.map {
        ($0.lowercased(), Set((pair["TagValues"]?.strings ?? []).map { $0.lowercased() }))
      }
    }
  }

  fileprivate var tagValues: [String: Set<String>] {
    Dictionary((self["LFTags"] ?? []).tagPairs) { $0.union($1) }
  }

  var terms: Set<TagTerm> { Set(tagPairs.map { TagTerm(key: $0.0, values: $0.1) }) }

  fileprivate func linkTarget(of account: String) -> AccessResource {
    let owner = self["CatalogId"]?.string ?? account
    let database = (self["DatabaseName"]?.string ?? "").lowercased()
    guard let name = self["Name"]?.string else { return .database(account: owner, database) }
    return .table(account: owner, database: database, name.lowercased())
  }

  /// What a data cells filter shows.
  fileprivate var filterReading: Reading {
    let rows = self["RowFilter"]?["FilterExpression"]?.string?.trimmed ?? ""
    let isOpen = self["RowFilter"]?["AllRowsWildcard"] != nil || rows.lowercased() == "true"
    return Reading(columnSet, of: isOpen ? .all : RowFilter([rows]))
  }

  /// The columns that a filter or a grant names, or all but those that it leaves out.
  var columnSet: ColumnSet {
    if let wildcard = self["ColumnWildcard"] {
      return ColumnSet(allBut: (wildcard["ExcludedColumnNames"]?.strings ?? []).lowercased)
    }
    return ColumnSet((self["ColumnNames"]?.strings ?? []).lowercased)
  }
}

extension [String] {
  fileprivate var lowercased: [String] { map { $0.lowercased() } }
}

extension String {
  fileprivate var trimmed: String {
    let head = drop { $0.isWhitespace }
    return String(head.reversed().drop { $0.isWhitespace }.reversed())
  }
}
