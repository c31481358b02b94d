import CanonicalJSON
import CatalogSnapshot
import MeshModel

/// What a grant is on, in one form for every way in which AWS lists it.
public struct GrantResource: Sendable, Hashable {
  public enum Form: String, Sendable, Hashable {
    case catalog, database, table, columns, filter, policy = "lf-tag-policy", tag = "lf-tag"
    case allTables = "all-tables"
    /// SELECT on all tables, which AWS lists apart from the other permissions on them.
    case allColumns = "all-columns"
    case location = "data-location"
    case expression = "lf-tag-expression"
  }

  public let form: Form
  /// The account whose catalog the resource is in.
  public let catalog: String
  /// What names it there: database and table, tag and values.
  public let names: [String]
  /// The resource as grant and revoke calls take it.
  public let request: JSON

  /// Nil for a resource of a type that is not known here.
  /// - Parameter account: the catalog that is meant where the resource names none.
  public init?(_ resource: JSON, account: String) {
    guard let (member, body) = resource.object?.first, resource.object?.count == 1 else {
      return nil
    }
    guard let parsed = Self.parse(member, body) else { return nil }
    (form, names, request) = parsed
    let named =
      body["CatalogId"] ?? body["TableCatalogId"] ?? (member == "Catalog" ? body["Id"] : nil)
    catalog = named?.string ?? account
  }

  /// The key's path: the resource first, so that what hangs on one resource stands together.
  public func path(principal: String, condition: JSON?) -> [String] {
    let head = form == .policy ? [form.rawValue] : [form.rawValue, catalog]
    return head + names + [principal] + (condition.map { [$0.canonicalText] } ?? [])
  }

  /// The record that the grant is on, if it is of a kind that is captured.
  public func target(in account: String) -> RecordKey? {
    guard catalog == account else { return nil }
    switch form {
    case .database, .allTables, .allColumns:
      return RecordKey(account: account, kind: .database, path: Array(names.prefix(1)))
    case .table, .columns:
      return RecordKey(account: account, kind: .table, path: Array(names.prefix(2)))
    case .filter:
      return RecordKey(account: account, kind: .dataCellsFilter, path: names)
    case .tag:
      return RecordKey(account: account, kind: .lfTag, path: Array(names.prefix(1)))
    case .expression:
      return RecordKey(account: account, kind: .lfTagExpression, path: Array(names.prefix(1)))
    case .catalog, .policy, .location:
      return nil
    }
  }

  /// The locations that hold the one that is granted, itself included: what is registered covers
  /// what lies below it.
  var enclosingLocations: [String] {
    guard let location = names.first else { return [] }
    return [location]
      + location.indices.filter { location[$0] == "/" }.flatMap {
        [String(location[..<$0]), String(location[...$0])]
      }
  }

  /// Names that stand together in one part of a key can't be taken for one another.
  private static func joined(_ names: [String]) -> String {
    names.map { name in
      guard name.contains(where: "%,=&*".contains) else { return name }
      return ["%", ",", "=", "&", "*"].reduce(name) { text, mark in
        let code = String(mark.utf8.first ?? 0, radix: 16, uppercase: true)
        return text.replacing(mark, with: "%\(code)")
      }
    }.joined(separator: ",")
  }

  private static func parse(_ member: String, _ body: JSON) -> (Form, [String], JSON)? {
    let database = body["DatabaseName"]?.string ?? ""
    let name = body["Name"]?.string ?? ""
    switch member {
    case "Catalog": return (.catalog, [], ["Catalog": body])
    case "Database": return (.database, [name], ["Database": body])
    case "Table": return table(body, database: database, name: name)
    case "TableWithColumns": return columns(body, database: database, name: name)
    case "DataCellsFilter":
      let table = body["TableName"]?.string ?? ""
      return (.filter, [database, table, name], ["DataCellsFilter": body])
    case "DataLocation":
      return (.location, [body["ResourceArn"]?.string ?? ""], ["DataLocation": body])
    case "LFTag":
      let values = joined((body["TagValues"] ?? []).lowercased.sorted.strings)
      return (.tag, [body["TagKey"]?.string?.lowercased() ?? "", values], ["LFTag": body])
    case "LFTagPolicy": return policy(body)
    case "LFTagExpression": return (.expression, [name], ["LFTagExpression": body])
    default: return nil
    }
  }

  private static func table(_ body: JSON, database: String, name: String) -> (Form, [String], JSON)
  {
    guard body["TableWildcard"] != nil || name == "ALL_TABLES" else {
      return (.table, [database, name], ["Table": body])
    }
    return (.allTables, [database], ["Table": wildcard(body)])
  }

  private static func columns(
    _ body: JSON, database: String, name: String
  ) -> (Form, [String], JSON) {
    if name == "ALL_TABLES" { return (.allColumns, [database], ["Table": wildcard(body)]) }
    let listed = (body["ColumnNames"] ?? []).sorted.strings
    let excluded = (body["ColumnWildcard"]?["ExcludedColumnNames"] ?? []).sorted.strings
    let columns =
      body["ColumnWildcard"] == nil
      ? joined(listed) : excluded.isEmpty ? "*" : "*-" + joined(excluded)
    return (.columns, [database, name, columns], ["TableWithColumns": body])
  }

  /// All tables of a database are listed under a name, but granted by a wildcard.
  private static func wildcard(_ body: JSON) -> JSON {
    var table: JSON = ["DatabaseName": body["DatabaseName"] ?? nil, "TableWildcard": [:]]
    table["CatalogId"] = body["CatalogId"]
    return table
  }

  private static func policy(_ body: JSON) -> (Form, [String], JSON) {
    let terms = (body["Expression"]?.array ?? []).map { term -> String in
      let values = joined((term["TagValues"] ?? []).lowercased.sorted.strings)
      return "\(joined([term["TagKey"]?.string?.lowercased() ?? ""]))=\(values)"
    }
    let expression =
      body["ExpressionName"]?.string.map { joined([$0]) } ?? terms.sorted().joined(separator: "&")
    return (.policy, [body["ResourceType"]?.string ?? "", expression], ["LFTagPolicy": body])
  }
}
