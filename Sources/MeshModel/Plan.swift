import CanonicalJSON

/// One thing that a restore does to one record.
public struct Action: Sendable, Hashable {
  public enum Step: String, Sendable, Hashable, CaseIterable {
    /// A resource that exists is made safe to work in, before anything else in its account.
    case prepare
    case create
    case update
    case remove
    /// What had to wait until everything else is in place.
    case settle
  }

  public let step: Step
  public let phase: Phase
  /// The record, by its key in the secondary.
  public let key: RecordKey
  /// Paths of the members that an update changes.
  public let fields: [String]
  /// Why, where the difference of the two sides does not say it.
  public let reason: String?
  /// Whether it gives the restorer access to work with. That is taken back at the end and counts
  /// neither as a change nor, where it fails, as a failure.
  public let isOwnAccess: Bool

  public init(
    _ step: Step, _ key: RecordKey, phase: Phase, fields: [String] = [], reason: String? = nil,
    isOwnAccess: Bool = false
  ) {
    self.isOwnAccess = isOwnAccess
    self.step = step
    self.key = key
    self.phase = phase
    self.fields = fields
    self.reason = reason
  }
}

/// What a restore would do: a value, made without changing anything.
public struct Plan: Sendable {
  /// The snapshot that it puts back.
  public let snapshot: String
  public let region: String
  public var actions: [Action] = []
  /// How many records are as they should be, by kind.
  public var unchanged: [Kind: Int] = [:]
  /// What the secondary holds beyond the snapshot and keeps.
  public var extra: [RecordKey] = []
  /// Grants that the restorer holds in the secondary and has to give back: those of a run that was
  /// killed.
  public var ownGrants: [RecordKey] = []
  /// What would be left as it is because `--on-conflict skip` says so.
  public var conflicts: [RecordKey] = []
  /// What is left for a person, in the order of the keys within each kind.
  public var manual: [ManualStep] = []
  /// Each mapping that was used, and how often.
  public var mappings: [Mapper.Use: Int] = [:]
  /// Why it must not be carried out as it is: locations without a replica.
  public var blockers: [Mapper.Problem] = []
  /// What whoever runs it should know.
  public var warnings: [String] = []

  public init(snapshot: String, region: String) {
    self.snapshot = snapshot
    self.region = region
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { actions.isEmpty && ownGrants.isEmpty }
}
