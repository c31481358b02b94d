import MeshModel

/// Everything that was found out about one product. What is nil was not asked, or gave no answer.
public struct ProductEvidence: Sendable {
  public var product: DataProduct
  public var tally: ListingTally?
  public var check: PendingCheck?
  /// What only the replica has, where that was asked for.
  public var extra: ExtraObjects?
  /// Why source or replica could not be listed.
  public var listingProblems: [String] = []
  /// Whether the source could not be reached at all: its region is lost.
  public var sourceLost = false
  /// The replica alone, where the source could not be listed.
  public var replicaOnly: ListingTally?
  public var metrics: RuleMetrics?
  public var metricsProblem: String?
  public var canary: CanaryOutcome?
  /// What S3's own inventory of the source says, where the listings are a sample only.
  public var inventory: InventoryEvidence?
  /// The same product in the last run that knew its lag, and when that run began: seconds since 1970.
  public var earlier: (product: RPOResult.Product, time: Double)?
  /// What earlier runs found, the newest first.
  public var trend: [RPOResult.Earlier] = []

  public init(_ product: DataProduct) {
    self.product = product
  }
}

/// What became of a canary.
public enum CanaryOutcome: Sendable, Hashable {
  /// It was in the replica after so many seconds.
  case arrived(seconds: Double)
  /// It was not, after so many seconds.
  case late(seconds: Double)
  /// It could not be sent, or not be looked for.
  case refused(String)
}
