import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A version of a schema, with the metadata that people gave it.
///
/// Its path ends in a digest of its definition: a schema has no definition twice, and AWS numbers
/// the versions of each region anew.
public struct SchemaVersionKind: RestorableKind {
  public let kind = Kind.schemaVersion

  /// Digits of a definition's digest in a key.
  private static let digits = 16

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  public func comparable(_ body: JSON) -> JSON {
    var version = body.keeping(only: ["DataFormat"])
    version["SchemaDefinition"] = .string(Self.normal(body))
    let metadata = SchemaVersions.metadata(of: body).map { JSON([$0.key, $0.value]) }
    version["Metadata"] = .array(metadata)
    return version.withoutEmptyMembers
  }

  /// AWS takes definitions that differ in blanks only for the same.
  private static func normal(_ body: JSON) -> String {
    let text = body["SchemaDefinition"]?.string ?? ""
    guard body["DataFormat"] != "PROTOBUF", let value = try? JSON(parsing: text) else {
      return text
    }
    return value.canonicalText
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("SchemaArn", by: mapper.arn)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    guard let registry = path.first else { return path }
    return [mapper.name(registry)] + path.dropFirst()
  }

  private static func schema(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .schema, path: Array(key.path.prefix(2)))
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(Self.schema(of: key))]
  }

  public func parent(of key: RecordKey) -> RecordKey? { Self.schema(of: key) }
  public func createdWith(_ key: RecordKey) -> RecordKey? { Self.schema(of: key) }

  /// The path of a version of a schema.
  static func path(_ schema: [String], _ body: JSON) -> [String] {
    let digest = Digest.hex(Digest.sha256(Array(normal(body).utf8)))
    return schema + [String(digest.prefix(digits))]
  }

  /// ListSchemaVersions of every schema, GetSchemaVersion and QuerySchemaVersionMetadata of every
  /// version. One that failed its checks, or is being deleted, is no version.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let found = try await gather(SchemaKind.paths(at: site)) { schema in
      try await unlessGone { try await versions(of: schema, at: site) }
    }
    for version in found.joined() { try sink.add(version) }
  }

  private func versions(of schema: [String], at site: Site) async throws -> [Record] {
    let listed = try await site.client.all(
      .glueListSchemaVersions, ["SchemaId": SchemaVersions.schemaID(schema)])
    return try await gather(listed.filter { !["FAILURE", "DELETING"].contains($0["Status"]) }) {
      version in
      let id: JSON = ["SchemaVersionId": .string(try required("SchemaVersionId", of: version))]
      return try await unlessGone {
        var body = try await site.client.call(.glueGetSchemaVersion, id)
        let metadata = try await SchemaVersions.metadata(id, at: site)
        if metadata != [:] { body["MetadataInfoMap"] = metadata }
        return Record(key: site.key(kind, Self.path(schema, body)), value: body)
      }
    }
  }

  /// The versions of a schema are registered in one go: their order counts.
  public func batchGroup(_ key: RecordKey) -> String { Self.schema(of: key).text }
  public func batchLimit(_ step: Action.Step) -> Int { step == .create ? 1000 : 1 }
  public var isSerial: Bool { true }

  /// RegisterSchemaVersion, PutSchemaVersionMetadata, RemoveSchemaVersionMetadata and
  /// DeleteSchemaVersions.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    guard let first = changes.first else { return [] }
    let versions = SchemaVersions(Array(first.key.path.prefix(2)), at: site)
    switch first.step {
    case .create: return try await versions.add(changes.compactMap(\.desired))
    case .remove: return try await versions.remove(changes)
    case .prepare, .update, .settle:
      for change in changes {
        try await versions.setMetadata(
          of: change.live?["SchemaVersionId"]?.string ?? "", from: change.live ?? [:],
          to: change.desired ?? [:])
      }
      return []
    }
  }
}
