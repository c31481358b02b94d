import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel

@testable import Restore

/// A small catalog in words: tables with what is said of them, their partitions, and their grants.
struct SmallCatalog: Equatable {
  struct Table: Equatable {
    /// `description`, `owner`, `columns`, and parameters: what can change by itself.
    var members: [String: String]
    var partitions: [String: String] = [:]
    /// Permissions by principal.
    var grants: [String: Set<String>] = [:]

    /// Without grants: what two sides have to agree on.
    var content: Table { Table(members: members, partitions: partitions) }
  }

  var tables: [String: Table] = [:]
}

// MARK: - As records, and back

extension SmallCatalog {
  var records: [RecordKey: Record] {
    let all = tables.flatMap { name, table in
      [Self.record(name, table.members)]
        + table.partitions.map { Self.partition(name, $0.key, $0.value) }
        + table.grants.map { principal, permissions in
          Sample.grant(
            to: Self.arn(principal), on: Sample.onTable("sales", name), permissions.sorted())
        }
    }
    return Dictionary(
      (all + [Sample.database("sales")]).map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  private static func record(_ name: String, _ members: [String: String]) -> Record {
    var body: JSON = ["Name": .string(name), "DatabaseName": "sales", "CreateTime": 1]
    var parameters: [String: JSON] = [:]
    for (member, value) in members {
      switch member {
      case "description": body["Description"] = .string(value)
      case "owner": body["Owner"] = .string(value)
      case "columns":
        body["StorageDescriptor"] = [
          "Columns": [["Name": .string(value), "Type": "string"]],
          "Location": .string("s3://bucket/\(name)/"),
        ]
      default: parameters[member] = .string(value)
      }
    }
    body["Parameters"] = .object(parameters)
    return Record(key: Sample.key(.table, "sales", name), value: body)
  }

  private static func partition(_ table: String, _ value: String, _ content: String) -> Record {
    Record(
      key: Sample.key(.partition, "sales", table, value),
      value: [
        "Values": [.string(value)], "DatabaseName": "sales", "TableName": .string(table),
        "Parameters": ["content": .string(content)],
      ])
  }

  private static func arn(_ principal: String) -> String {
    "arn:aws:iam::222222222222:role/\(principal)"
  }

  init(_ records: [Record]) throws {
    self.init()
    for record in records {
      let body = try record.value()
      let path = record.key.path
      switch Kind(record.key.service, record.key.kindName) {
      case .table:
        var members: [String: String] = [:]
        members["description"] = body["Description"]?.string
        members["owner"] = body["Owner"]?.string
        let column = body["StorageDescriptor"]?["Columns"]?.array?.first
        members["columns"] = column?["Name"]?.string
        for (name, value) in body["Parameters"]?.object ?? [:] { members[name] = value.string }
        tables[path[1], default: Table(members: [:])].members = members
      case .partition:
        tables[path[1], default: Table(members: [:])].partitions[path[2]] =
          body["Parameters"]?["content"]?.string
      case .grant:
        let principal = body["Principal"]?["DataLakePrincipalIdentifier"]?.string ?? ""
        let table = body["Resource"]?["Table"]?["Name"]?.string ?? ""
        let name = principal.split(separator: "/").last.map(String.init) ?? ""
        tables[table, default: Table(members: [:])].grants[name] = Set(
          body["Permissions"]?.strings ?? [])
      default: break
      }
    }
  }
}

// MARK: - Merged by the product

/// What a merge of three catalogs came to.
struct MergeResult: Equatable {
  var catalog: SmallCatalog
  /// The tables and partitions in conflict: `orders`, `orders/2026`.
  var conflicts: Set<String>
  var unjustified: [String] = []
}

/// Merges records as `CatalogMerge` does, kind by kind.
func judged(
  base: [RecordKey: Record], secondary: [RecordKey: Record], primary: [RecordKey: Record],
  _ terms: MergeTerms
) throws -> (records: [Record], report: FailbackReport) {
  var judge = MergeJudge(terms, FailbackReport(from: "eu-west-1", baseRun: nil, onConflict: ""))
  let keys = Set(base.keys).union(secondary.keys).union(primary.keys).sorted()
  func triples(_ kind: any ResourceKind) throws -> [RecordTriple] {
    try keys.filter { $0.service == kind.kind.service && $0.kindName == kind.kind.name }.map {
      RecordTriple(
        key: $0, base: base[$0], mapped: try base[$0]?.value(), there: $0,
        secondary: secondary[$0], primary: primary[$0])
    }
  }
  let kinds =
    allRestorable.filter(\.kind.belongsToDatabase)
    + allRestorable.filter { !$0.kind.belongsToDatabase }
  for kind in kinds where [.database, .table].contains(kind.kind) {
    for triple in try triples(kind) { judge.noteRemoval(triple) }
  }
  for kind in kinds where kind.kind.belongsToDatabase {
    for triple in try triples(kind) { try judge.noteChange(RecordShape(kind), triple) }
  }
  var records: [Record] = []
  for kind in kinds {
    for triple in try triples(kind) {
      if let record = try judge.merged(RecordShape(kind), triple) { records.append(record) }
    }
  }
  return (records, judge.finished())
}

func merged(
  _ base: SmallCatalog, _ secondary: SmallCatalog, _ primary: SmallCatalog,
  _ choice: ConflictChoice
) throws -> MergeResult {
  let (records, report) = try judged(
    base: base.records, secondary: secondary.records, primary: primary.records,
    MergeTerms(choice: choice))
  let conflicts = report.conflicts.compactMap { RecordKey($0.key)?.path.dropFirst() }
  return MergeResult(
    catalog: try SmallCatalog(records), conflicts: Set(conflicts.map { $0.joined(separator: "/") }),
    unjustified: report.unjustified)
}

// MARK: - Merged otherwise

/// The same in other words: the secondary's edits are carried out on the primary, one after the other.
func replayed(
  _ base: SmallCatalog, _ secondary: SmallCatalog, _ primary: SmallCatalog,
  _ choice: ConflictChoice
) -> MergeResult {
  var result = MergeResult(catalog: primary, conflicts: [])
  for name in Set(base.tables.keys).union(secondary.tables.keys).union(primary.tables.keys) {
    let (was, left, right) = (base.tables[name], secondary.tables[name], primary.tables[name])
    if let was, (left == nil) != (right == nil) {
      let survivor = left ?? right
      if survivor?.content == was.content {
        result.catalog.tables[name] = nil
      } else {
        result.conflicts.insert(name)
        result.catalog.tables[name] = choice == .secondary ? left : right
      }
      continue
    }
    guard let left else { continue }
    guard var table = right else {
      result.catalog.tables[name] = left
      continue
    }
    let before = was ?? SmallCatalog.Table(members: [:])
    var isDisputed = false
    for (member, value) in edits(from: before.members, to: left.members) {
      let theirs = edits(from: before.members, to: table.members)
      if let other = theirs[member], other != value {
        isDisputed = true
        if choice != .secondary { continue }
      }
      table.members[member] = value
    }
    if isDisputed { result.conflicts.insert(name) }
    for (partition, value) in edits(from: before.partitions, to: left.partitions) {
      let theirs = edits(from: before.partitions, to: table.partitions)
      if let other = theirs[partition], other != value {
        result.conflicts.insert("\(name)/\(partition)")
        if choice != .secondary { continue }
      }
      table.partitions[partition] = value
    }
    for principal in Set(before.grants.keys).union(left.grants.keys) {
      let (old, new) = (before.grants[principal], left.grants[principal])
      if old != nil, new == nil || table.grants[principal] == nil {
        table.grants[principal] = nil
        continue
      }
      let revoked = (old ?? []).subtracting(new ?? [])
      let given = (new ?? []).subtracting(old ?? [])
      let left = (table.grants[principal] ?? []).union(given).subtracting(revoked)
      table.grants[principal] = left.isEmpty ? nil : left
    }
    result.catalog.tables[name] = table
  }
  return result
}

private func edits(
  from old: [String: String], to new: [String: String]
) -> [String: String?] {
  var edits: [String: String?] = [:]
  for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
    edits.updateValue(new[name], forKey: name)
  }
  return edits
}

// MARK: - Made at random

extension SmallCatalog {
  static func random(_ numbers: inout SeededNumbers) -> SmallCatalog {
    var catalog = SmallCatalog()
    for name in ["orders", "returns", "stock"] where Int.random(in: 0..<4, using: &numbers) > 0 {
      catalog.tables[name] = table(&numbers)
    }
    return catalog
  }

  private static func table(_ numbers: inout SeededNumbers) -> Table {
    var table = Table(members: ["columns": "id"])
    for member in ["description", "owner", "format", "sla"] where Bool.random(using: &numbers) {
      table.members[member] = word(&numbers)
    }
    for day in ["1", "2", "3"] where Bool.random(using: &numbers) {
      table.partitions[day] = word(&numbers)
    }
    for principal in ["ana", "ben"] where Bool.random(using: &numbers) {
      table.grants[principal] = permissions(&numbers)
    }
    return table
  }

  private static func word(_ numbers: inout SeededNumbers) -> String {
    ["a", "b", "c"].randomElement(using: &numbers) ?? "a"
  }

  private static func permissions(_ numbers: inout SeededNumbers) -> Set<String> {
    let all = ["DELETE", "DESCRIBE", "INSERT"].filter { _ in Bool.random(using: &numbers) }
    return all.isEmpty ? ["DESCRIBE"] : Set(all)
  }

  /// The same with up to a few changes.
  func changed(_ numbers: inout SeededNumbers) -> SmallCatalog {
    var catalog = self
    for _ in 0..<Int.random(in: 0...4, using: &numbers) {
      let name = ["orders", "returns", "stock"].randomElement(using: &numbers) ?? "orders"
      guard var table = catalog.tables[name] else {
        catalog.tables[name] = Self.table(&numbers)
        continue
      }
      let word = Bool.random(using: &numbers) ? Self.word(&numbers) : nil
      let day = ["1", "2", "3"].randomElement(using: &numbers) ?? "1"
      let principal = ["ana", "ben"].randomElement(using: &numbers) ?? "ana"
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0: table.members["description"] = word
      case 1: table.members["columns"] = word ?? "id"
      case 2: table.members["format"] = word
      case 3: table.partitions[day] = word
      case 4:
        table.grants[principal] = word == nil ? nil : Self.permissions(&numbers)
      default:
        catalog.tables[name] = nil
        continue
      }
      catalog.tables[name] = table
    }
    return catalog
  }
}
