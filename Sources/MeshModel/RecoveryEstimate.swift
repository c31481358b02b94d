/// How long a restore would take, worked out without touching AWS.
public struct RecoveryEstimate: Sendable, Hashable {
  /// How many calls a second were reckoned with.
  public struct Rate: Sendable, Hashable {
    public enum Source: String, Sendable, Hashable {
      /// Somebody said so.
      case given
      /// Seen in an earlier run.
      case learned
      /// Nothing is known.
      case assumed
    }

    public var service: String
    public var operation: String
    /// In one account; of the step that has the most to do.
    public var callsPerSecond: Double
    public var source: Source
    /// What says so.
    public var evidence: String

    public init(
      service: String, operation: String, callsPerSecond: Double, source: Source, evidence: String
    ) {
      self.service = service
      self.operation = operation
      self.callsPerSecond = callsPerSecond
      self.source = source
      self.evidence = evidence
    }
  }

  /// One stretch of what the end hangs on.
  public struct Stretch: Sendable, Hashable {
    /// Empty for what concerns all accounts.
    public var account: String
    public var service: String
    public var operation: String
    public var phase: String
    public var start: Double
    public var end: Double
    public var calls: Int

    public init(
      account: String, service: String, operation: String, phase: String, start: Double,
      end: Double,
      calls: Int
    ) {
      self.account = account
      self.service = service
      self.operation = operation
      self.phase = phase
      self.start = start
      self.end = end
      self.calls = calls
    }

    public var seconds: Double { end - start }
  }

  /// What most of the time hangs on.
  public struct Bound: Sendable, Hashable {
    /// Empty where it is no account's own limit.
    public var account: String
    public var service: String
    public var operation: String
    /// How long the end hangs on it.
    public var seconds: Double
    /// How long the whole would take with twice its rate.
    public var withTwiceTheRate: Double

    public init(
      account: String, service: String, operation: String, seconds: Double, withTwiceTheRate: Double
    ) {
      self.account = account
      self.service = service
      self.operation = operation
      self.seconds = seconds
      self.withTwiceTheRate = withTwiceTheRate
    }
  }

  /// What one account has to do.
  public struct Account: Sendable, Hashable {
    public var id: String
    public var records: Int
    public var calls: Int
    /// When its last step has ended, on the clock of the recovery time.
    public var end: Double

    public init(id: String, records: Int, calls: Int, end: Double) {
      self.id = id
      self.records = records
      self.calls = calls
      self.end = end
    }
  }

  public var mesh: String
  public var snapshot: String
  public var region: String
  public var objectiveSeconds: Double
  public var seconds = 0.0
  /// In the order in which they begin.
  public var phases: [RestoreResult.PhaseTime] = []
  public var accounts: [Account] = []
  public var accountNames: [String: String] = [:]
  /// Nil where there is nothing to do.
  public var bound: Bound?
  /// Oldest first.
  public var criticalPath: [Stretch] = []
  /// Of every operation that is needed.
  public var rates: [Rate] = []
  /// What was taken for true, in sentences.
  public var assumptions: [String] = []

  public init(mesh: String, snapshot: String, region: String, objectiveSeconds: Double) {
    self.mesh = mesh
    self.snapshot = snapshot
    self.region = region
    self.objectiveSeconds = objectiveSeconds
  }

  public var met: Bool { seconds <= objectiveSeconds }
}
