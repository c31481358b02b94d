import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// A Lake Formation grant: what one principal may do with one resource.
public struct GrantKind: PrincipalOnResourceKind {
  public let kind = Kind.grant
  public let givesAccess = true

  public init() {}

  public func phase(of body: JSON) -> Phase {
    body["Resource"]?["DataLocation"] == nil ? .grants : .locations
  }

  /// The permissions in one order, ALL written out. What they are on and whose they are is in the
  /// key.
  public func comparable(_ body: JSON) -> JSON {
    [
      "Permissions": JSON(Self.permissions(body, "Permissions").sorted()),
      "PermissionsWithGrantOption": JSON(
        Self.permissions(body, "PermissionsWithGrantOption").sorted()),
    ]
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    let account = key.account
    guard let resource = GrantResource(body["Resource"] ?? nil, account: account) else { return [] }
    // The catalog's own policy may deny what a grant gives, and lets grants reach other accounts.
    let policy = Requirement.record(ResourcePolicyKind.key(in: account))
    if let target = resource.target(in: account) {
      return [policy, .record(target)] + tables(behind: resource, in: account)
        + optIns(before: body, on: resource, in: account)
    }
    switch resource.form {
    case .location:
      return [policy, .all(.location, in: account)]
    case .policy, .expression:
      // A policy reaches whatever bears the tags: it comes when every assignment is in place, and
      // the expression that it names says what it should.
      let owner = resource.catalog
      return [
        policy,
        .all(.lfTag, in: owner), .all(.tagAssignment, in: owner), .all(.table, in: owner),
        .all(.lfTagExpression, in: owner),
      ]
    default:
      // On what another account shares: when it has been shared.
      guard resource.catalog != account, let database = resource.names.first else { return [] }
      return GrantTarget.grants(in: resource.catalog, onDatabase: database)
    }
  }

  /// A filter may be as it should be while its table still has a column too many, which it would show.
  private func tables(behind resource: GrantResource, in account: String) -> [Requirement] {
    guard resource.form == .filter else { return [] }
    let table = Array(resource.names.prefix(2))
    return [.record(RecordKey(account: account, kind: .table, path: table))]
  }

  /// What is open to everybody with rights in IAM must not be so to those that were opted in.
  private func optIns(
    before body: JSON, on resource: GrantResource, in account: String
  ) -> [Requirement] {
    guard principal(of: body) == "IAM_ALLOWED_PRINCIPALS", let database = resource.names.first
    else { return [] }
    let forms: [GrantResource.Form] = [.database, .allTables, .allColumns, .table, .columns]
    return forms.map {
      .all(.optIn, in: account, under: [$0.rawValue, resource.catalog, database])
    }
  }

  /// A policy on LF-Tags may reach any database: whatever is asked for, those are looked at.
  public func scope(of key: RecordKey, body: JSON) -> [String]? {
    guard let resource = GrantResource(body["Resource"] ?? nil, account: key.account) else {
      return []
    }
    switch resource.form {
    case .database, .table, .columns, .filter, .allTables, .allColumns:
      return Array(resource.names.prefix(2))
    case .policy, .expression, .catalog:
      return nil
    case .tag, .location:
      return []
    }
  }

  /// Whether the grant is a policy on LF-Tags, which reaches whatever bears them.
  public func isPolicy(_ body: JSON, in account: String) -> Bool {
    let resource = GrantResource(body["Resource"] ?? nil, account: account)
    return resource.map { [.policy, .expression].contains($0.form) } ?? false
  }

  public func principal(of body: JSON) -> String? {
    body["Principal"]?["DataLakePrincipalIdentifier"]?.string
  }

  public func owner(of key: RecordKey, body: JSON) -> String {
    GrantResource(body["Resource"] ?? nil, account: key.account)?.catalog ?? key.account
  }

  public func exceeds(_ body: JSON, _ other: JSON) -> Bool {
    ["Permissions", "PermissionsWithGrantOption"].contains { member in
      let theirs = Set((other[member] ?? []).strings)
      return !theirs.isSuperset(of: (body[member] ?? []).strings)
    }
  }

  public func isCovered(_ key: RecordKey, body: JSON, by snapshot: Coverage) -> Bool {
    guard let resource = GrantResource(body["Resource"] ?? nil, account: key.account) else {
      return false
    }
    switch resource.form {
    case .filter:
      let table = Array(resource.names.prefix(2))
      return snapshot.holds(RecordKey(account: key.account, kind: .table, path: table))
    case .location:
      return resource.enclosingLocations.contains {
        snapshot.holds(RecordKey(account: key.account, kind: .location, path: [$0]))
      }
    default:
      return resource.target(in: key.account).map(snapshot.holds) ?? true
    }
  }

  /// ListPermissions, whole: with neither principal nor resource. It leaves grants on data cells
  /// filters out, so these are asked for at each table that has one.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    func path(_ body: JSON) throws -> [String] { try self.path(of: body, account: site.account) }
    try await site.list(kind, .lakeFormationListPermissions, [:], into: sink, path: path)
    var tables: Set<[String]> = []
    for filter in try await site.client.all(.lakeFormationListDataCellsFilter, [:])
    where filter["TableCatalogId"]?.string ?? site.account == site.account {
      tables.insert(try ["DatabaseName", "TableName"].map { try required($0, of: filter) })
    }
    for table in tables.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let resource: JSON = [
        "Table": ["DatabaseName": .string(table[0]), "Name": .string(table[1])]
      ]
      let request: JSON = ["Resource": resource, "IncludeRelated": "TRUE"]
      try await site.list(kind, .lakeFormationListPermissions, request, into: sink, path: path)
    }
  }

  /// AWS may list what one principal was granted on one resource in several rows.
  public func merged(_ first: Record, _ second: Record) throws -> Record {
    var body = try first.value()
    let other = try second.value()
    for member in ["Permissions", "PermissionsWithGrantOption"] {
      let both = Set((body[member] ?? []).strings).union((other[member] ?? []).strings)
      body[member] = JSON(both.sorted())
    }
    return Record(key: first.key, value: body)
  }

  public func batchLimit(_ step: Action.Step) -> Int {
    AWSOperation.lakeFormationBatchGrantPermissions.batch?.limit ?? 1
  }

  /// Two grants on one resource at once are refused: what lies in one database follows in turn.
  public func batchGroup(_ key: RecordKey) -> String {
    key.path.prefix(3).map { $0.replacing("/", with: "%2F") }.joined(separator: "/")
  }
  public var isSerial: Bool { true }
}

// MARK: - Permissions

extension GrantKind {
  /// What ALL stands for, by what it is granted on. SELECT on tables is not among it: AWS lists it
  /// in a row of its own.
  private static func all(on form: GrantResource.Form) -> Set<String> {
    switch form {
    case .database: ["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"]
    case .table, .allTables: ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT"]
    case .columns, .allColumns, .filter: ["SELECT"]
    case .tag, .expression: ["ALTER", "DROP"]
    case .catalog: ["CREATE_DATABASE"]
    case .location: ["DATA_LOCATION_ACCESS"]
    case .policy: ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
    }
  }

  /// The permissions of a member, ALL and its synonym SUPER written out.
  static func permissions(_ body: JSON, _ member: String) -> Set<String> {
    var listed = Set(body[member]?.strings ?? [])
    guard !listed.isDisjoint(with: ["ALL", "SUPER"]) else { return listed }
    listed.subtract(["ALL", "SUPER"])
    guard let resource = GrantResource(body["Resource"] ?? nil, account: "") else { return listed }
    let isDatabasePolicy = resource.form == .policy && resource.names.first == "DATABASE"
    return listed.union(all(on: isDatabasePolicy ? .database : resource.form))
  }
}

extension Mapper {
  func grantResource(_ resource: JSON) -> JSON {
    guard var members = resource.object else { return resource }
    for (member, var body) in members {
      for name in ["CatalogId", "TableCatalogId", "Id"] {
        body[name] = body[name]?.mapStrings(account)
      }
      let isNamed = ["Database", "LFTagExpression"].contains(member)
      let naming = isNamed ? "Name" : "DatabaseName"
      body[naming] = body[naming]?.mapStrings(name)
      body["TagKey"] = body["TagKey"]?.mapStrings(name)
      body["ExpressionName"] = body["ExpressionName"]?.mapStrings(name)
      body["ResourceArn"] = body["ResourceArn"]?.mapStrings(arn)
      if let terms = body["Expression"]?.array {
        body["Expression"] = .array(
          terms.map { term in
            var term = term
            term["TagKey"] = term["TagKey"]?.mapStrings(name)
            return term
          })
      }
      members[member] = body
    }
    return .object(members)
  }
}
