import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The saved queries of one name in a work group.
///
/// Ids are of one region, so the name is the key. Athena lets several queries have the same: then
/// they are one record, which lists them all.
public struct NamedQueryKind: WorkGroupMemberKind {
  public let kind = Kind.namedQuery

  private static let perCall = 50
  private static let content: Set<String> = ["Database", "Description", "QueryString"]

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }

  /// The database that its first query runs in.
  public func scope(of key: RecordKey, body: JSON) -> [String]? {
    Self.queries(body).first?["Database"]?.string.map { [$0] } ?? []
  }

  private static func queries(_ body: JSON) -> [JSON] { body["NamedQueries"]?.array ?? [body] }

  public func comparable(_ body: JSON) -> JSON {
    .array(Self.queries(body).map(Self.comparable).sorted { $0.canonicalText < $1.canonicalText })
  }

  private static func comparable(_ query: JSON) -> JSON {
    query.keeping(only: content).withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    body.mapping([
      "WorkGroup": mapper.name, "Database": mapper.name, "QueryString": mapper.hint,
    ])
  }

  /// ListNamedQueries of every work group, and BatchGetNamedQuery, 50 ids a call.
  public func records(of group: String, at site: Site) async throws -> [Record] {
    let ids = try await site.client.all(
      .athenaListNamedQueries, ["WorkGroup": .string(group)])
    var byName: [String: [JSON]] = [:]
    for batch in ids.inBatches(of: Self.perCall) {
      let answer = try await site.client.call(
        .athenaBatchGetNamedQuery, ["NamedQueryIds": .array(Array(batch))])
      try WorkGroups.refuse(
        answer["UnprocessedNamedQueryIds"]?.array ?? [], name: "NamedQueryId",
        .athenaBatchGetNamedQuery, at: site)
      for query in answer["NamedQueries"]?.array ?? [] {
        byName[try required("Name", of: query), default: []].append(query)
      }
    }
    return byName.map { name, queries in
      Record(key: site.key(kind, [group, name]), value: Self.body(group, name, queries))
    }
  }

  private static func body(_ group: String, _ name: String, _ queries: [JSON]) -> JSON {
    guard queries.count > 1 else { return queries[0] }
    let sorted = queries.sorted {
      ($0["NamedQueryId"]?.string ?? "") < ($1["NamedQueryId"]?.string ?? "")
    }
    return ["Name": .string(name), "WorkGroup": .string(group), "NamedQueries": .array(sorted)]
  }

  /// CreateNamedQuery, UpdateNamedQuery and DeleteNamedQuery, until the queries of the name are the
  /// desired ones. An update can't change the database: such a query is made anew.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      var missing = change.desired.map(Self.queries) ?? []
      var surplus: [JSON] = []
      for query in change.live.map(Self.queries) ?? [] {
        let content = Self.comparable(query)
        if let index = missing.firstIndex(where: { Self.comparable($0) == content }) {
          missing.remove(at: index)
        } else {
          surplus.append(query)
        }
      }
      for query in missing {
        let old = surplus.firstIndex { $0["Database"] == query["Database"] }
        try await put(query, in: change.key, old.map { surplus.remove(at: $0) }, at: site)
      }
      for query in surplus {
        try await site.remove(
          .athenaDeleteNamedQuery, ["NamedQueryId": query["NamedQueryId"] ?? ""])
      }
    }
    return []
  }

  private func put(_ query: JSON, in key: RecordKey, _ old: JSON?, at site: Site) async throws {
    var input = Self.comparable(query).with("Name", query["Name"])
    if let old {
      input["NamedQueryId"] = old["NamedQueryId"]
      input["Database"] = nil
      input["Description"] = query["Description"] ?? ""
      _ = try await site.client.call(.athenaUpdateNamedQuery, input)
    } else {
      input["WorkGroup"] = .string(key.path.first ?? "")
      // Makes a repetition of this call, and only of this one, give the same query.
      input["ClientRequestToken"] = .string(Self.token())
      _ = try await site.client.call(.athenaCreateNamedQuery, input)
    }
  }

  private static func token() -> String {
    Digest.hex((0..<16).map { _ in UInt8.random(in: 0...255) })
  }
}
