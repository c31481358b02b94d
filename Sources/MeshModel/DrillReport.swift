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
    /// What a query shows.
    public enum Verdict: String, Sendable, Hashable, CaseIterable { case right, wrong, unknown }

    public var account: String
    public var table: String
    /// The column that is asked for; empty for all that may be read.
    public var column = ""
    public var workGroup: String
    /// The ARN of the role that asked; empty for the restorer.
    public var role = ""
    /// Whom it stands in for, as the mesh calls them.
    public var principals: [String] = []
    /// Whether it should succeed.
    public var isAllowed = true
    /// `SUCCEEDED`, `FAILED`, or another state of Athena; `UNKNOWN` where it could not be run.
    public var state: String
    public var reason: String
    /// Whether it failed because the role may not read what it asked for.
    public var isDenied = false
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

    /// A query that should fail and fails for another reason shows nothing.
    public var verdict: Verdict {
      if state == "UNKNOWN" { return .unknown }
      if isAllowed { return succeeded ? .right : .wrong }
      return succeeded ? .wrong : isDenied ? .right : .unknown
    }

    /// Whether somebody could read what is kept from them.
    public var isWider: Bool { !isAllowed && succeeded }
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

    /// Whether nothing is left of the drill, as far as could be seen, which was all.
    public var isUndone: Bool { left.isEmpty && failures.isEmpty }

    /// Whether the region was read again and is as it was.
    public var isClean: Bool { left.isEmpty && changed.isEmpty && failures.isEmpty }
  }

  /// How far the data was behind when that was measured last before the drill.
  public struct DataLag: Sendable, Hashable {
    /// The measurement.
    public var run: String
    /// When it began, RFC 3339 in UTC.
    public var started: String
    /// From then to the begin of the drill; nil where either time is unknown. Seconds.
    public var age: Double?
    /// Seconds; nil where it is not known of the worst product.
    public var worst: Double?
    public var products: Int
    public var breached: Int
    public var unknown: Int

    /// What was measured earlier than so many seconds before the drill says nothing of it.
    public static let oldest = 86_400.0

    public init(
      run: String, started: String, age: Double?, worst: Double?, products: Int, breached: Int,
      unknown: Int
    ) {
      self.run = run
      self.started = started
      self.age = age
      self.worst = worst
      self.products = products
      self.breached = breached
      self.unknown = unknown
    }

    /// Whether it tells of the time of the drill.
    public var isFresh: Bool { age.map { (0...Self.oldest).contains($0) } ?? false }

    /// Whether the objective was kept; nil where that is not known.
    public var met: Bool? {
      guard isFresh, products > 0 else { return nil }
      if breached > 0 { return false }
      return unknown > 0 ? nil : true
    }
  }

  /// An earlier drill of the same region.
  public struct Past: Sendable, Hashable {
    public var run: String
    public var started: String
    public var seconds: Double
    public var actions: Int
    /// Whether all was as it should be, in time.
    public var met: Bool
    /// Whether users could have worked, and the region was as before; nil of drills that did not keep
    /// that.
    public var good: Bool?
    /// The recovery time's objective then. Seconds.
    public var objective: Double?
    /// How old the catalog was. Seconds.
    public var catalogAge: Double?
    /// How far the data was behind; nil where that was not known. Seconds.
    public var dataLag: Double?
    /// Whether it was held in accounts of its own.
    public var isFull = false

    public init(run: String, started: String, seconds: Double, actions: Int, met: Bool) {
      self.run = run
      self.started = started
      self.seconds = seconds
      self.actions = actions
      self.met = met
    }
  }

  /// What stands before the names of what was made; empty where the drill had accounts of its own.
  public var prefix: String
  /// The drill account that stood for each account of the mesh; empty for a drill under a prefix.
  public var accounts: [String: String] = [:]
  /// How often the drill was killed, or its machine lost, and gone on with.
  public var resumed = 0
  public var access = AccessCheck()
  public var queries: [Query] = []
  /// What a real restore would change of what there is once in a region: a line for each record.
  public var onceInRegion: [String] = []
  /// What a real restore does and the drill does not.
  public var notRehearsed: [String] = []
  public var undoing = Undoing()
  /// How old the catalog was that was brought back. Seconds.
  public var catalogAge: Double?
  /// How far the data was behind; nil where nobody measured it for this region.
  public var dataLag: DataLag?
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

  /// Whether it was held in accounts of its own, and did everything.
  public var isFull: Bool { !accounts.isEmpty }

  /// Whether users could have worked, and the region is as it was.
  public var isGood: Bool {
    access.isRight && queries.allSatisfy { $0.verdict == .right } && undoing.isClean
  }
}
