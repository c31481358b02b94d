import AWSAccess
import CanonicalJSON
import Capture

/// Whether whoever reads sees everything.
public enum ReaderRights {
  /// Lake Formation hides what a caller may not see: without being a data lake administrator a
  /// listing of tags, filters and grants is short and looks whole.
  /// - Returns: what is missing, in one sentence; nil if nothing is.
  /// - Throws: `AWSFailure` from GetDataLakeSettings.
  public static func shortcoming(at site: Site) async throws -> String? {
    let answer = try await site.client.call(.lakeFormationGetDataLakeSettings, [:])
    let administrators = answer["DataLakeSettings"]?[SettingsKind.administrators]?.array ?? []
    if administrators.contains(.principal(site.principal)) { return nil }
    return "\(site.principal) is no data lake administrator of \(site.account) in \(site.region): "
      + "tags, filters and grants that it may not see are missing"
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
