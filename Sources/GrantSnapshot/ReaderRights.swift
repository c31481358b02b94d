import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Whether whoever reads sees everything.
///
/// AWS leaves what a caller may not see out of its listings without a word: Lake Formation does so
/// with databases, tables, tags, filters and grants, and IAM with tables.
public enum ReaderRights {
  /// Without being a data lake administrator a listing of tags, filters and grants is short and
  /// looks whole.
  /// - Returns: what is missing, in one sentence; nil if nothing is.
  /// - Throws: `AWSFailure` from GetDataLakeSettings.
  public static func shortcoming(at site: Site) async throws -> String? {
    let answer = try await site.client.call(.lakeFormationGetDataLakeSettings, [:])
    let settings = answer["DataLakeSettings"] ?? [:]
    let own = JSON.principal(site.principal)
    if settings[SettingsKind.administrators]?.array?.contains(own) ?? false { return nil }
    let isReadOnly = settings["ReadOnlyAdmins"]?.array?.contains(own) ?? false
    let what = isReadOnly ? "is only a read-only administrator" : "is no data lake administrator"
    return "\(site.principal) \(what) of \(site.account) in \(site.region): tags, filters and "
      + "grants that it may not see are missing; make it a data lake administrator there"
  }

  /// Who administers the account's data lake, as ARNs: GetDataLakeSettings.
  /// - Throws: `AWSFailure`.
  public static func administrators(at site: Site) async throws -> [String] {
    let answer = try await site.client.call(.lakeFormationGetDataLakeSettings, [:])
    let listed = answer["DataLakeSettings"]?[SettingsKind.administrators]?.array ?? []
    return listed.compactMap { $0["DataLakePrincipalIdentifier"]?.string }
  }

  /// What became of a database or a table that is not listed.
  public enum Whereabouts: Sendable, Equatable {
    /// AWS says that it is not there.
    case gone
    /// It was made while its account was captured: the next capture has it.
    case tooNew
    /// It is there, but not for this caller; with what AWS says.
    case hidden(String)
    /// AWS gives no answer that tells; with what it says.
    case unknown(String)
  }

  /// Asks for a database or a table by its name: GetDatabase, GetTable. What is not there is answered
  /// otherwise than what the caller may not see.
  /// - Parameter began: when the capture did, in seconds since 1970.
  /// - Returns: `unknown` also for keys of other kinds.
  /// - Throws: `CancellationError`.
  public static func whereabouts(
    of key: RecordKey, at site: Site, notListedSince began: Double
  ) async throws -> Whereabouts {
    let path = key.path
    do {
      switch (key.kindName, path.count) {
      case (Kind.database.name, 1):
        let answer = try await site.client.call(.glueGetDatabase, ["Name": .string(path[0])])
        return found(answer["Database"], "GetDatabase", "GetDatabases", began)
      case (Kind.table.name, 2):
        let answer = try await site.client.call(
          .glueGetTable, ["DatabaseName": .string(path[0]), "Name": .string(path[1])])
        return found(answer["Table"], "GetTable", "GetTables", began)
      default:
        return .unknown("\(key.kindName)s can't be asked for by name")
      }
    } catch let failure as AWSFailure {
      if failure.isNotFound { return .gone }
      let words = "\(failure.operation): \(failure.code): \(failure.message)"
      return failure.isAccessDenied ? .hidden(words) : .unknown(words)
    }
  }

  /// How far the clock of AWS and that of this machine may be apart, in seconds.
  private static let skew = 900.0

  private static func found(
    _ body: JSON?, _ get: String, _ list: String, _ began: Double
  ) -> Whereabouts {
    if let created = body?["CreateTime"]?.double, created > began - skew { return .tooNew }
    return .hidden("\(get) finds it, \(list) does not list it")
  }

  /// Which rights decide whether a kind's listings are whole, for whoever has to check them.
  public static func needed(toList kind: String, of service: String) -> String {
    switch service {
    case "glue":
      "the reader needs DESCRIBE in Lake Formation, which data lake administrators have, and "
        + "glue:Get* in IAM on the whole catalog"
    case "lakeformation":
      "the reader needs to be a data lake administrator, with lakeformation:Get*, List*, Search* "
        + "and Describe* in IAM"
    case "s3":
      "the reader needs s3:ListAllMyBuckets, s3:GetBucketLocation and "
        + "s3:GetReplicationConfiguration in IAM"
    default:
      "the reader needs \(service):Get* and \(service):List* in IAM"
    }
  }

  /// Makes whoever works an administrator, and leaves all other settings as they are: GetDataLakeSettings
  /// and PutDataLakeSettings. Can be repeated.
  /// - Throws: `AWSFailure` from either.
  public static func becomeAdministrator(at site: Site) async throws {
    let answer = try await site.client.call(.lakeFormationGetDataLakeSettings, [:])
    var settings = answer["DataLakeSettings"] ?? [:]
    let administrators = settings[SettingsKind.administrators]?.array ?? []
    guard !administrators.contains(.principal(site.principal)) else { return }
    settings[SettingsKind.administrators] = .array(administrators + [.principal(site.principal)])
    _ = try await site.client.call(
      .lakeFormationPutDataLakeSettings, ["DataLakeSettings": settings])
  }
}
