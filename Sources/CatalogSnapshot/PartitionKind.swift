import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A partition of a table.
public struct PartitionKind: RestorableKind {
  public let kind = Kind.partition
  public let parents = [Kind.table]
  public let isBulk = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .partitions }

  public func comparable(_ body: JSON) -> JSON { body.keeping(only: AWSShape.partitionInput) }

  private static let mappedMembers: [[String]] = [
    ["Parameters"], ["StorageDescriptor", "Location"],
    ["StorageDescriptor", "AdditionalLocations"],
    ["StorageDescriptor", "Parameters"], ["StorageDescriptor", "SerdeInfo", "Parameters"],
  ]

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    for path in Self.mappedMembers { body.update(at: path) { $0.mapStrings(mapper.text) } }
    body["DatabaseName"] = body["DatabaseName"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    return body
  }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    let table = Array(key.path.prefix(2))
    return [
      .record(.table(of: key)), .all(.partitionIndex, in: key.account, under: table),
      .locations(in: key.account),
    ]
  }

  /// Only a partitioned table has partitions, and a link's belong to its target.
  public func isListed(below parent: Record) throws -> Bool {
    let table = try parent.value()
    return !TableKind.isLink(table) && !(table["PartitionKeys"]?.array ?? []).isEmpty
  }

  /// Tables with more partitions than this are listed in segments, from the beginning: until they are
  /// counted nobody knows.
  static let segmentedFrom = 20_000
  static let segments = 10

  /// GetPartitions; ten segments of it at once for large tables.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let table = parent?.key.path ?? []
    let request = Self.request(table)
    let isWhole = try await site.list(
      kind, .glueGetPartitions, request, naming: "Values", below: table, into: sink
    ) { count, more in count < Self.segmentedFrom || !more }
    if isWhole { return }
    sink.restart()
    try await forEachConcurrently(0..<Self.segments, limit: Self.segments) { segment in
      var request = request
      request["Segment"] = [
        "SegmentNumber": JSON(segment), "TotalSegments": JSON(Self.segments),
      ]
      try await site.list(
        kind, .glueGetPartitions, request, naming: "Values", below: table, into: sink.part())
    }
  }

  public func batchLimit(_ step: Action.Step) -> Int { Self.operation(step).batch?.limit ?? 1 }

  /// Batches are of one table.
  public func batchGroup(_ key: RecordKey) -> String { key.tableGroup }

  /// BatchCreatePartition, BatchUpdatePartition and BatchDeletePartition, whose refusals come back
  /// for each partition.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    guard let first = changes.first else { return [] }
    let table = Self.request(Array(first.key.path.prefix(2)))
    let failures = try await site.client.batch(
      Self.operation(first.step), table, entries: changes.map(Self.entry))
    return failures.map {
      ChangeFailure(key: changes[$0.index].key, code: $0.code, message: $0.message)
    }
  }

  private static func operation(_ step: Action.Step) -> AWSOperation {
    switch step {
    case .create: .glueBatchCreatePartition
    case .remove: .glueBatchDeletePartition
    case .prepare, .update, .settle: .glueBatchUpdatePartition
    }
  }

  private static func entry(_ change: Change) -> JSON {
    let values = JSON(Array(change.key.path.dropFirst(2)))
    let input = (change.desired ?? [:]).keeping(only: AWSShape.partitionInput)
    return switch change.step {
    case .create: input
    case .remove: ["Values": values]
    case .prepare, .update, .settle: ["PartitionValueList": values, "PartitionInput": input]
    }
  }

  private static func request(_ table: [String]) -> JSON {
    guard table.count == 2 else { return [:] }
    return ["DatabaseName": .string(table[0]), "TableName": .string(table[1])]
  }
}
