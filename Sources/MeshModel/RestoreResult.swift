import CanonicalJSON

/// What a restore, or a plan of one, came to. Kept in the store as the record of the run.
public struct RestoreResult: Sendable, Hashable {
  /// How many actions there were, by what became of them.
  public struct ActionCounts: Sendable, Hashable {
    public var create = 0
    public var update = 0
    public var remove = 0
    public var unchanged = 0
    public var failed = 0
    /// Not tried, because something that they depend on failed.
    public var skipped = 0

    public init() {}
  }

  public struct Failure: Sendable, Hashable {
    public var kind: String
    public var key: String
    public var code: String
    public var message: String

    public init(kind: String, key: String, code: String, message: String) {
      self.kind = kind
      self.key = key
      self.code = code
      self.message = message
    }
  }

  /// One stretch of the recovery time.
  public struct PhaseTime: Sendable, Hashable {
    public var name: String
    /// How long at least one of its actions was under way.
    public var seconds: Double
    public var actions: Int

    public init(name: String, seconds: Double, actions: Int) {
      self.name = name
      self.seconds = seconds
      self.actions = actions
    }
  }

  /// What one account did in one phase, in seconds since the run began.
  public struct Span: Sendable, Hashable {
    /// Empty for what concerns all accounts.
    public var account: String
    public var phase: String
    public var start: Double
    public var end: Double
    public var actions: Int

    public init(account: String, phase: String, start: Double, end: Double, actions: Int) {
      self.account = account
      self.phase = phase
      self.start = start
      self.end = end
      self.actions = actions
    }
  }

  /// The recovery time against its objective.
  public struct RecoveryTime: Sendable, Hashable {
    public var objectiveSeconds: Double
    public var seconds: Double
    public var phases: [PhaseTime]
    /// How long it took until somebody started the run; part of `seconds`. Zero where nobody said
    /// since when the region was lost.
    public var detectionSeconds = 0.0
    /// What the mesh file has restored first: how many seconds after the start of the clock the last
    /// action of each had ended. What had nothing to do is not among them.
    public var priorities: [PhaseTime] = []
    /// How long some call of AWS was under way, pauses for its limits included; nil where that was not
    /// counted. The rest is the program's own work.
    public var waitingSeconds: Double?

    public init(objectiveSeconds: Double, seconds: Double, phases: [PhaseTime]) {
      self.objectiveSeconds = objectiveSeconds
      self.seconds = seconds
      self.phases = phases
    }
  }

  /// What the secondary, captured again, has of what was wanted.
  public struct Verification: Sendable, Hashable {
    public var missing: [String] = []
    public var different: [String] = []
    /// Held by the secondary only, and left there.
    public var extra: [String] = []
    /// Access that the primary does not give.
    public var widened: [String] = []

    public init() {}

    /// Whether the secondary is what was wanted, whatever else it holds.
    public var isGood: Bool { missing.isEmpty && different.isEmpty && widened.isEmpty }
  }

  /// The run's id; empty for a plan that was not carried out.
  public var run = ""
  public var command: String
  public var mesh: String
  public var snapshot: String
  public var region: String
  /// When the run began, RFC 3339 in UTC.
  public var started = ""
  /// The moment to which the catalog is brought back.
  public var recoveryPoint = ""
  public var actions = ActionCounts()
  /// How many records of each kind were created, changed or removed.
  public var changedByKind: [String: Int] = [:]
  public var failures: [Failure] = []
  public var rto: RecoveryTime
  public var timeline: [Span] = []
  /// What the time of applying hung on: each stretch could begin when the one before had ended.
  public var criticalPath: [Span] = []
  /// Nil where nothing was verified: of plans and dry runs.
  public var verified: Verification?
  public var mappings: [Mapper.Use: Int] = [:]
  public var blockers: [Mapper.Problem] = []
  /// What a drill found out; nil for other commands.
  public var drill: DrillReport?
  /// What a failback found on both sides; nil for other commands.
  public var failback: FailbackReport?
  /// What is left for a person.
  public var manual: [ManualStep] = []
  public var warnings: [String] = []
  /// Account names by id, for people.
  public var accounts: [String: String] = [:]
  /// Whether the run was stopped before its end.
  public var interrupted = false

  public init(command: String, mesh: String, snapshot: String, region: String, rto: RecoveryTime) {
    self.command = command
    self.mesh = mesh
    self.snapshot = snapshot
    self.region = region
    self.rto = rto
  }

  /// Whether all was done that had to be, and nothing speaks against what came of it.
  public var isWhole: Bool {
    !interrupted && failures.isEmpty && actions.skipped == 0 && verified?.isGood != false
      && drill?.isGood != false && failback?.isWhole != false
  }

  /// Whether the objective was kept by a run that did all it had to.
  public var metObjective: Bool { rto.seconds <= rto.objectiveSeconds && isWhole }
}
