/// What a drill found out besides what a restore does.
public struct DrillReport: Sendable, Hashable {
  /// What one principal of the mesh could do, had those who stand in been itself.
  public struct PrincipalAccess: Sendable, Hashable {
    public var principal: String
    /// Tables of which it can read something in the rehearsed catalog.
    public var readable: Int
    /// The same as the snapshot has it.
    public var expected: Int
    /// What it should be able to do and is not, a line for each resource.
    public var missing: [String]
    /// What it is able to do and should not be.
    public var beyond: [String]

    public init(
      principal: String, readable: Int, expected: Int, missing: [String], beyond: [String]
    ) {
      self.principal = principal
      self.readable = readable
      self.expected = expected
      self.missing = missing
      self.beyond = beyond
    }

    public var isRight: Bool { missing.isEmpty && beyond.isEmpty }
  }

  public struct AccessCheck: Sendable, Hashable {
    public var principals: [PrincipalAccess] = []
    /// Grants on copies to somebody who does not stand in for anybody.
    public var strangers: [String] = []
    /// Accounts that could not be read for it.
    public var unread: [String] = []

    public init() {}

    /// Whether everybody could do what they should, and nothing else. What was not read is no pass.
    public var isRight: Bool {
      principals.allSatisfy(\.isRight) && strangers.isEmpty && unread.isEmpty
    }
  }

  /// A query that a consumer would run.
  public struct Query: Sendable, Hashable {
    public var account: String
    public var table: String
    public var workGroup: String
    /// `SUCCEEDED`, `FAILED`, or another state of Athena.
    public var state: String
    public var reason: String
    public var seconds: Double

    public init(
      account: String, table: String, workGroup: String, state: String, reason: String,
      seconds: Double
    ) {
      self.account = account
      self.table = table
      self.workGroup = workGroup
      self.state = state
      self.reason = reason
      self.seconds = seconds
    }

    public var succeeded: Bool { state == "SUCCEEDED" }
  }

  /// What became of what the drill made.
  public struct Undoing: Sendable, Hashable {
    /// Actions that took it away.
    public var removed = 0
    /// What is left of it.
    public var left: [String] = []
    /// What lives in the region and is not as it was before the drill.
    public var changed: [String] = []
    /// What could not be taken away, or not be read to prove that it is gone.
    public var failures: [RestoreResult.Failure] = []
    public var seconds = 0.0

    public init() {}

    /// Whether the region was read again and is as it was.
    public var isClean: Bool { left.isEmpty && changed.isEmpty && failures.isEmpty }
  }

  /// An earlier drill of the same region.
  public struct Past: Sendable, Hashable {
    public var run: String
    public var started: String
    public var seconds: Double
    public var actions: Int
    public var met: Bool

    public init(run: String, started: String, seconds: Double, actions: Int, met: Bool) {
      self.run = run
      self.started = started
      self.seconds = seconds
      self.actions = actions
      self.met = met
    }
  }

  public var prefix: String
  public var access = AccessCheck()
  public var queries: [Query] = []
  /// What a real restore would change of what there is once in a region: a line for each record.
  public var onceInRegion: [String] = []
  /// What a real restore does and the drill does not.
  public var notRehearsed: [String] = []
  public var undoing = Undoing()
  /// How old the catalog was that was brought back. Seconds.
  public var catalogAge: Double?
  /// The recovery point's objective; nil where the mesh file has none. Seconds.
  public var rpoObjective: Double?
  /// Stretches after the rehearsed restore, which its clock does not count.
  public var after: [RestoreResult.PhaseTime] = []
  /// Earlier drills, the oldest first.
  public var trend: [Past] = []

  public init(prefix: String) {
    self.prefix = prefix
  }

  /// Whether the age of the catalog kept the objective; nil where either is unknown.
  public var metRecoveryPoint: Bool? {
    guard let catalogAge, let rpoObjective else { return nil }
    return catalogAge <= rpoObjective
  }

  /// Whether users could have worked, and the region is as it was.
  public var isGood: Bool {
    access.isRight && queries.allSatisfy(\.succeeded) && undoing.isClean
  }
}
