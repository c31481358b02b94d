import CanonicalJSON

/// What UpdateWorkGroup is to be told. What a work group has and should not have is taken away by
/// switches of its own; a few members have none, and stay.
struct WorkGroupUpdate {
  /// The request without the name of the work group.
  let request: JSON

  init(from live: JSON, to desired: JSON) {
    let (have, want) = (WorkGroupKind.configuration(live), WorkGroupKind.configuration(desired))
    var updates = want
    updates["ResultConfiguration"] = nil
    updates["ManagedQueryResultsConfiguration"] = nil
    // It is set when the group is made, and never after.
    updates["IdentityCenterConfiguration"] = nil
    Self.remove(
      ["BytesScannedCutoffPerQuery", "CustomerContentEncryptionConfiguration"],
      have, want, in: &updates)
    updates["ResultConfigurationUpdates"] = Self.part(
      "ResultConfiguration", have, want,
      removable: [
        "OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration",
      ])
    updates["ManagedQueryResultsConfigurationUpdates"] = Self.part(
      "ManagedQueryResultsConfiguration", have, want, removable: ["EncryptionConfiguration"])
    var request: JSON = [
      "Description": desired["Description"] ?? "", "ConfigurationUpdates": updates,
    ]
    request["State"] = desired["State"]
    self.request = request
  }

  /// The updates of one member that has members of its own; nil where there are none.
  private static func part(
    _ name: String, _ have: JSON, _ want: JSON, removable: [String]
  ) -> JSON? {
    var part = want[name] ?? [:]
    remove(removable, have[name] ?? [:], want[name] ?? [:], in: &part)
    if name == "ManagedQueryResultsConfiguration", have[name] != nil, want[name] == nil {
      part["Enabled"] = false
    }
    guard part != [:] else { return nil }
    return part
  }

  private static func remove(
    _ names: [String], _ have: JSON, _ want: JSON, in updates: inout JSON
  ) {
    for name in names where have[name] != nil && want[name] == nil {
      updates["Remove\(name)"] = true
    }
  }
}
