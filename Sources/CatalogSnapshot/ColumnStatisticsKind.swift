import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// What is known of the values in one column of a table. The path is database, table and column.
public struct ColumnStatisticsKind: RestorableKind {
  public let kind = Kind.columnStatistics
  public let parents = [Kind.table]
  public let isBulk = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .partitions }

  public func comparable(_ body: JSON) -> JSON { ColumnStatistics.comparable(body) }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.table(of: key))]
  }

  /// A table without columns has no statistics, and a link's belong to its target.
  public func isListed(below parent: Record) throws -> Bool {
    let table = try parent.value()
    return !TableKind.isLink(table) && !ColumnStatistics.columns(of: table).isEmpty
  }

  /// GetColumnStatisticsForTable.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let parent else { return }
    let path = parent.key.path
    let found = try await ColumnStatistics.read(
      ColumnStatistics.columns(of: try parent.value()), by: .glueGetColumnStatisticsForTable,
      ColumnStatistics.request(path), at: site)
    for body in found {
      let column = try required("ColumnName", of: body)
      try sink.add(Record(key: site.key(kind, path + [column]), value: body))
    }
  }

  public func batchLimit(_ step: Action.Step) -> Int {
    ColumnStatistics.batchLimit(step, .glueUpdateColumnStatisticsForTable)
  }

  public func batchGroup(_ key: RecordKey) -> String { key.tableGroup }

  /// UpdateColumnStatisticsForTable and DeleteColumnStatisticsForTable.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    try await ColumnStatistics.apply(
      changes, ColumnStatistics.request(changes.first?.key.path ?? []),
      update: .glueUpdateColumnStatisticsForTable, delete: .glueDeleteColumnStatisticsForTable,
      at: site)
  }
}
