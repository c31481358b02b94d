import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A named LF-Tag expression, which policies can stand on instead of writing its terms out.
public struct LFTagExpressionKind: RestorableKind {
  public let kind = Kind.lfTagExpression
  /// A policy on it reaches what its terms say.
  public let restrictsAccess = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .tags }

  public func comparable(_ body: JSON) -> JSON {
    let terms = (body["Expression"]?.array ?? []).map { term in
      [
        "TagKey": term["TagKey"]?.lowercased ?? nil,
        "TagValues": (term["TagValues"] ?? []).lowercased.sorted,
      ] as JSON
    }
    return [
      "Expression": JSON.array(terms).sorted,
      "Description": .string(body["Description"]?.string ?? ""),
    ]
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["Name"] = body["Name"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    let terms = (body["Expression"]?.array ?? []).map { term in
      var term = term
      term["TagKey"] = term["TagKey"]?.mapStrings(mapper.name)
      return term
    }
    body["Expression"] = .array(terms)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("Name", of: body)]
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    (body["Expression"]?.array ?? []).compactMap { $0["TagKey"]?.string }.sorted().map {
      .record(RecordKey(account: key.account, kind: .lfTag, path: [$0]))
    }
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .lakeFormationListLFTagExpressions, [:], into: sink) { body in
      if let catalog = body["CatalogId"]?.string, catalog != site.account { return nil }
      return [try required("Name", of: body)]
    }
  }

  /// CreateLFTagExpression, UpdateLFTagExpression, which replaces the terms, and
  /// DeleteLFTagExpression. Where the answer to a creation is lost, GetLFTagExpression tells whether
  /// it was carried out.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name: JSON = ["Name": .string(change.key.path.first ?? "")]
      var request = comparable(change.desired ?? [:])
      request["Name"] = name["Name"]
      switch change.step {
      case .create:
        try await site.createOnce(.lakeFormationCreateLFTagExpression, request) {
          try await exists(name, at: site)
        }
      case .prepare, .update, .settle:
        _ = try await site.client.call(.lakeFormationUpdateLFTagExpression, request)
      case .remove:
        _ = try await site.client.call(.lakeFormationDeleteLFTagExpression, name)
      }
    }
    return []
  }

  private func exists(_ name: JSON, at site: Site) async throws -> Bool {
    do {
      _ = try await site.client.call(.lakeFormationGetLFTagExpression, name)
      return true
    } catch let failure as AWSFailure where failure.isNotFound {
      return false
    }
  }
}
