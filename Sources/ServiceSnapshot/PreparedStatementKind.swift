import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A prepared statement of a work group.
public struct PreparedStatementKind: WorkGroupMemberKind {
  public let kind = Kind.preparedStatement

  private static let perCall = 50

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  public func comparable(_ body: JSON) -> JSON {
    body.keeping(only: ["QueryStatement", "Description"]).withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    body.mapping(["WorkGroupName": mapper.name, "QueryStatement": mapper.hint])
  }

  /// ListPreparedStatements of every work group, and BatchGetPreparedStatement for their texts.
  public func records(of group: String, at site: Site) async throws -> [Record] {
    let group: JSON = .string(group)
    let names = try await site.client.all(
      .athenaListPreparedStatements, ["WorkGroup": group]
    ).map { try required("StatementName", of: $0) }
    var records: [Record] = []
    for batch in names.inBatches(of: Self.perCall) {
      let answer = try await site.client.call(
        .athenaBatchGetPreparedStatement,
        ["WorkGroup": group, "PreparedStatementNames": JSON(Array(batch))])
      try WorkGroups.refuse(
        answer["UnprocessedPreparedStatementNames"]?.array ?? [], name: "StatementName",
        .athenaBatchGetPreparedStatement, at: site)
      for statement in answer["PreparedStatements"]?.array ?? [] {
        let name = try required("StatementName", of: statement)
        records.append(
          Record(key: site.key(kind, [group.string ?? "", name]), value: statement))
      }
    }
    return records
  }

  /// CreatePreparedStatement, UpdatePreparedStatement and DeletePreparedStatement.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let path = change.key.path.map(JSON.string)
      guard path.count == 2 else { throw MalformedRecord(kind: kind, member: "StatementName") }
      let names: JSON = ["WorkGroup": path[0], "StatementName": path[1]]
      guard let desired = change.desired else {
        try await site.remove(.athenaDeletePreparedStatement, names)
        continue
      }
      let text = comparable(desired)
      let input = names.with("QueryStatement", text["QueryStatement"])
        .with("Description", text["Description"])
      guard change.step == .create else {
        _ = try await site.client.call(.athenaUpdatePreparedStatement, input)
        continue
      }
      try await site.createOnce(.athenaCreatePreparedStatement, input) {
        try await isThere(names, at: site)
      }
    }
    return []
  }

  private func isThere(_ names: JSON, at site: Site) async throws -> Bool {
    let answer = try await site.client.call(
      .athenaBatchGetPreparedStatement,
      [
        "WorkGroup": names["WorkGroup"] ?? "",
        "PreparedStatementNames": [names["StatementName"] ?? ""],
      ])
    return !(answer["PreparedStatements"]?.array ?? []).isEmpty
  }
}
