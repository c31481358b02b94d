import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// How records of a kind are taken apart into what can change by itself, and put together again.
///
/// Only what is known to be independent is a unit of its own: a table's description and its columns,
/// two permissions of one grant. Everything else changes as a whole.
struct RecordShape {
  enum Form {
    /// One unit.
    case whole
    /// Each member, each key of `Parameters`, and what says what a table's data is together.
    case members
    /// The members of lists of principals and permissions, each by itself.
    case settings
    case grant
    /// The values of an LF-Tag.
    case tagValues
    /// Each LF-Tag that is assigned.
    case assignment
    /// The statements of a resource policy.
    case policy
    /// The members of an optimizer's configuration but whether it is enabled: that is never carried from
    /// one region to another.
    case optimizer
  }

  let kind: any ResourceKind
  let form: Form

  init(_ kind: any ResourceKind) {
    self.kind = kind
    form =
      switch kind.kind {
      case .table, .database, Kind("glue", "crawler"), Kind("lakeformation", "location"): .members
      case .settings: .settings
      case .grant: .grant
      case .lfTag: .tagValues
      case .tagAssignment: .assignment
      case .resourcePolicy: .policy
      case .tableOptimizer: .optimizer
      default: .whole
      }
  }

  var rule: MergeRule {
    switch kind.kind {
    case .grant: .access
    case .resourcePolicy, .tagAssignment: .parts
    case .columnStatistics, .partitionStatistics: .derived
    default: .plain
    }
  }

  // MARK: - Apart

  /// The one unit of what changes as a whole.
  static let whole = "."
  /// What says what a table's data is and where, together.
  static let schema = "schema"
  private static let schemaMembers: Set = [
    "StorageDescriptor", "PartitionKeys", "TableType", "TargetTable", "ViewOriginalText",
    "ViewExpandedText", "ViewDefinition",
  ]
  private static let schemaParameters: Set = [
    "metadata_location", "previous_metadata_location", "table_type",
  ]
  private static let parameters = "Parameters"
  static let statements = "Statement"
  static let defaults: Set = [
    "CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions",
  ]
  static let principals: Set = [
    "DataLakeAdmins", "ReadOnlyAdmins", "TrustedResourceOwners", "ExternalDataFilteringAllowList",
    "AuthorizedSessionTagValueList",
  ]

  func units(of body: JSON) -> Units {
    let comparable = kind.comparable(body)
    guard let members = comparable.object else { return [Self.whole: comparable] }
    switch form {
    case .whole: return [Self.whole: comparable]
    case .assignment: return members
    case .optimizer: return members.filter { $0.key != "enabled" }
    case .tagValues, .grant: return listed(members)
    case .policy: return listed([Self.statements: members[Self.statements] ?? []])
    case .settings, .members: return units(of: members)
    }
  }

  private func listed(_ members: [String: JSON]) -> Units {
    var units: Units = [:]
    for (name, list) in members { add(list, of: name, to: &units) }
    return units
  }

  private func add(_ list: JSON, of name: String, to units: inout Units) {
    for element in list.array ?? [] { units["\(name)[\(element.canonicalText)]"] = element }
  }

  private func units(of members: [String: JSON]) -> Units {
    var units: Units = [:]
    var schema: [String: JSON] = [:]
    for (name, value) in members {
      switch name {
      case Self.parameters:
        for (key, value) in value.object ?? [:] {
          let path = "\(Self.parameters).\(key)"
          if isOfSchema(parameter: key) { schema[path] = value } else { units[path] = value }
        }
      case _ where Self.defaults.contains(name):
        add(.array(Self.pairs(value)), of: name, to: &units)
      case _ where Self.principals.contains(name) && form == .settings:
        add(value, of: name, to: &units)
      case _ where kind.kind == .table && Self.schemaMembers.contains(name): schema[name] = value
      default: units[name] = value
      }
    }
    if !schema.isEmpty { units[Self.schema] = .object(schema) }
    return units
  }

  private func isOfSchema(parameter: String) -> Bool {
    kind.kind == .table
      && (Self.schemaParameters.contains(parameter) || parameter.hasPrefix("spark.sql."))
  }

  /// What each principal gets by default, one permission at a time.
  private static func pairs(_ list: JSON) -> [JSON] {
    (list.array ?? []).flatMap { entry in
      (entry["Permissions"]?.array ?? []).map { permission in
        var pair = entry
        pair["Permissions"] = .array([permission])
        return pair
      }
    }
  }

  // MARK: - Together

  /// A body that has just these units.
  /// - Parameter bodies: the record as the sides have it, the best first: that is changed, where records
  ///   of the kind are put together of parts, and else one is taken that has the units. Not empty.
  func body(_ units: Units, from bodies: [JSON]) -> JSON {
    if form == .whole, let same = bodies.first(where: { self.units(of: $0) == units }) {
      return same
    }
    guard var body = bodies.first else { return .object(units) }
    let had = self.units(of: body)
    let changed = Set(had.keys).union(units.keys).filter { had[$0] != units[$0] }
    // A policy that can't be read as one.
    if changed.contains(Self.whole) {
      return bodies.first { self.units(of: $0) == units } ?? body
    }
    var lists: Set<String> = []
    for name in changed.sorted() {
      if let list = Self.list(of: name) {
        lists.insert(list)
      } else {
        set(name, units[name], was: had[name], in: &body)
      }
    }
    for list in lists.sorted() { set(list, units, in: &body) }
    return body
  }

  /// The list that a unit is an element of.
  static func list(of unit: String) -> String? {
    guard unit.hasSuffix("]"), let bracket = unit.firstIndex(of: "["),
      !unit.hasPrefix("Parameters.")
    else { return nil }
    return String(unit[..<bracket])
  }

  private func set(_ name: String, _ value: JSON?, was: JSON?, in body: inout JSON) {
    switch form {
    case .assignment:
      var tags = (body["LFTags"]?.array ?? []).filter { $0["TagKey"]?.string?.lowercased() != name }
      if let value { tags.append(["TagKey": .string(name), "TagValues": value]) }
      body["LFTags"] = .array(tags)
    case .optimizer:
      var configuration = body["configuration"] ?? [:]
      configuration[name] = value
      body["configuration"] = configuration
    default:
      guard name == Self.schema, kind.kind == .table else { return set(name, value, in: &body) }
      let members = Set(value?.object?.keys.map(\.self) ?? [])
      for member in members.union(was?.object?.keys.map(\.self) ?? []).sorted() {
        set(member, value?[member], in: &body)
      }
    }
  }

  private func set(_ name: String, _ value: JSON?, in body: inout JSON) {
    let prefix = "\(Self.parameters)."
    guard name.hasPrefix(prefix) else {
      body[name] = value
      return
    }
    var parameters = body[Self.parameters] ?? [:]
    parameters[String(name.dropFirst(prefix.count))] = value
    body[Self.parameters] = parameters
  }

  private func set(_ list: String, _ units: Units, in body: inout JSON) {
    let elements = units.filter { Self.list(of: $0.key) == list }.sorted { $0.key < $1.key }
      .map(\.value)
    if Self.defaults.contains(list) {
      body[list] = .array(Self.grouped(elements))
    } else if form == .policy {
      let text = body["PolicyInJson"]?.string ?? "{}"
      var document = (try? JSON(parsing: text)) ?? [:]
      document[list] = .array(elements)
      body["PolicyInJson"] = .string(document.canonicalText)
    } else {
      body[list] = .array(elements)
    }
  }

  private static func grouped(_ pairs: [JSON]) -> [JSON] {
    var entries: [(entry: JSON, permissions: [JSON])] = []
    for pair in pairs {
      var entry = pair
      entry["Permissions"] = nil
      let permission = pair["Permissions"]?.array ?? []
      if let index = entries.firstIndex(where: { $0.entry == entry }) {
        entries[index].permissions += permission
      } else {
        entries.append((entry, permission))
      }
    }
    return entries.map { entry, permissions in
      var entry = entry
      entry["Permissions"] = .array(permissions)
      return entry
    }
  }
}
