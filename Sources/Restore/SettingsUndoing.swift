import CanonicalJSON

/// What a run that is undone gives back of an account's settings. Pure.
public enum SettingsUndoing: Sendable {
  /// All of it: the account was the run's alone.
  case whole
  /// What a run beside others did: it closed default permissions, and made the restorer an administrator.
  /// What others did meanwhile stays: an administrator whom they removed does not come back.
  case ownPart
  /// As `ownPart`, but defaults that are closed stay so: whoever restored the region since may have meant
  /// them to be.
  case ownPartClosed

  private static let defaults = [
    "CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions",
  ]

  /// The settings to write.
  /// - Parameters:
  ///   - live: as they are.
  ///   - former: as they were before the run.
  ///   - restorer: the ARN of who ran it in the account.
  func body(_ live: JSON, before former: JSON, restorer: String) -> JSON {
    guard self != .whole else { return former }
    var body = live
    for list in Self.defaults where self == .ownPart && (live[list]?.array ?? []).isEmpty {
      if former[list]?.array?.isEmpty == false { body[list] = former[list] }
    }
    let admins = live["DataLakeAdmins"]?.array ?? []
    let before = former["DataLakeAdmins"]?.array ?? []
    let kept = admins.filter { admin in
      admin["DataLakePrincipalIdentifier"]?.string != restorer || before.contains(admin)
    }
    if kept.count < admins.count { body["DataLakeAdmins"] = .array(kept) }
    return body
  }
}
