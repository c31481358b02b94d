/// How far the replicas of a mesh's data are behind, measured against the objective. Kept in the
/// store as the record of the run.
public struct RPOResult: Sendable, Hashable {
  /// What is known of one product.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// Evidence says that the replica is within the objective.
    case ok
    /// Evidence says that it is not.
    case breach
    /// There is no evidence, or too little. Never a pass.
    case unknown
  }

  /// One statement about a product, with what it rests on.
  public struct Evidence: Sendable, Hashable {
    /// `listing`, `status`, `metrics`, `canary`, `earlier run`, `configuration`.
    public var source: String
    /// One sentence.
    public var text: String

    public init(_ source: String, _ text: String) {
      self.source = source
      self.text = text
    }
  }

  /// Data that is replicated by one rule, or by none.
  public struct Product: Sendable, Hashable {
    /// `s3://bucket/prefix/`, or the location as the catalog has it where it is not in S3.
    public var location: String
    /// Where the replica is; nil where there is none.
    public var replica: String?
    /// Tables in it, `database.table`, in order.
    public var tables: [String] = []
    public var status = Status.unknown
    /// How far the replica is behind, in seconds; nil where it is not known.
    public var lagSeconds: Double?
    /// Objects that the replica does not have yet; nil where nobody counted them.
    public var pendingObjects: Int?
    public var pendingBytes: Int?
    /// The URI of the oldest of them.
    public var oldestPending: String?
    /// When that one was written, RFC 3339 in UTC.
    public var oldestPendingSince: String?
    /// Whether every object was compared. Otherwise the figures are those of a sample.
    public var comparedWhole = false
    /// Objects that were compared.
    public var compared: Int?
    /// The worst latency that CloudWatch has for the last hours, in seconds.
    public var worstLatencySeconds: Double?
    /// How long a canary took, in seconds; nil where none was sent.
    public var canarySeconds: Double?
    /// What earlier runs found, the newest first.
    public var trend: [Earlier] = []
    public var evidence: [Evidence] = []
    /// Where one piece of evidence contradicts another.
    public var disagreements: [String] = []
    /// Why its loss is accepted: it then does not count. Nil where it is not.
    public var accepted: String?
    /// What only the replica has, where that was asked for. No part of the document.
    public var extra: ExtraObjects?

    public init(location: String, replica: String?) {
      self.location = location
      self.replica = replica
    }

    /// The lag of the newest earlier run that knew it; nil where none did.
    public var earlierLagSeconds: Double? { trend.lazy.compactMap(\.lagSeconds).first }
  }

  /// What an earlier run found of a product.
  public struct Earlier: Sendable, Hashable {
    /// RFC 3339 in UTC.
    public var started: String
    /// Nil where it was not known then.
    public var lagSeconds: Double?

    public init(started: String, lagSeconds: Double?) {
      self.started = started
      self.lagSeconds = lagSeconds
    }
  }

  /// A location that replication of buckets has nothing to do with.
  public struct NotApplicable: Sendable, Hashable {
    public var location: String
    public var tables: [String]
    public var reason: String

    public init(location: String, tables: [String], reason: String) {
      self.location = location
      self.tables = tables
      self.reason = reason
    }
  }

  public var run = ""
  public var mesh: String
  /// The snapshot whose locations were checked; empty where the live catalog's were.
  public var snapshot = ""
  /// The region of the replicas.
  public var region: String
  /// When the run began, RFC 3339 in UTC.
  public var started: String
  public var seconds = 0.0
  public var objectiveSeconds: Double
  /// The age of the newest complete snapshot; nil where there is none.
  public var catalogAgeSeconds: Double?
  public var products: [Product] = []
  /// Tables whose formats name their files.
  public var tables: [Table] = []
  public var notApplicable: [NotApplicable] = []
  /// What is wrong with the configuration.
  public var findings: [Finding] = []
  public var warnings: [String] = []
  /// Whether the primary region could not be asked.
  public var primaryLost = false

  public init(mesh: String, region: String, started: String, objectiveSeconds: Double) {
    self.mesh = mesh
    self.region = region
    self.started = started
    self.objectiveSeconds = objectiveSeconds
  }

  /// The products whose loss nobody has accepted.
  public var counted: [Product] { products.filter { $0.accepted == nil } }

  /// The lag of the worst product or table. Nil where one's is not known, unless another one's is
  /// known to miss the objective: that is then the least that the worst can be. What is accepted does
  /// not count.
  public var worstSeconds: Double? {
    let tables = tables.filter { $0.accepted == nil }
    let worst = (counted.map(\.lagSeconds) + tables.map(\.lagSeconds)).compactMap(\.self).max()
    if let worst, worst > objectiveSeconds { return worst }
    let isUnknown =
      counted.contains { $0.status == .unknown }
      || tables.contains { $0.status == .unknown || $0.lagSeconds == nil }
    return isUnknown ? nil : worst
  }

  /// Whether the catalog is not older than the objective. Not, where its age is unknown.
  public var catalogMet: Bool { catalogAgeSeconds.map { $0 <= objectiveSeconds } ?? false }

  /// Whether all products, tables and the catalog are known to be within the objective, but for what is
  /// accepted. A mesh of which nothing was measured is not.
  public var met: Bool {
    !counted.isEmpty && counted.allSatisfy { $0.status == .ok }
      && tables.allSatisfy { $0.status == .ok || $0.accepted != nil } && catalogMet
  }
}
