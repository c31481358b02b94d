import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// How the catalog of an account is encrypted: its metadata, and the passwords of connections.
public struct EncryptionSettingsKind: RestorableKind {
  public let kind = Kind.encryptionSettings
  /// They apply to every write after them: nothing is created in the clear because only tables
  /// were asked for.
  public let restrictsAccess = true

  private static let keys = [
    ["EncryptionAtRest", "SseAwsKmsKeyId"], ["ConnectionPasswordEncryption", "AwsKmsKeyId"],
  ]

  public init() {}

  /// Before the first database.
  public func phase(of body: JSON) -> Phase { .prepare }

  /// A catalog whose encryption was never set answers in several ways, all of which say no.
  public func comparable(_ body: JSON) -> JSON {
    var settings = body.keeping(only: AWSShape.dataCatalogEncryptionSettings)
    let atRest = settings["EncryptionAtRest"] ?? [:]
    let mode = atRest["CatalogEncryptionMode"] ?? "DISABLED"
    settings["EncryptionAtRest"] =
      mode == "DISABLED" ? ["CatalogEncryptionMode": mode] : atRest
    var passwords = settings["ConnectionPasswordEncryption"] ?? [:]
    passwords["ReturnConnectionPasswordEncrypted"] =
      passwords["ReturnConnectionPasswordEncrypted"] ?? false
    settings["ConnectionPasswordEncryption"] = passwords
    return settings
  }

  /// A key of the lost region can't encrypt anything: one that can't be mapped is noted.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = comparable(body)
    for path in Self.keys { body.update(at: path) { $0.mapStrings(mapper.key) } }
    body.update(at: ["EncryptionAtRest", "CatalogEncryptionServiceRole"]) {
      $0.mapStrings(mapper.principal)
    }
    return body
  }

  /// GetDataCatalogEncryptionSettings, which answers for every account.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let answer = try await site.client.call(.glueGetDataCatalogEncryptionSettings, [:])
    guard let settings = answer["DataCatalogEncryptionSettings"] else {
      throw MalformedRecord(kind: kind, member: "DataCatalogEncryptionSettings")
    }
    try sink.add(Record(key: site.key(kind, []), value: settings))
  }

  /// PutDataCatalogEncryptionSettings, which replaces everything. Settings can't be removed.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      guard let desired = change.desired else { continue }
      _ = try await site.client.call(
        .gluePutDataCatalogEncryptionSettings,
        ["DataCatalogEncryptionSettings": comparable(desired)])
    }
    return []
  }
}
