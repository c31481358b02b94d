import MeshModel

/// What whoever runs a restore decides: the options of the command line.
public struct PlanPolicy: Sendable, Hashable {
  /// What becomes of a record that the secondary holds in another state.
  public enum Conflict: String, Sendable, CaseIterable {
    case overwrite, skip, fail
  }

  public var onConflict = Conflict.overwrite
  /// Removes catalog records that the snapshot does not hold.
  public var removeExtra = false
  /// Leaves grants that the snapshot does not hold.
  public var keepExtraGrants = false
  /// What is wanted is all that there should be of what is looked at: what is beyond it goes.
  public var isWhole = false
  /// The restorer's own grants beyond what is wanted are revoked like any other, and not only given
  /// back at the end.
  public var revokesOwn = false
  /// Why what is beyond what is wanted goes, as the plan tells it.
  public var reasonForRemoval = "not in the snapshot"
  /// Restores what names a bucket or key without a replica as it is.
  public var allowUnmapped = false
  /// Restores only these, with what they need; empty restores everything.
  public var only: [Selector] = []

  /// Leaves all that the selectors do not name as it is, also settings, tags and policies, which reach
  /// beyond it: for a region that is in use, where they may have been changed since the snapshot.
  public var onlyWhatIsNamed = false

  /// Whether the plan carries a digest of all that it was made of.
  public var keepsBasis = false

  public init() {}

  /// Whether a comparison finds the same with another policy. What becomes of the difference may not be
  /// the same.
  func comparesAs(_ other: PlanPolicy) -> Bool {
    var policy = self
    policy.allowUnmapped = other.allowUnmapped
    policy.keepsBasis = other.keepsBasis
    policy.reasonForRemoval = other.reasonForRemoval
    return policy == other
  }

  /// Whether a record is among what is asked for. What has no scope, such as settings and tags, is
  /// needed by everything that has one.
  /// - Parameter anyKind: takes selectors of kinds for selectors of everything: nobody can ask for
  ///   tables without what keeps them closed.
  func includes(_ key: RecordKey, scope: [String]?, anyKind: Bool) -> Bool {
    guard !only.isEmpty else { return true }
    return only.contains { selector in
      switch selector {
      case .kind: anyKind && !onlyWhatIsNamed || selector.matches(key, scope: [])
      case .database, .table:
        scope.map { selector.matches(key, scope: $0) } ?? !onlyWhatIsNamed
      }
    }
  }
}
