import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// An index over the partitions of a table.
public struct PartitionIndexKind: RestorableKind {
  public let kind = Kind.partitionIndex
  public let parents = [Kind.table]

  public init() {}

  public func phase(of body: JSON) -> Phase { .tables }

  /// Its name and the names of its keys, in order: all that can be given.
  public func comparable(_ body: JSON) -> JSON { Self.input(body) }

  static func input(_ body: JSON) -> JSON {
    let keys = (body["Keys"]?.array ?? []).compactMap { $0["Name"] }
    return ["IndexName": body["IndexName"] ?? "", "Keys": .array(keys)]
  }

  public func parent(of key: RecordKey) -> RecordKey? { .table(of: key) }
  public func createdWith(_ key: RecordKey) -> RecordKey? { .table(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.table(of: key))]
  }

  public func isListed(below parent: Record) throws -> Bool {
    try PartitionKind().isListed(below: parent)
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let table = parent?.key.path ?? []
    try await site.list(kind, .glueGetPartitionIndexes, Self.request(table), into: sink) { body in
      // An index that is being deleted, or could not be made, is no index.
      if let status = body["IndexStatus"]?.string, ["DELETING", "FAILED"].contains(status) {
        return nil
      }
      return table + [try required("IndexName", of: body)]
    }
  }

  /// One index of a table is made or deleted at a time.
  public func batchGroup(_ key: RecordKey) -> String { PartitionKind().batchGroup(key) }
  public var isSerial: Bool { true }

  /// CreatePartitionIndex and DeletePartitionIndex. An index can't be altered: it is made anew.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      var request = Self.request(Array(change.key.path.prefix(2)))
      if change.step != .create {
        request["IndexName"] = .string(change.key.path.last ?? "")
        _ = try await site.client.call(.glueDeletePartitionIndex, request)
        request["IndexName"] = nil
        try await waitUntilGone(change.key, request, at: site)
      }
      guard let desired = change.desired else { continue }
      request["PartitionIndex"] = Self.input(desired)
      _ = try await site.client.call(.glueCreatePartitionIndex, request)
    }
    return []
  }

  private func waitUntilGone(_ key: RecordKey, _ request: JSON, at site: Site) async throws {
    let name = key.path.last
    var seconds = 1
    while try await site.client.all(.glueGetPartitionIndexes, request)
      .contains(where: { $0["IndexName"]?.string == name })
    {
      guard seconds <= 64 else {
        throw ChangeFailure(key: key, code: "StillDeleting", message: "the old index is not gone")
      }
      try await Task.sleep(for: .seconds(seconds))
      seconds *= 2
    }
  }

  private static func request(_ table: [String]) -> JSON {
    guard table.count == 2 else { return [:] }
    return ["DatabaseName": .string(table[0]), "TableName": .string(table[1])]
  }
}
