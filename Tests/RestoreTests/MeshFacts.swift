import CanonicalJSON
import MeshModel

@testable import Restore

/// Records of a mesh in words of the tests: what each says, member by member.
struct MeshFacts: Equatable {
  /// By the keys of the records. One without members is none.
  var records: [RecordKey: [String: String]] = [:]

  init() {}

  init(_ list: [Record]) throws {
    for record in list {
      let members = try Self.members(record)
      // A database or a table is there whatever is said of it.
      if !members.isEmpty || Self.isContainer(record.key) { records[record.key] = members }
    }
  }

  static func isContainer(_ key: RecordKey) -> Bool {
    ["database", "table"].contains(key.kindName)
  }

  private static func members(_ record: Record) throws -> [String: String] {
    let body = try record.value()
    var members: [String: String] = [:]
    switch record.key.kindName {
    case "settings":
      add(principals(body["DataLakeAdmins"]), "admin", &members)
      add(principals(body["ReadOnlyAdmins"]), "reader", &members)
      add(defaults(body["CreateDatabaseDefaultPermissions"]), "new databases", &members)
      add(defaults(body["CreateTableDefaultPermissions"]), "new tables", &members)
    case "database":
      members["target"] = body["TargetDatabase"]?.canonicalText
      add(defaults(body["CreateTableDefaultPermissions"]), "new tables", &members)
    case "table":
      let columns = (body["StorageDescriptor"]?["Columns"]?.array ?? []).compactMap {
        $0["Name"]?.string
      }
      members["columns"] = columns.joined(separator: ",")
    case "tag-assignment":
      for tag in body["LFTags"]?.array ?? [] {
        members[tag["TagKey"]?.string ?? ""] = tag["TagValues"]?.canonicalText
      }
    case "grant":
      add(body["Permissions"]?.strings ?? [], "permission", &members)
      add(body["PermissionsWithGrantOption"]?.strings ?? [], "option", &members)
    default:
      members["all"] = body.canonicalText
    }
    return members
  }

  private static func add(_ words: [String], _ list: String, _ members: inout [String: String]) {
    for word in words { members["\(list) \(word)"] = "given" }
  }

  private static func principals(_ list: JSON?) -> [String] {
    (list?.array ?? []).compactMap { $0["DataLakePrincipalIdentifier"]?.string }
  }

  private static func defaults(_ list: JSON?) -> [String] {
    (list?.array ?? []).flatMap { entry in
      (entry["Permissions"]?.strings ?? []).map {
        "\(entry["Principal"]?["DataLakePrincipalIdentifier"]?.string ?? ""): \($0)"
      }
    }
  }
}

/// Three meshes merged as the documentation says it, with nothing of the product's merge in it.
struct MergeOracle {
  let base: MeshFacts
  let secondary: MeshFacts
  let primary: MeshFacts
  let choice: ConflictChoice
  private(set) var merged = MeshFacts()
  /// The keys of records in conflict.
  private(set) var conflicts: Set<String> = []
  /// Those that no rule decides.
  private(set) var undecided: Set<String> = []
  /// Databases and tables that are not to be there, and those of which all is one side's.
  private var gone: Set<RecordKey> = []
  private var wholly: [RecordKey: MeshFacts] = [:]

  init(
    _ base: [Record], _ secondary: [Record], _ primary: [Record], _ choice: ConflictChoice
  ) throws {
    self.base = try MeshFacts(base)
    self.secondary = try MeshFacts(secondary)
    self.primary = try MeshFacts(primary)
    self.choice = choice
    for record in base + secondary + primary where record.key.kindName == "grant" {
      grantPlaces[record.key] = try Self.place(of: record)
    }
    let keys = Set(self.base.records.keys).union(self.secondary.records.keys)
      .union(self.primary.records.keys)
    for kind in ["database", "table"] {
      for key in keys where key.kindName == kind { mergeContainer(key, keys) }
    }
    for key in keys where !MeshFacts.isContainer(key) { mergeContent(key) }
  }

  // MARK: - What others lie in

  private mutating func mergeContainer(_ key: RecordKey, _ keys: Set<RecordKey>) {
    if isSettled(key) { return }
    let (was, left, right) = (base.records[key], secondary.records[key], primary.records[key])
    guard was != nil, (left == nil) != (right == nil) else {
      if left == nil, right == nil { gone.insert(key) } else { mergeMembers(key) }
      return
    }
    let survivor = left == nil ? primary : secondary
    let below = keys.filter { $0 == key || Self.lies($0, in: key) }
    guard below.contains(where: { survivor.records[$0] != base.records[$0] }) else {
      gone.insert(key)
      return
    }
    conflicts.insert(key.text)
    let chosen = choice == .secondary ? secondary : primary
    if let members = chosen.records[key] {
      merged.records[key] = members
      wholly[key] = chosen
    } else {
      gone.insert(key)
    }
  }

  /// What is no grant, and lies in a database or a table.
  private static func lies(_ key: RecordKey, in container: RecordKey) -> Bool {
    guard ["table", "tag-assignment", "data-cells-filter"].contains(key.kindName),
      key.account == container.account
    else { return false }
    let depth = container.kindName == "database" ? 1 : 2
    return key.path.count >= depth && key.path.prefix(depth) == container.path.prefix(depth)
      && (depth == 1 || key.kindName != "table")
  }

  /// The containers of a record: its database, and its table.
  private func containers(of key: RecordKey) -> [RecordKey] {
    var account = key.account
    var path = key.path
    if key.kindName == "grant" { (account, path) = grantPlaces[key] ?? (account, []) }
    guard !["settings", "lf-tag-expression"].contains(key.kindName), let database = path.first
    else { return [] }
    var places = [RecordKey(account: account, kind: .database, path: [database])]
    if path.count > 1 {
      places.append(RecordKey(account: account, kind: .table, path: Array(path.prefix(2))))
    }
    return places.filter { $0 != key }
  }

  /// Where a grant's resource is, read from the record itself.
  private var grantPlaces: [RecordKey: (account: String, path: [String])] = [:]

  private static func place(of grant: Record) throws -> (account: String, path: [String]) {
    guard let (type, resource) = try grant.value()["Resource"]?.object?.first else {
      return (grant.key.account, [])
    }
    let names: [String?]
    switch type {
    case "Database": names = [resource["Name"]?.string]
    case "Table", "TableWithColumns":
      names = [resource["DatabaseName"]?.string, resource["Name"]?.string]
    case "DataCellsFilter":
      names = [resource["DatabaseName"]?.string, resource["TableName"]?.string]
    default: names = []
    }
    let owner = (resource["CatalogId"] ?? resource["TableCatalogId"])?.string
    return (owner ?? grant.key.account, names.compactMap(\.self))
  }

  /// Whether what a record lies in has decided it: then it is merged already, or not there.
  private mutating func isSettled(_ key: RecordKey) -> Bool {
    for place in containers(of: key) {
      if gone.contains(place) {
        if key.kindName == "table" { gone.insert(key) }
        return true
      }
      if let side = wholly[place] {
        if let members = side.records[key] {
          merged.records[key] = members
          if MeshFacts.isContainer(key) { wholly[key] = side }
        } else if MeshFacts.isContainer(key) {
          gone.insert(key)
        }
        return true
      }
    }
    return false
  }

  // MARK: - Everything else

  private mutating func mergeContent(_ key: RecordKey) {
    if isSettled(key) { return }
    let (was, left, right) = (base.records[key], secondary.records[key], primary.records[key])
    switch key.kindName {
    case "grant" where was != nil && (left == nil || right == nil):
      return
    case "data-cells-filter", "lf-tag-expression":
      if let was, (left == nil) != (right == nil) {
        let survivor = left ?? right
        if survivor == was { return }
        conflicts.insert(key.text)
        merged.records[key] = choice == .secondary ? left : right
        return
      }
      if was != nil, left != was, right != was, left != right, left != nil, right != nil {
        undecided.insert(key.text)
      }
      if left == nil, right == nil { return }
      mergeMembers(key)
    default: mergeMembers(key)
    }
  }

  private mutating func mergeMembers(_ key: RecordKey) {
    let was = base.records[key] ?? [:]
    let left = secondary.records[key] ?? [:]
    let right = primary.records[key] ?? [:]
    var result = right
    // The secondary's edits, one after the other.
    for name in Set(was.keys).union(left.keys) where left[name] != was[name] {
      if right[name] != was[name], right[name] != left[name] {
        conflicts.insert(key.text)
        if choice != .secondary { continue }
      }
      result[name] = left[name]
    }
    // What only one side has of a record that was not there is that side's.
    if !result.isEmpty || MeshFacts.isContainer(key) { merged.records[key] = result }
  }
}
