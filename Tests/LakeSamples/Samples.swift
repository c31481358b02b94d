import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// Records of small meshes, as AWS returns them.
public enum Sample {
  public static let owner = "111111111111"
  public static let consumer = "222222222222"
  public static let analyst = "arn:aws:iam::111111111111:role/analyst"
  public static let guest = "arn:aws:iam::222222222222:role/guest"

  public static func key(_ account: String, _ kind: Kind, _ path: String...) -> RecordKey {
    RecordKey(account: account, kind: kind, path: path)
  }

  public static func settings(
    _ account: String = owner, admins: [String] = [], readers: [String] = [],
    openTo principal: String? = nil
  ) -> Record {
    func list(_ names: [String]) -> JSON {
      .array(names.map { ["DataLakePrincipalIdentifier": .string($0)] })
    }
    let open: JSON =
      principal.map {
        [["Principal": ["DataLakePrincipalIdentifier": .string($0)], "Permissions": ["ALL"]]]
      } ?? []
    return Record(
      key: key(account, .settings),
      value: [
        "DataLakeAdmins": list(admins), "ReadOnlyAdmins": list(readers),
        "CreateDatabaseDefaultPermissions": open, "CreateTableDefaultPermissions": open,
      ])
  }

  public static func database(
    _ name: String, in account: String = owner, target: JSON? = nil, defaults: JSON? = nil
  ) -> Record {
    var body: JSON = ["Name": .string(name)]
    body["TargetDatabase"] = target
    body["CreateTableDefaultPermissions"] = defaults
    return Record(key: key(account, .database, name), value: body)
  }

  public static func table(
    _ database: String, _ name: String, in account: String = owner,
    columns: [String] = ["id", "salary"], target: JSON? = nil
  ) -> Record {
    var body: JSON = [
      "Name": .string(name), "DatabaseName": .string(database),
      "StorageDescriptor": [
        "Columns": .array(columns.map { ["Name": .string($0), "Type": "string"] })
      ],
    ]
    body["TargetTable"] = target
    return Record(key: key(account, .table, database, name), value: body)
  }

  public static func tags(_ path: [String], in account: String = owner, _ tags: [String: String])
    -> Record
  {
    let pairs = tags.sorted { $0.key < $1.key }.map { tag, value in
      ["TagKey": .string(tag), "TagValues": [.string(value)]] as JSON
    }
    return Record(
      key: RecordKey(account: account, kind: .tagAssignment, path: path),
      value: ["LFTags": .array(pairs)])
  }

  public static func filter(
    _ name: String, on table: (String, String) = ("sales", "orders"), rows: String?,
    columns: JSON = ["ColumnWildcard": [:]]
  ) -> Record {
    var body = columns
    body["RowFilter"] =
      rows.map { ["FilterExpression": .string($0)] } ?? ["AllRowsWildcard": [:]]
    body["Name"] = .string(name)
    return Record(key: key(owner, .dataCellsFilter, table.0, table.1, name), value: body)
  }

  public static func expression(_ name: String, _ terms: [String: [String]]) -> Record {
    Record(
      key: key(owner, Kind("lakeformation", "lf-tag-expression"), name),
      value: ["Name": .string(name), "Expression": Sample.terms(terms)])
  }

  public static func grant(
    _ principal: String, _ resource: JSON, _ permissions: [String], option: [String] = [],
    in account: String = owner, condition: JSON? = nil, shares: [String] = []
  ) -> Record {
    let parsed = GrantResource(resource, account: account)
    var body: JSON = [
      "Principal": ["DataLakePrincipalIdentifier": .string(principal)], "Resource": resource,
      "Permissions": JSON(permissions), "PermissionsWithGrantOption": JSON(option),
    ]
    body["Condition"] = condition
    if !shares.isEmpty { body["AdditionalDetails"] = ["ResourceShare": JSON(shares)] }
    return Record(
      key: RecordKey(
        account: account, kind: .grant,
        path: parsed?.path(principal: principal, condition: condition) ?? [principal]),
      value: body)
  }

  public static func terms(_ terms: [String: [String]]) -> JSON {
    .array(
      terms.sorted { $0.key < $1.key }.map {
        ["TagKey": .string($0.key), "TagValues": JSON($0.value)]
      })
  }
}

/// Resources as grants name them.
public enum On {
  public static func database(_ name: String, of owner: String = Sample.owner) -> JSON {
    ["Database": ["CatalogId": .string(owner), "Name": .string(name)]]
  }

  public static func table(_ database: String, _ name: String, of owner: String = Sample.owner)
    -> JSON
  {
    [
      "Table": [
        "CatalogId": .string(owner), "DatabaseName": .string(database), "Name": .string(name),
      ]
    ]
  }

  public static func allTables(_ database: String) -> JSON {
    ["Table": ["DatabaseName": .string(database), "TableWildcard": [:]]]
  }

  public static func columns(_ database: String, _ table: String, _ names: [String]) -> JSON {
    [
      "TableWithColumns": [
        "DatabaseName": .string(database), "Name": .string(table), "ColumnNames": JSON(names),
      ]
    ]
  }

  public static func columns(_ database: String, _ table: String, allBut names: [String]) -> JSON {
    [
      "TableWithColumns": [
        "DatabaseName": .string(database), "Name": .string(table),
        "ColumnWildcard": ["ExcludedColumnNames": JSON(names)],
      ]
    ]
  }

  public static func filter(_ name: String, of owner: String = Sample.owner) -> JSON {
    [
      "DataCellsFilter": [
        "TableCatalogId": .string(owner), "DatabaseName": "sales", "TableName": "orders",
        "Name": .string(name),
      ]
    ]
  }

  public static func policy(
    _ terms: [String: [String]], on type: String = "TABLE", of owner: String = Sample.owner
  ) -> JSON {
    [
      "LFTagPolicy": [
        "CatalogId": .string(owner), "ResourceType": .string(type),
        "Expression": Sample.terms(terms),
      ]
    ]
  }

  public static func policy(named name: String) -> JSON {
    [
      "LFTagPolicy": [
        "CatalogId": .string(Sample.owner), "ResourceType": "TABLE",
        "ExpressionName": .string(name),
      ]
    ]
  }
}
