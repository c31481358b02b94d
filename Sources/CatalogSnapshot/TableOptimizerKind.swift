import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// An optimizer of an Iceberg table: compaction, retention of snapshots, or deletion of orphan
/// files. It comes back disabled, unless it is asked for at work: one that ran on a replica could
/// delete what the table needs.
public struct TableOptimizerKind: RestorableKind {
  public let kind = Kind.tableOptimizer
  public let parents = [Kind.table]

  private static let types = ["compaction", "retention", "orphan_file_deletion"]

  /// Whether it is enabled where it was.
  private let activates: Bool

  public init(activating: Bool = false) {
    activates = activating
  }

  /// What acts by itself comes last.
  public func phase(of body: JSON) -> Phase { activates ? .services : .tables }

  public func comparable(_ body: JSON) -> JSON {
    (body["configuration"] ?? [:]).keeping(only: AWSShape.tableOptimizerConfiguration)
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.update(at: ["configuration", "roleArn"]) { $0.mapStrings(mapper.principal) }
    body.update(
      at: ["configuration", "orphanFileDeletionConfiguration", "icebergConfiguration", "location"]
    ) { $0.mapStrings(mapper.uri) }
    guard !activates else { return body }
    body.update(at: ["configuration"]) { configuration in
      var configuration = configuration
      configuration["enabled"] = false
      return configuration
    }
    return body
  }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.table(of: key))]
  }

  /// Only Iceberg tables have optimizers.
  public func isListed(below parent: Record) throws -> Bool {
    let table = try parent.value()
    let format = table["Parameters"]?["table_type"]?.string
    return !TableKind.isLink(table) && format?.lowercased() == "iceberg"
  }

  /// BatchGetTableOptimizer, once a table. What a table inherits from its catalog is not its own.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let path = parent?.key.path, path.count == 2 else { return }
    let entries = Self.types.map { type in
      JSON.object([
        "catalogId": .string(site.account), "databaseName": .string(path[0]),
        "tableName": .string(path[1]), "type": .string(type),
      ])
    }
    let answer = try await site.client.call(
      .glueBatchGetTableOptimizer, ["Entries": .array(entries)])
    for refusal in answer["Failures"]?.array ?? [] {
      let failure = AWSFailure(
        code: refusal["error"]?["ErrorCode"]?.string ?? "UnknownError",
        message: refusal["error"]?["ErrorMessage"]?.string ?? "",
        operation: AWSOperation.glueBatchGetTableOptimizer.name, account: site.account,
        region: site.region)
      guard failure.isNotFound else { throw failure }
    }
    for found in answer["TableOptimizers"]?.array ?? [] {
      let body = found["tableOptimizer"] ?? [:]
      guard body["configurationSource"] != "catalog" else { continue }
      let type = try required("type", of: body)
      try sink.add(Record(key: site.key(kind, path + [type]), value: body))
    }
  }

  /// CreateTableOptimizer, UpdateTableOptimizer and DeleteTableOptimizer.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let path = change.key.path
      guard path.count == 3 else { throw MalformedRecord(kind: kind, member: "type") }
      var request: JSON = [
        "CatalogId": .string(site.account), "DatabaseName": .string(path[0]),
        "TableName": .string(path[1]), "Type": .string(path[2]),
      ]
      if change.step != .remove {
        request["TableOptimizerConfiguration"] = comparable(change.desired ?? [:])
      }
      let operation: AWSOperation =
        switch change.step {
        case .create: .glueCreateTableOptimizer
        case .remove: .glueDeleteTableOptimizer
        case .prepare, .update, .settle: .glueUpdateTableOptimizer
        }
      _ = try await site.client.call(operation, request)
    }
    return []
  }
}
