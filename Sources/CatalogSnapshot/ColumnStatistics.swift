import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// What the statistics of a table's columns and of a partition's have in common.
enum ColumnStatistics {
  /// Names that one question takes; AWS's models say it of the answer's shape only.
  private static let namesPerCall = 100

  /// The names of a table's columns, those of its partition keys among them.
  static func columns(of table: JSON) -> [String] {
    let columns = table["StorageDescriptor"]?["Columns"]?.array ?? []
    return (columns + (table["PartitionKeys"]?.array ?? [])).compactMap { $0["Name"]?.string }
  }

  /// Every statistic that AWS has of these columns. One that has none is no error.
  /// - Throws: `AWSFailure` where a column could not be answered for another reason.
  static func read(
    _ columns: [String], by operation: AWSOperation, _ request: JSON, at site: Site
  ) async throws -> [JSON] {
    var found: [JSON] = []
    for start in stride(from: 0, to: columns.count, by: namesPerCall) {
      var request = request
      request["ColumnNames"] = JSON(Array(columns[start...].prefix(namesPerCall)))
      let answer = try await site.client.call(operation, request)
      for error in answer["Errors"]?.array ?? [] {
        let failure = AWSFailure(
          code: error["Error"]?["ErrorCode"]?.string ?? "UnknownError",
          message: "column \(error["ColumnName"]?.string ?? ""): "
            + (error["Error"]?["ErrorMessage"]?.string ?? ""),
          operation: operation.name, account: site.account, region: site.region)
        guard failure.isNotFound else { throw failure }
      }
      found += answer["ColumnStatisticsList"]?.array ?? []
    }
    return found
  }

  static func comparable(_ body: JSON) -> JSON { body.keeping(only: AWSShape.columnStatistics) }

  /// The database and the table that a record lies in, as calls name them.
  static func request(_ path: [String]) -> JSON {
    guard path.count >= 2 else { return [:] }
    return ["DatabaseName": .string(path[0]), "TableName": .string(path[1])]
  }

  /// Writes statistics, whose refusals come back for each column, or deletes them one by one.
  static func apply(
    _ changes: [Change], _ request: JSON, update: AWSOperation, delete: AWSOperation, at site: Site
  ) async throws -> [ChangeFailure] {
    guard changes.first?.step != .remove else {
      for change in changes {
        var request = request
        request["ColumnName"] = .string(change.key.path.last ?? "")
        _ = try await site.client.call(delete, request)
      }
      return []
    }
    let failures = try await site.client.batch(
      update, request, entries: changes.map { comparable($0.desired ?? [:]) })
    return failures.map {
      ChangeFailure(key: changes[$0.index].key, code: $0.code, message: $0.message)
    }
  }

  /// How many changes fit into one call: columns are deleted one by one.
  static func batchLimit(_ step: Action.Step, _ update: AWSOperation) -> Int {
    step == .remove ? 1 : update.batch?.limit ?? 1
  }
}
