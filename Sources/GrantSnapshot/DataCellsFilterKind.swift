import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// A data cells filter: which rows and columns of a table whoever is granted it may see.
public struct DataCellsFilterKind: RestorableKind {
  public let kind = Kind.dataCellsFilter
  public let restrictsAccess = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .filters }

  /// All but the version, which AWS gives: one shape serves both ways.
  public func comparable(_ body: JSON) -> JSON {
    var filter = body
    filter["VersionId"] = nil
    filter["TableCatalogId"] = nil
    filter["ColumnNames"] = (body["ColumnNames"] ?? []).sorted
    if let excluded = body["ColumnWildcard"]?["ExcludedColumnNames"] {
      filter["ColumnWildcard"] = ["ExcludedColumnNames": excluded.sorted]
    }
    return filter
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["TableCatalogId"] = body["TableCatalogId"]?.mapStrings(mapper.account)
    body["DatabaseName"] = body["DatabaseName"]?.mapStrings(mapper.name)
    return body
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.table(of: key))]
  }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .lakeFormationListDataCellsFilter, [:], into: sink) { body in
      if let catalog = body["TableCatalogId"]?.string, catalog != site.account { return nil }
      return try ["DatabaseName", "TableName", "Name"].map { try required($0, of: body) }
    }
  }

  /// CreateDataCellsFilter, UpdateDataCellsFilter and DeleteDataCellsFilter.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      guard change.step != .remove else {
        _ = try await site.client.call(.lakeFormationDeleteDataCellsFilter, identity(change.key))
        continue
      }
      var filter = change.desired ?? [:]
      filter["VersionId"] = nil
      filter["TableCatalogId"] = .string(change.key.account)
      let operation: AWSOperation =
        change.step == .create
        ? .lakeFormationCreateDataCellsFilter : .lakeFormationUpdateDataCellsFilter
      _ = try await site.client.call(operation, ["TableData": filter])
    }
    return []
  }

  private func identity(_ key: RecordKey) -> JSON {
    let path = key.path + ["", "", ""]
    return [
      "TableCatalogId": .string(key.account), "DatabaseName": .string(path[0]),
      "TableName": .string(path[1]), "Name": .string(path[2]),
    ]
  }
}
