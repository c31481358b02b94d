import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// An LF-Tag with all its values.
public struct LFTagKind: RestorableKind {
  public let kind = Kind.lfTag
  public let restrictsAccess = true

  /// Values that one call takes.
  private static let valuesPerCall = 50

  public init() {}

  public func phase(of body: JSON) -> Phase { .tags }

  public func comparable(_ body: JSON) -> JSON { ["TagValues": (body["TagValues"] ?? []).sorted] }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["TagKey"] = body["TagKey"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("TagKey", of: body)]
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .lakeFormationListLFTags, [:], into: sink) { body in
      // Tags that another account lets this one see are listed there.
      if let catalog = body["CatalogId"]?.string, catalog != site.account { return nil }
      return [try required("TagKey", of: body)]
    }
  }

  /// CreateLFTag, UpdateLFTag and DeleteLFTag, with 50 values a call. `update` adds values, `settle`
  /// deletes them.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let key: JSON = ["TagKey": .string(change.key.path.first ?? "")]
      let desired = change.desired?["TagValues"]?.strings ?? []
      var present = Set(change.live?["TagValues"]?.strings ?? [])
      switch change.step {
      case .remove:
        _ = try await site.client.call(.lakeFormationDeleteLFTag, key)
        continue
      case .create:
        let first = Array(desired.prefix(Self.valuesPerCall))
        try await create(key, first, at: site)
        present = Set(first)
      case .settle:
        try await update(key, "TagValuesToDelete", present.subtracting(desired).sorted(), at: site)
        continue
      case .prepare, .update:
        break
      }
      let missing = desired.filter { !present.contains($0) }
      try await update(key, "TagValuesToAdd", missing, at: site)
    }
    return []
  }

  /// Whether the first of two tags has values that the second has not.
  public func hasExcess(_ body: JSON, over other: JSON) -> Bool {
    !Set((body["TagValues"] ?? []).strings).isSubset(of: (other["TagValues"] ?? []).strings)
  }

  /// CreateLFTag has no error that says that the tag is there already, so it must not be repeated
  /// blindly: where its answer is lost, GetLFTag tells whether it was carried out.
  private func create(_ key: JSON, _ values: [String], at site: Site) async throws {
    try await site.createOnce(.lakeFormationCreateLFTag, key.with("TagValues", values)) {
      try await exists(key, at: site)
    }
  }

  private func exists(_ key: JSON, at site: Site) async throws -> Bool {
    do {
      _ = try await site.client.call(.lakeFormationGetLFTag, key)
      return true
    } catch let failure as AWSFailure where failure.isNotFound {
      return false
    }
  }

  private func update(_ key: JSON, _ member: String, _ values: [String], at site: Site) async throws
  {
    for start in stride(from: 0, to: values.count, by: Self.valuesPerCall) {
      let some = Array(values[start..<min(start + Self.valuesPerCall, values.count)])
      _ = try await site.client.call(.lakeFormationUpdateLFTag, key.with(member, some))
    }
  }
}

extension JSON {
  /// The same object with one member more.
  func with(_ name: String, _ values: [String]) -> JSON {
    var copy = self
    copy[name] = JSON(values)
    return copy
  }
}
