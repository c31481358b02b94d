import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A schema of a registry, without its versions. They are created with it, in their order.
///
/// AWS gives versions new ids. Messages that a serializer of the registry wrote name the old ones.
public struct SchemaKind: RestorableKind {
  public let kind = Kind.schema

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  /// Its format, compatibility mode and description. The checkpoint is a version's number, and
  /// numbers close up where versions were deleted.
  public func comparable(_ body: JSON) -> JSON {
    body.keeping(only: ["DataFormat", "Compatibility", "Description"]).withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("RegistryName", by: mapper.name)
    for name in ["RegistryArn", "SchemaArn"] { body.replace(name, by: mapper.arn) }
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("RegistryName", of: body), try required("SchemaName", of: body)]
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(Self.registry(of: key))]
  }

  public func parent(of key: RecordKey) -> RecordKey? { Self.registry(of: key) }

  private static func registry(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .registry, path: Array(key.path.prefix(1)))
  }

  /// ListSchemas over all registries, and GetSchema for what it leaves out.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let schemas = try await gather(Self.paths(at: site)) { path in
      try await unlessGone {
        let body = try await site.client.call(
          .glueGetSchema, ["SchemaId": SchemaVersions.schemaID(path)])
        return Record(key: site.key(kind, path), value: body)
      }
    }
    for schema in schemas { try sink.add(schema) }
  }

  /// Registry and name of every schema of the account.
  static func paths(at site: Site) async throws -> [[String]] {
    try await site.client.all(.glueListSchemas).filter { $0["SchemaStatus"] != "DELETING" }.map {
      let kind = SchemaKind()
      return [try kind.required("RegistryName", of: $0), try kind.required("SchemaName", of: $0)]
    }
  }

  /// CreateSchema with all versions, UpdateSchema and DeleteSchema.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    var failures: [ChangeFailure] = []
    for change in changes {
      let versions = SchemaVersions(change.key.path, at: site)
      switch change.step {
      case .create: failures += try await versions.create(change.desired ?? [:], change)
      case .remove:
        try await site.remove(.glueDeleteSchema, ["SchemaId": versions.id])
      case .prepare, .update, .settle:
        guard change.desired?["DataFormat"] == change.live?["DataFormat"] else {
          failures.append(
            ChangeFailure(
              key: change.key, code: "CannotBeChanged",
              message: "the format of a schema can't be changed: remove it and restore again"))
          continue
        }
        _ = try await site.client.call(.glueUpdateSchema, update(change, versions.id))
      }
    }
    return failures
  }

  /// A new mode needs a checkpoint, too: the one that the schema has.
  private func update(_ change: Change, _ id: JSON) -> JSON {
    let desired = change.desired ?? [:]
    var input: JSON = ["SchemaId": id, "Description": desired["Description"] ?? ""]
    if desired["Compatibility"] != change.live?["Compatibility"] {
      input["Compatibility"] = desired["Compatibility"]
      let checkpoint = change.live?["SchemaCheckpoint"]?.integer
      input["SchemaVersionNumber"] =
        checkpoint.map { ["VersionNumber": JSON($0)] } ?? ["LatestVersion": true]
    }
    return input
  }
}
