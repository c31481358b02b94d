import MeshModel

/// There is a snapshot to restore from, and it is of last night.
struct SnapshotCheck: AuditCheck {
  /// A day, and what a nightly run may take.
  private static let most = 26.0 * 3600

  func findings(_ facts: AuditFacts) -> [Finding] {
    guard let snapshot = facts.snapshot else {
      return [
        Finding(
          .blocker, "no-snapshot", "the store", "there is no complete snapshot to restore from",
          remedy: "meshdr snapshot")
      ]
    }
    var found: [Finding] = []
    let age = facts.now - snapshot.recoveryPoint
    if age > Self.most {
      found.append(
        Finding(
          .warning, "snapshot-old", snapshot.id,
          "the newest complete snapshot is \(Self.words(age)) old: what changed since is lost with "
            + "the primary",
          remedy: "meshdr snapshot, and see to it that it runs every night"))
    }
    if let newer = snapshot.newerIncomplete {
      found.append(
        Finding(
          .warning, "snapshot-incomplete", newer.id,
          "a newer snapshot is not complete, and no restore takes it: "
            + newer.reasons.joined(separator: "; "),
          remedy: "mend what it names, then meshdr snapshot"))
    }
    return found
  }

  private static func words(_ seconds: Double) -> String {
    let hours = Int(seconds / 3600)
    return hours < 48 ? "\(hours) hours" : "\(hours / 24) days"
  }
}
