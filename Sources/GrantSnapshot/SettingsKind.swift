import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The data lake settings of an account: who administers, and what new resources are open to.
public struct SettingsKind: RestorableKind {
  public let kind = Kind.settings
  public let restrictsAccess = true

  static let administrators = "DataLakeAdmins"
  private static let principalLists = [
    administrators, "ReadOnlyAdmins", "CreateDatabaseDefaultPermissions",
    "CreateTableDefaultPermissions",
  ]
  static let defaults = ["CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"]

  public init() {}

  public func phase(of body: JSON) -> Phase { .prepare }

  public func comparable(_ body: JSON) -> JSON {
    var settings = body
    for list in Self.principalLists { settings[list] = (body[list] ?? []).sorted }
    for list in [
      "TrustedResourceOwners", "ExternalDataFilteringAllowList", "AuthorizedSessionTagValueList",
    ] {
      settings[list] = (body[list] ?? []).sorted
    }
    settings["Parameters"] = body["Parameters"] ?? [:]
    return settings
  }

  /// The snapshot's administrators, and the restorer, who has to stay one to go on working.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var settings = body
    for list in Self.principalLists {
      settings[list] = body[list]?.mapStrings(mapper.principal)
    }
    settings["TrustedResourceOwners"] = body["TrustedResourceOwners"]?.mapStrings(mapper.account)
    guard let restorer = mapper.restorer else { return settings }
    let administrators = settings[Self.administrators]?.array ?? []
    if !administrators.contains(.principal(restorer)) {
      settings[Self.administrators] = .array(administrators + [.principal(restorer)])
    }
    return settings
  }

  /// GetDataLakeSettings, which answers for every account, also one that never used Lake Formation.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let answer = try await site.client.call(.lakeFormationGetDataLakeSettings, [:])
    guard let settings = answer["DataLakeSettings"] else {
      throw MalformedRecord(kind: kind, member: "DataLakeSettings")
    }
    try sink.add(Record(key: site.key(kind, []), value: settings))
  }

  public func needsSettling(_ desired: JSON) -> Bool {
    Self.defaults.contains { !(desired[$0]?.array ?? []).isEmpty }
  }

  /// PutDataLakeSettings, which replaces everything. Only the last step gives the defaults that the
  /// snapshot has: until then what is created is open to nobody.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      guard var settings = change.desired else { continue }
      if change.step != .settle {
        for list in Self.defaults { settings[list] = [] }
      }
      _ = try await site.client.call(
        .lakeFormationPutDataLakeSettings, ["DataLakeSettings": settings])
    }
    return []
  }
}
