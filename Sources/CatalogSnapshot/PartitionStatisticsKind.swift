import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// What is known of the values in one column of one partition. The path is database, table, the
/// partition's values and the column.
///
/// AWS answers for one partition a call. So only the tables are asked for that the mesh file names.
public struct PartitionStatisticsKind: RestorableKind {
  public let kind = Kind.partitionStatistics
  public let parents = [Kind.table]
  public let isBulk = true
  private let selectors: [Selector]
  /// Questions under way at once for one table.
  private let concurrency = 8

  /// - Parameter selectors: databases and tables.
  public init(of selectors: [Selector]) {
    self.selectors = selectors
  }

  public func phase(of body: JSON) -> Phase { .partitions }

  public func comparable(_ body: JSON) -> JSON { ColumnStatistics.comparable(body) }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    let database = Array(key.path.prefix(1))
    return [.record(.table(of: key)), .all(.partition, in: key.account, under: database)]
  }

  public func isListed(below parent: Record) throws -> Bool {
    try selectors.contains { $0.matches(parent.key, scope: parent.key.path) }
      && PartitionKind().isListed(below: parent)
      && ColumnStatisticsKind().isListed(below: parent)
  }

  /// GetPartitions without columns, and GetColumnStatisticsForPartition for each partition.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let parent else { return }
    let path = parent.key.path
    let columns = ColumnStatistics.columns(of: try parent.value())
    var request = ColumnStatistics.request(path)
    request["ExcludeColumnSchema"] = true
    for try await page in site.client.pages(.glueGetPartitions, request) {
      if page.isRestart { sink.restart() }
      let partitions = try page.elements.map { try JSON(parsing: $0)["Values"]?.strings ?? [] }
      let found = Guarded<[Record]>([])
      try await forEachConcurrently(partitions, limit: concurrency) { values in
        let records = try await self.records(path, values, columns, at: site)
        found.withLock { $0 += records }
      }
      for record in found.withLock(\.self) { try sink.add(record) }
    }
  }

  /// None for a partition that was dropped between the two questions.
  private func records(
    _ table: [String], _ values: [String], _ columns: [String], at site: Site
  ) async throws -> [Record] {
    var request = ColumnStatistics.request(table)
    request["PartitionValues"] = JSON(values)
    do {
      let found = try await ColumnStatistics.read(
        columns, by: .glueGetColumnStatisticsForPartition, request, at: site)
      return try found.map {
        let column = try required("ColumnName", of: $0)
        return Record(key: site.key(kind, table + values + [column]), value: $0)
      }
    } catch let failure as AWSFailure where failure.isNotFound {
      return []
    }
  }

  public func batchLimit(_ step: Action.Step) -> Int {
    ColumnStatistics.batchLimit(step, .glueUpdateColumnStatisticsForPartition)
  }

  /// Batches are of one partition.
  public func batchGroup(_ key: RecordKey) -> String {
    key.path.dropLast().map { $0.replacing("/", with: "%2F") }.joined(separator: "/")
  }

  /// UpdateColumnStatisticsForPartition and DeleteColumnStatisticsForPartition.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    let path = changes.first?.key.path ?? []
    var request = ColumnStatistics.request(path)
    request["PartitionValues"] = JSON(Array(path.dropFirst(2).dropLast()))
    return try await ColumnStatistics.apply(
      changes, request, update: .glueUpdateColumnStatisticsForPartition,
      delete: .glueDeleteColumnStatisticsForPartition, at: site)
  }
}
