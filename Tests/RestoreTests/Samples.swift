import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel
import ServiceSnapshot

@testable import Restore

/// Records of a small account, as AWS returns them.
enum Sample {
  static let account = "111111111111"
  static let analyst = "arn:aws:iam::222222222222:role/analyst"
  static let restorer = "arn:aws:iam::111111111111:role/meshdr-restorer"

  static func key(_ kind: Kind, _ path: String...) -> RecordKey {
    RecordKey(account: account, kind: kind, path: path)
  }

  static func database(_ name: String, defaults: JSON = []) -> Record {
    Record(
      key: key(.database, name),
      value: [
        "Name": .string(name), "CatalogId": .string(account), "CreateTime": 1,
        "CreateTableDefaultPermissions": defaults,
      ])
  }

  static func table(
    _ database: String, _ name: String, columns: [String] = ["id"], partitioned: Bool = false
  ) -> Record {
    let columns = columns.map { ["Name": .string($0), "Type": "string"] as JSON }
    return Record(
      key: key(.table, database, name),
      value: [
        "Name": .string(name), "DatabaseName": .string(database), "VersionId": "1",
        "StorageDescriptor": [
          "Columns": .array(columns), "Location": .string("s3://bucket/\(name)/"),
        ],
        "PartitionKeys": partitioned ? [["Name": "dt", "Type": "date"]] : [],
      ])
  }

  static func partition(_ database: String, _ table: String, _ value: String) -> Record {
    Record(
      key: key(.partition, database, table, value),
      value: [
        "Values": [.string(value)], "DatabaseName": .string(database), "TableName": .string(table),
        "StorageDescriptor": ["Location": .string("s3://bucket/\(table)/dt=\(value)/")],
      ])
  }

  static func index(_ database: String, _ table: String) -> Record {
    Record(
      key: key(.partitionIndex, database, table, "by_date"),
      value: ["IndexName": "by_date", "Keys": [["Name": "dt", "Type": "date"]]])
  }

  static func settings(admins: [String] = [restorer], defaults: JSON = []) -> Record {
    Record(
      key: key(.settings),
      value: [
        "DataLakeAdmins": .array(
          admins.map { ["DataLakePrincipalIdentifier": .string($0)] }),
        "CreateDatabaseDefaultPermissions": defaults, "CreateTableDefaultPermissions": defaults,
      ])
  }

  static let open: JSON = [
    [
      "Principal": ["DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"],
      "Permissions": ["ALL"],
    ]
  ]

  static func assignment(_ path: String..., tags: [String: String]) -> Record {
    let pairs = tags.sorted { $0.key < $1.key }.map { tag, value in
      ["TagKey": .string(tag), "TagValues": [.string(value)]] as JSON
    }
    return Record(
      key: RecordKey(account: account, kind: .tagAssignment, path: path),
      value: ["LFTags": .array(pairs)])
  }

  static func filter(_ database: String, _ table: String, rows: String = "region = 'WEST'")
    -> Record
  {
    Record(
      key: key(.dataCellsFilter, database, table, "west"),
      value: [
        "DatabaseName": .string(database), "TableName": .string(table), "Name": "west",
        "TableCatalogId": .string(account), "VersionId": "7",
        "RowFilter": ["FilterExpression": .string(rows)], "ColumnWildcard": [:],
      ])
  }

  static func grant(
    to principal: String = analyst, on resource: JSON, _ permissions: [String] = ["SELECT"],
    option: [String] = []
  ) -> Record {
    let parsed = GrantResource(resource, account: account)
    return Record(
      key: RecordKey(
        account: account, kind: .grant,
        path: parsed?.path(principal: principal, condition: nil) ?? []),
      value: [
        "Principal": ["DataLakePrincipalIdentifier": .string(principal)], "Resource": resource,
        "Permissions": JSON(permissions), "PermissionsWithGrantOption": JSON(option),
      ])
  }

  static func onTable(_ database: String, _ name: String) -> JSON {
    ["Table": ["DatabaseName": .string(database), "Name": .string(name)]]
  }

  static func onFilter(_ database: String, _ table: String) -> JSON {
    [
      "DataCellsFilter": [
        "TableCatalogId": .string(account), "DatabaseName": .string(database),
        "TableName": .string(table), "Name": "west",
      ]
    ]
  }

  static let policy: JSON = [
    "LFTagPolicy": [
      "CatalogId": .string(account), "ResourceType": "TABLE",
      "Expression": [["TagKey": "sensitivity", "TagValues": ["public"]]],
    ]
  ]
}

let allRestorable: [any RestorableKind] =
  (catalogKinds() + grantKinds + serviceKinds).compactMap { $0 as? any RestorableKind }

/// Plans as a restore does, from records in memory.
func makePlan(
  desired: [Record], live: [Record], policy: PlanPolicy = PlanPolicy(),
  incomplete: Set<String> = [], hiding: Set<String> = [], unread: Set<String> = [],
  withoutTags: Set<String> = [], read: Set<String>? = nil, takesAccess: Bool = false
) throws -> (plan: Plan, bodies: RecordBodies) {
  var builder = PlanBuilder(
    plan: Plan(snapshot: "s", region: "eu-west-1"), policy: policy,
    restorers: [Sample.restorer], incomplete: incomplete.union(hiding), hiding: hiding,
    unread: unread)
  for kind in allRestorable {
    func ofKind(_ records: [Record]) -> RecordList {
      RecordList(records.filter { $0.key.kindName == kind.kind.name })
    }
    try builder.compare(kind, desired: ofKind(desired), live: ofKind(live))
  }
  builder.guardDefaults(allRestorable.filter { [.settings, .database].contains($0.kind) })
  builder.withdrawReachingGrants(GrantKind(), read: read)
  builder.holdPoliciesBack(in: withoutTags, GrantKind())
  builder.deleteTagValuesLast()
  let own = takesAccess ? builder.takeOwnAccess([Sample.account: Sample.restorer]) : [:]
  return (builder.plan, builder.desired.merging(own))
}

extension Plan {
  /// The actions in short: `create table sales.orders`.
  var lines: [String] {
    actions.map { "\($0.step) \($0.key.kindName) \($0.phase)" }.sorted()
  }

  func steps(_ key: RecordKey) -> [Action.Step] { actions.filter { $0.key == key }.map(\.step) }
}
