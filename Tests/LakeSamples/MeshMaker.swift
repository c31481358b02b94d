import CanonicalJSON
import GrantSnapshot
import MeshModel

/// Numbers that follow from a seed: SplitMix64.
public struct SeededNumbers: RandomNumberGenerator {
  public var state: UInt64

  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Small meshes with a bit of everything.
public struct MeshMaker {
  public var numbers: SeededNumbers
  /// Whether the consumer has a catalog of its own, and defaults may be open.
  private let inBothAccounts: Bool

  public init(seed: UInt64, inBothAccounts: Bool = false) {
    numbers = SeededNumbers(state: seed)
    self.inBothAccounts = inBothAccounts
  }

  private let databases = ["d1", "d2"]
  private let tables = ["t1", "t2", "t3"]
  private let columns = ["a", "b", "c"]
  private let principals = [
    Sample.analyst, Sample.guest, Sample.consumer, "\(Sample.owner):IAMPrincipals",
    "\(Sample.consumer):IAMPrincipals", "IAM_ALLOWED_PRINCIPALS",
    "arn:aws:iam::222222222222:role/admin",
  ]

  public mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &numbers) < percent
  }
  public mutating func some(_ list: [String], _ percent: Int) -> [String] {
    list.filter { _ in chance(percent) }
  }
  public mutating func one(_ list: [String]) -> String { list.randomElement(using: &numbers) ?? "" }

  public mutating func records() -> [Record] {
    var records = [
      Sample.settings(admins: chance(30) ? [one([Sample.analyst, Sample.guest])] : []),
      Sample.settings(
        Sample.consumer, admins: chance(50) ? [principals[6]] : [],
        readers: chance(20) ? [Sample.guest] : []),
    ]
    for database in databases where chance(90) {
      records.append(Sample.database(database))
      records += tagged([database])
      for table in tables where chance(80) {
        records.append(Sample.table(database, table, columns: columns))
        records += tagged([database, table])
        for column in columns where chance(30) { records += tagged([database, table, column]) }
      }
    }
    if inBothAccounts { records += more() }
    for name in ["f1", "f2"] where chance(80) { records.append(filter(name)) }
    for _ in 0..<Int.random(in: 0..<14, using: &numbers) { records.append(grant()) }
    if inBothAccounts { records = Self.withTargets(records) }
    // Each key once, as in every archive.
    return Self.unique(records)
  }

  /// What only whole regions have: resource links, expressions with policies that name them, and
  /// defaults that are open.
  private mutating func more() -> [Record] {
    var records: [Record] = []
    if chance(50) {
      records.append(
        Sample.database(
          "link", in: Sample.consumer,
          target: ["CatalogId": .string(Sample.owner), "DatabaseName": "d1"]))
      records.append(
        Sample.grant(
          Sample.guest, On.database("link", of: Sample.consumer), ["DESCRIBE"],
          in: Sample.consumer))
    }
    if chance(60) {
      let terms = ["k", "l"].reduce(into: [:]) { $0[$1] = some(["x", "y"], 60) }
      records.append(Sample.expression("e", terms.filter { !$0.value.isEmpty }))
      for principal in some(principals, 30) {
        records.append(Sample.grant(principal, On.policy(named: "e"), ["SELECT"]))
      }
    }
    if chance(30) {
      records.append(Sample.database("open", defaults: Self.everybody))
      records.append(Sample.table("open", "t1", columns: columns))
    }
    return records
  }

  private static let everybody: JSON = [
    [
      "Principal": ["DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"],
      "Permissions": ["ALL"],
    ]
  ]

  /// The records as they may be after people worked on them: some gone, some others, some new.
  public mutating func drifted(_ records: [Record]) -> [Record] {
    var other = MeshMaker(seed: numbers.next(), inBothAccounts: inBothAccounts)
    let foreign = Dictionary(uniqueKeysWithValues: other.records().map { ($0.key, $0) })
    var drifted: [Record] = []
    for record in records {
      if record.key.kindName != "settings", chance(15) { continue }
      let isOther = chance(15)
      drifted.append(altered(isOther ? foreign[record.key] ?? record : record))
    }
    drifted += foreign.values.sorted { $0.key < $1.key }.filter { _ in chance(15) }
    return Self.existing(Self.unique(drifted))
  }

  /// A table whose columns somebody changed, now and then.
  private mutating func altered(_ record: Record) -> Record {
    guard record.key.kindName == "table", chance(20) else { return record }
    let path = record.key.path
    return Sample.table(path[0], path[1], columns: some(columns + ["extra"], 70))
  }

  /// Without grants on what is not there, which AWS removes with their resource.
  private static func withTargets(_ records: [Record]) -> [Record] {
    let keys = Set(records.map(\.key))
    return records.filter { record in
      guard record.key.kindName == "grant", let body = try? record.value(),
        let resource = GrantResource(body["Resource"] ?? nil, account: record.key.account)
      else { return true }
      return resource.target(in: resource.catalog).map(keys.contains) ?? true
    }
  }

  /// Without what lies in databases and tables that are not there.
  private static func existing(_ records: [Record]) -> [Record] {
    let keys = Set(records.map(\.key.text))
    let columns = Set(records.flatMap(columnNames))
    return records.filter { record in
      let path = record.key.path
      if record.key.kindName == "tag-assignment", path.count == 3, !columns.contains(path) {
        return false
      }
      guard ["table", "tag-assignment", "data-cells-filter"].contains(record.key.kindName) else {
        return true
      }
      let head = "\(record.key.account)/glue/"
      let inTable = path.count > 2 || record.key.kindName == "tag-assignment" && path.count == 2
      return keys.contains(head + "database/\(path[0])")
        && (!inTable || keys.contains(head + "table/\(path[0])/\(path[1])"))
    }
  }

  private static func columnNames(_ table: Record) -> [[String]] {
    guard table.key.kindName == "table", let body = try? table.value() else { return [] }
    return (body["StorageDescriptor"]?["Columns"]?.array ?? []).compactMap {
      $0["Name"]?.string.map { table.key.path + [$0] }
    }
  }

  public static func unique(_ records: [Record]) -> [Record] {
    Dictionary(records.map { ($0.key, $0) }) { first, _ in first }.values.sorted { $0.key < $1.key }
  }

  private mutating func tagged(_ path: [String]) -> [Record] {
    let tags = some(["k", "l"], 40)
    guard !tags.isEmpty else { return [] }
    return [
      Sample.tags(path, tags.reduce(into: [:]) { $0[$1] = one(["x", "y"]) })
    ]
  }

  private mutating func filter(_ name: String) -> Record {
    let shown: JSON =
      chance(50)
      ? ["ColumnWildcard": ["ExcludedColumnNames": JSON(some(columns, 30))]]
      : ["ColumnNames": JSON(some(columns, 60))]
    return Sample.filter(
      name, on: ("d1", "t1"), rows: chance(75) ? one(["r = 1", "s = 1"]) : nil, columns: shown)
  }

  private mutating func grant() -> Record {
    let isHandedOn = chance(25)
    let resource = resource()
    let type = resource.object?.first?.key ?? ""
    let isReading = ["TableWithColumns", "DataCellsFilter"].contains(type)
    let given = isReading ? ["SELECT"] : some(["SELECT", "DESCRIBE", "ALTER"], 60)
    let isDatabase = type == "Database" || resource["LFTagPolicy"]?["ResourceType"] == "DATABASE"
    let permissions = given.filter { !isDatabase || $0 != "SELECT" }
    return Sample.grant(
      isHandedOn ? one([Sample.guest, principals[4]]) : one(principals), resource, permissions,
      option: some(permissions, 30), in: isHandedOn ? Sample.consumer : Sample.owner)
  }

  /// Always of the owner's catalog.
  private mutating func resource() -> JSON {
    let (database, table) = (one(databases), one(tables))
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0: return On.database(database)
    case 1: return On.table(database, table)
    case 2:
      return [
        "Table": [
          "CatalogId": .string(Sample.owner), "DatabaseName": .string(database),
          "TableWildcard": [:],
        ]
      ]
    case 3: return owned(On.columns(database, table, [one(columns), one(columns)]))
    case 4: return owned(On.columns(database, table, allBut: [one(columns)]))
    case 5: return fixed(On.filter(one(["f1", "f2"])))
    default:
      let keys = some(["k", "l"], 60)
      let terms = keys.reduce(into: [:]) { $0[$1] = some(["x", "y"], 60) }
      let type = chance(70) ? "TABLE" : "DATABASE"
      // AWS refuses a policy on no tag.
      return keys.isEmpty ? On.database(database) : On.policy(terms, on: type)
    }
  }

  private func owned(_ resource: JSON) -> JSON {
    var resource = resource
    resource["TableWithColumns"]?["CatalogId"] = .string(Sample.owner)
    return resource
  }

  private func fixed(_ resource: JSON) -> JSON {
    var resource = resource
    resource["DataCellsFilter"]?["DatabaseName"] = "d1"
    resource["DataCellsFilter"]?["TableName"] = "t1"
    return resource
  }
}
