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
    return [.record(.table(of: key)), .all(.partitionIndex, in: key.account, under: table)]
  }

  /// Only a partitioned table has partitions, and a link's belong to its target.
  public func isListed(below parent: Record) throws -> Bool {
    let table = try parent.value()
    return !TableKind.isLink(table) && !(table["PartitionKeys"]?.array ?? []).isEmpty
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let table = parent?.key.path ?? []
    try await site.list(kind, .glueGetPartitions, Self.request(table), into: sink) { body in
      guard let values = body["Values"]?.array else {
        throw MalformedRecord(kind: kind, member: "Values")
      }
      return table + values.compactMap(\.string)
    }
  }

  public func batchLimit(_ step: Action.Step) -> Int { step == .remove ? 25 : 100 }

  /// Batches are of one table.
  public func batchGroup(_ key: RecordKey) -> String {
    key.path.prefix(2).map { $0.replacing("/", with: "%2F") }.joined(separator: "/")
  }

  /// BatchCreatePartition, BatchUpdatePartition and BatchDeletePartition.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    guard let first = changes.first else { return [] }
    var request = Self.request(Array(first.key.path.prefix(2)))
    let inputs = changes.map { change in
      (change.desired ?? [:]).keeping(only: AWSShape.partitionInput)
    }
    let values = changes.map { JSON(Array($0.key.path.dropFirst(2))) }
    let operation: AWSOperation
    switch first.step {
    case .create:
      operation = .glueBatchCreatePartition
      request["PartitionInputList"] = .array(inputs)
    case .remove:
      operation = .glueBatchDeletePartition
      request["PartitionsToDelete"] = .array(values.map { ["Values": $0] })
    case .prepare, .update, .settle:
      operation = .glueBatchUpdatePartition
      request["Entries"] = .array(
        zip(values, inputs).map { ["PartitionValueList": $0, "PartitionInput": $1] })
    }
    let answer = try await site.client.call(operation, request)
    return failures(answer["Errors"]?.array ?? [], of: changes)
  }

  private static func request(_ table: [String]) -> JSON {
    guard table.count == 2 else { return [:] }
    return ["DatabaseName": .string(table[0]), "TableName": .string(table[1])]
  }

  /// The entries that AWS refused, which it names by their values.
  private func failures(_ errors: [JSON], of changes: [Change]) -> [ChangeFailure] {
    let step = changes.first?.step
    let keys = Dictionary(
      changes.map { (Array($0.key.path.dropFirst(2)), $0.key) },
      uniquingKeysWith: { first, _ in first })
    return errors.compactMap { error in
      let values = (error["PartitionValues"] ?? error["PartitionValueList"])?.strings ?? []
      let code = error["ErrorDetail"]?["ErrorCode"]?.string ?? "UnknownError"
      if step == .create && code == "AlreadyExistsException" { return nil }
      if step == .remove && code == "EntityNotFoundException" { return nil }
      guard let key = keys[values] ?? changes.first?.key else { return nil }
      let message = error["ErrorDetail"]?["ErrorMessage"]?.string ?? ""
      return ChangeFailure(key: key, code: code, message: message)
    }
  }
}
