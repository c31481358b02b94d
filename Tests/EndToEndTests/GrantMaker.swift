import CanonicalJSON
import GrantSnapshot
import MeshModel

/// Makes grants up on the lake of `GrantNormalFormTests`, the same for the same seed.
struct GrantMaker {
  static let account = "111111111111"
  static let platform = "arn:aws:iam::111111111111:role/mesh-platform"

  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  /// What is given, and what it comes to: one fact for each permission and each grant option.
  struct Grant {
    let entry: JSON
    let facts: [String]
  }

  private static let principals = [
    "arn:aws:iam::111111111111:role/analyst", "arn:aws:iam::111111111111:role/pipeline",
    "111111111111:IAMPrincipals", "arn:aws:identitystore:::group/9067ef9a-1", "222222222222",
  ]
  private static let conditions: [JSON?] = [
    nil, nil, nil, ["Expression": "context.user.level == 'a'"],
    ["Expression": "context.user.level == 'b'"],
  ]

  mutating func grant() -> Grant {
    let form = pick(GrantForm.all)
    let principal = pick(Self.principals)
    let condition = pick(Self.conditions)
    var permissions = form.permissions.filter { _ in draw(2) == 0 }
    if permissions.isEmpty { permissions = [pick(form.permissions)] }
    if !form.expanded.isEmpty, draw(5) == 0 { permissions = ["ALL"] }
    let grantable = permissions.filter { _ in draw(3) == 0 }
    var entry: JSON = [
      "Principal": ["DataLakePrincipalIdentifier": .string(principal)],
      "Resource": form.resource, "Permissions": JSON(permissions),
    ]
    if !grantable.isEmpty { entry["PermissionsWithGrantOption"] = JSON(grantable) }
    entry["Condition"] = condition
    let end = " \(principal) \(condition?.canonicalText ?? "")"
    let plain = form.facts(permissions).map { $0 + end }
    let options = form.facts(grantable).map { "option \($0 + end)" }
    return Grant(entry: entry, facts: plain + options)
  }

  /// What the normal form of a record says, in the same words.
  static func facts(of record: Record) throws -> [String] {
    let body = try record.value()
    let comparable = GrantKind().comparable(body)
    let condition = body["Condition"]?.canonicalText
    var path = record.key.path
    if condition != nil { path.removeLast() }
    let principal = path.removeLast()
    path.removeAll { $0 == account }
    let end = " on \(path.joined(separator: " ")) \(principal) \(condition ?? "")"
    return (comparable["Permissions"]?.strings ?? []).map { $0 + end }
      + (comparable["PermissionsWithGrantOption"]?.strings ?? []).map { "option \($0 + end)" }
  }

  /// What Lake Formation gives creators, and leaves to everybody on a catalog, by itself.
  static func isImplicit(_ record: Record) throws -> Bool {
    let principal = try record.value()["Principal"]?["DataLakePrincipalIdentifier"]?.string
    return principal == platform || principal == "IAM_ALLOWED_PRINCIPALS"
  }

  private mutating func draw(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[draw(choices.count)]
  }
}

/// A resource that can be granted, and what is known of grants on it.
struct GrantForm {
  let resource: JSON
  /// How the normal form calls it.
  let name: String
  /// Where SELECT on it is found, if not there.
  var select: String?
  /// What can be granted besides ALL.
  let permissions: [String]
  /// What ALL comes to; nothing where it isn't tried.
  var expanded: [String] = []

  /// ALL is everything that it stands for, and SELECT on a table is one on all of its columns.
  func facts(_ given: [String]) -> [String] {
    let each = given.contains("ALL") ? expanded : given
    return each.map { "\($0) on \($0 == "SELECT" ? select ?? name : name)" }
  }

  private static let onTable = ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
  private static let onDatabase = ["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"]

  private static func table(_ name: String) -> GrantForm {
    GrantForm(
      resource: ["Table": ["DatabaseName": "shop", "Name": .string(name)]],
      name: "table shop \(name)", select: "columns shop \(name) *", permissions: onTable,
      expanded: onTable)
  }

  private static func columns(_ member: String, _ choice: JSON, _ name: String) -> GrantForm {
    var body: JSON = ["DatabaseName": "shop", "Name": "people"]
    body[member] = choice
    return GrantForm(
      resource: ["TableWithColumns": body], name: "columns shop people \(name)",
      permissions: ["SELECT"])
  }

  private static func policy(_ type: String, _ member: String, _ value: JSON) -> JSON {
    var body: JSON = ["ResourceType": .string(type)]
    body[member] = value
    return ["LFTagPolicy": body]
  }

  static let all: [GrantForm] = [
    table("orders"), table("people"),
    GrantForm(
      resource: ["Table": ["DatabaseName": "shop", "TableWildcard": [:]]],
      name: "all-tables shop", select: "all-columns shop", permissions: onTable,
      expanded: onTable),
    GrantForm(
      resource: ["Database": ["Name": "shop"]], name: "database shop", permissions: onDatabase,
      expanded: onDatabase),
    GrantForm(resource: ["Catalog": [:]], name: "catalog", permissions: ["CREATE_DATABASE"]),
    columns("ColumnNames", ["price", "id"], "id,price"),
    columns("ColumnNames", ["id"], "id"),
    columns("ColumnWildcard", ["ExcludedColumnNames": ["salary", "id"]], "*-id,salary"),
    GrantForm(
      resource: [
        "DataCellsFilter": [
          "TableCatalogId": .string(GrantMaker.account), "DatabaseName": "shop",
          "TableName": "people", "Name": "west",
        ]
      ], name: "filter shop people west", permissions: ["SELECT"]),
    GrantForm(
      resource: ["DataLocation": ["ResourceArn": "arn:aws:s3:::lake/shop"]],
      name: "data-location arn:aws:s3:::lake/shop", permissions: ["DATA_LOCATION_ACCESS"]),
    GrantForm(
      resource: ["LFTag": ["TagKey": "level", "TagValues": ["low", "high"]]],
      name: "lf-tag level high,low", permissions: ["ASSOCIATE", "DESCRIBE"]),
    GrantForm(
      resource: policy(
        "TABLE", "Expression", [["TagKey": "level", "TagValues": ["low", "high"]]]),
      name: "lf-tag-policy TABLE level=high,low", permissions: onTable),
    GrantForm(
      resource: policy("DATABASE", "ExpressionName", "plain"),
      name: "lf-tag-policy DATABASE plain", permissions: onDatabase, expanded: onDatabase),
  ]
}
