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
  private static let adminLists = [administrators, "ReadOnlyAdmins"]
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

  /// Whether somebody but the restorers is to become an administrator.
  public func addsAdministrators(
    _ desired: JSON, to live: JSON, besides restorers: Set<String>
  ) -> Bool {
    Self.adminLists.contains { list in
      let present = (live[list]?.array ?? []) + restorers.map { .principal($0) }
      return !(desired[list]?.array ?? []).allSatisfy(present.contains)
    }
  }

  /// PutDataLakeSettings, which replaces everything. Only the last step gives the defaults that the
  /// snapshot has: until then what is created is open to nobody. Nor does anybody but the restorer
  /// become an administrator before: what other accounts share too widely they would see.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    var failures: [ChangeFailure] = []
    for change in changes {
      guard var settings = change.desired else { continue }
      if change.step != .settle {
        for list in Self.defaults { settings[list] = [] }
        for list in Self.adminLists {
          guard let live = change.live, let wanted = settings[list]?.array else { continue }
          let present = (live[list]?.array ?? []) + [.principal(site.principal)]
          settings[list] = .array(wanted.filter(present.contains))
        }
      }
      do {
        try await put(settings, at: site)
      } catch let failure as AWSFailure where Self.namesNobody(failure) {
        let missing = try await putOneByOne(settings, at: site)
        failures.append(
          ChangeFailure(
            key: change.key, code: failure.code,
            message: "these administrators do not exist and were left out: "
              + missing.joined(separator: ", "), holdsBack: false))
      }
    }
    return failures
  }

  private func put(_ settings: JSON, at site: Site) async throws {
    _ = try await site.client.call(
      .lakeFormationPutDataLakeSettings, ["DataLakeSettings": settings])
  }

  /// AWS refuses settings as a whole where one administrator was deleted since: a recovery must not
  /// fail for that. Puts them with the restorer alone, then adds one after the other.
  /// - Returns: those that do not exist.
  private func putOneByOne(_ wanted: JSON, at site: Site) async throws -> [String] {
    var settings = wanted
    settings[Self.administrators] = [.principal(site.principal)]
    settings["ReadOnlyAdmins"] = []
    try await put(settings, at: site)
    var missing: [String] = []
    for list in [Self.administrators, "ReadOnlyAdmins"] {
      for principal in wanted[list]?.array ?? []
      where settings[list]?.array?.contains(principal) == false {
        let before = settings
        settings[list] = .array((before[list]?.array ?? []) + [principal])
        do {
          try await put(settings, at: site)
        } catch let failure as AWSFailure where Self.namesNobody(failure) {
          settings = before
          missing.append(principal["DataLakePrincipalIdentifier"]?.string ?? "")
        }
      }
    }
    return missing
  }

  private static func namesNobody(_ failure: AWSFailure) -> Bool {
    failure.code == "InvalidInputException" && failure.message.hasPrefix("Invalid principal")
  }
}
