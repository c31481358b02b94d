import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A Glue table, a view, or a resource link to a table.
public struct TableKind: RestorableKind {
  public let kind = Kind.table
  public let parents = [Kind.database]

  public init() {}

  public func phase(of body: JSON) -> Phase { Self.isLink(body) ? .links : .tables }

  static func isLink(_ body: JSON) -> Bool { body["TargetTable"] != nil }

  public func comparable(_ body: JSON) -> JSON { body.keeping(only: AWSShape.tableInput) }

  /// Where a bucket, a region or a key can hide in a table.
  private static let mappedMembers: [[String]] = [
    ["Parameters"], ["StorageDescriptor", "Location"],
    ["StorageDescriptor", "AdditionalLocations"],
    ["StorageDescriptor", "Parameters"], ["StorageDescriptor", "SerdeInfo", "Parameters"],
    ["ViewOriginalText"], ["ViewExpandedText"], ["ViewDefinition"],
  ]

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    for path in Self.mappedMembers { body.update(at: path) { $0.mapStrings(mapper.text) } }
    body["DatabaseName"] = body["DatabaseName"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    body["TargetTable"] = body["TargetTable"].map { mapper.linkTarget($0) }
    return body
  }

  public func parent(of key: RecordKey) -> RecordKey? { .database(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    if let target = body["TargetTable"] {
      return [.record(.database(of: key))] + target.ownersGrants
    }
    // A database that is there already does not wait for the locations in its tables' stead.
    return [.record(.database(of: key)), .locations(in: key.account)]
  }

  /// Listing a link to a database would list its target's tables.
  public func isListed(below parent: Record) throws -> Bool {
    !DatabaseKind.isLink(try parent.value())
  }

  /// Every change of a table gives it another version and time; a partition's gives it neither.
  public func stamp(of record: Record) throws -> [UInt8]? {
    let body = try record.value()
    let told = [body["VersionId"], body["UpdateTime"]].compactMap(\.self)
    return told.isEmpty ? record.body : JSON.array(told).canonicalBytes
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let database = parent?.key.path.first ?? ""
    try await site.list(kind, .glueGetTables, ["DatabaseName": .string(database)], into: sink) {
      [database, try required("Name", of: $0)]
    }
  }

  /// CreateTable, UpdateTable and DeleteTable. Partition indexes are created with their table:
  /// an index of an empty table needs no back-fill.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let path = change.key.path
      guard path.count == 2 else { throw MalformedRecord(kind: kind, member: "Name") }
      var request: JSON = ["DatabaseName": .string(path[0])]
      guard change.step != .remove else {
        request["Name"] = .string(path[1])
        _ = try await site.client.call(.glueDeleteTable, request)
        continue
      }
      request["TableInput"] = (change.desired ?? [:]).keeping(only: AWSShape.tableInput)
      if change.step == .create, !change.companions.isEmpty {
        request["PartitionIndexes"] = .array(change.companions.map(PartitionIndexKind.input))
      }
      let operation: AWSOperation = change.step == .create ? .glueCreateTable : .glueUpdateTable
      _ = try await site.client.call(operation, request)
    }
    return []
  }
}

extension JSON {
  /// Replaces the member at a path, where there is one.
  mutating func update(at path: [String], _ transform: (JSON) -> JSON) {
    guard let name = path.first, var member = self[name] else { return }
    if path.count == 1 {
      member = transform(member)
    } else {
      member.update(at: Array(path.dropFirst()), transform)
    }
    self[name] = member
  }
}
