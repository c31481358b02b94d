import MeshModel

/// Everything that was found out about one product. What is nil was not asked, or gave no answer.
public struct ProductEvidence: Sendable {
  public var product: DataProduct
  public var tally: ListingTally?
  public var check: PendingCheck?
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

/// Says of a product how far it is behind, from evidence: pure.
///
/// A whole comparison of listings decides by itself. A sample decides only against the replica; for
/// it, metrics have to say that nothing else is late. Without either, nothing is known.
public struct EvidenceJudge: Sendable {
  private let objective: Double
  let now: Double

  /// Metrics that are older than this say nothing of now; seconds. They are best-effort, and come
  /// with a delay.
  static let freshest = 1800.0

  /// - Parameters:
  ///   - objective: seconds.
  ///   - now: seconds since 1970.
  public init(objective: Double, now: Double) {
    self.objective = objective
    self.now = now
  }

  public func judged(_ evidence: ProductEvidence) -> RPOResult.Product {
    var result = RPOResult.Product(
      location: evidence.product.location, replica: evidence.product.replica)
    result.tables = evidence.product.tables
    result.trend = evidence.trend
    let route = evidence.product.route
    if route.source == .inRegion {
      result.status = .ok
      result.lagSeconds = 0
      result.evidence.append(.init("configuration", "the bucket is in the secondary itself"))
      return result
    }
    add(listing: evidence, to: &result)
    add(inventory: evidence, to: &result)
    add(statuses: evidence, to: &result)
    add(metrics: evidence, to: &result)
    add(canary: evidence, to: &result)
    decide(evidence, &result)
    disagreements(evidence, &result)
    return result
  }

  // MARK: - What is decided

  private func decide(_ evidence: ProductEvidence, _ result: inout RPOResult.Product) {
    let route = evidence.product.route
    guard route.replica != nil else {
      result.evidence.append(
        .init(
          "configuration",
          route.rulesAreKnown
            ? "no rule sends it to the secondary" : "the bucket's replication rules are not known"))
      return
    }
    if evidence.sourceLost { return decideAfterLoss(evidence, &result) }
    let behind = [
      listingLag(evidence), inventoryLag(evidence), statusLag(evidence), canaryLag(evidence),
    ].compactMap(\.self)
    let metrics = currentLatency(evidence)
    let isWhole = evidence.tally?.isWhole == true && unclear(evidence) == 0
    let lag = isWhole ? behind.max() : (behind + [metrics].compactMap(\.self)).max()
    result.lagSeconds = lag
    if let lag, lag > objective {
      result.status = .breach
    } else if let doubt = doubt(evidence) {
      result.evidence.append(.init("configuration", doubt))
    } else if isWhole || (metrics != nil && evidence.metrics?.failed == 0) {
      result.status = .ok
    } else if evidence.tally != nil {
      result.evidence.append(
        .init(
          "listing",
          "a sample alone proves nothing: compare with --deep, or enable replication metrics"))
    }
    if result.status == .unknown, result.lagSeconds == 0 { result.lagSeconds = nil }
  }

  /// Why what is written now may never arrive, whatever has arrived until now.
  private func doubt(_ evidence: ProductEvidence) -> String? {
    let route = evidence.product.route
    if case .late(let seconds) = evidence.canary {
      return "a canary did not arrive within \(Self.span(seconds))"
    }
    guard route.source == .replicationRule else { return nil }
    guard let rule = route.rule, rule.isEnabled else {
      return "the rule is disabled: nothing says that what is written now will arrive"
    }
    return route.coverage == .whole ? nil : "the rule covers only a part of it"
  }

  /// The source can't be asked any more: what was known, and what the replica's region knows.
  private func decideAfterLoss(_ evidence: ProductEvidence, _ result: inout RPOResult.Product) {
    var points: [Double] = []
    if let earlier = evidence.earlier, let lag = earlier.product.lagSeconds {
      points.append(earlier.time - lag)
      result.evidence.append(
        .init(
          "earlier run",
          "at \(Self.time(earlier.time)) it was \(Self.span(lag)) behind (\(earlier.product.status.rawValue))"
        ))
    }
    if let newest = evidence.metrics?.newest { points.append(newest.time - newest.latency) }
    if let youngest = evidence.replicaOnly?.youngestReplica {
      result.evidence.append(
        .init(
          "listing",
          "the youngest object seen in the replica is of \(Self.time(youngest)); the source can't be "
            + "listed"))
    }
    guard let point = points.max() else { return }
    let exposure = max(0, now - point)
    result.lagSeconds = exposure
    result.evidence.append(
      .init("earlier run", "whatever was written until \(Self.time(point)) had arrived"))
    // What was written since is unknown, so this can be a breach, but never a pass.
    if exposure > objective { result.status = .breach }
  }

  private func disagreements(_ evidence: ProductEvidence, _ result: inout RPOResult.Product) {
    let listed = listingLag(evidence)
    if let listed, let metrics = currentLatency(evidence) {
      if listed > objective, metrics <= objective {
        result.disagreements.append(
          "an object is \(Self.span(listed)) late, but ReplicationLatency is \(Self.span(metrics))")
      }
      if evidence.tally?.isWhole == true, listed <= objective, metrics > objective {
        result.disagreements.append(
          "ReplicationLatency is \(Self.span(metrics)), but every object older than "
            + "\(Self.span(objective)) is in the replica")
      }
    }
    if evidence.tally?.isWhole == true, listed == 0, let failed = evidence.metrics?.failed,
      failed > 0
    {
      result.disagreements.append(
        "\(Int(failed)) operations failed by CloudWatch, but nothing is missing in the replica")
    }
    let completed = (evidence.check?.pending ?? []).filter { $0.status == "COMPLETED" }
    if let first = completed.first {
      result.disagreements.append(
        "\(first.key) is COMPLETED at the source, and not in the replica: it was deleted or "
          + "overwritten there")
    }
  }

  // MARK: - Lags, in seconds

  /// The age of the oldest object that the replica has not; 0 where it has all that were compared.
  private func listingLag(_ evidence: ProductEvidence) -> Double? {
    guard let tally = evidence.tally else { return nil }
    let oldest = evidence.check?.pending.first?.modified
    if let oldest { return max(0, now - oldest) }
    // All that were asked for have arrived since; the others are younger than those.
    if tally.pending > ListingTally.kept, let last = tally.oldest.last {
      return max(0, now - last.modified)
    }
    if evidence.check == nil, let first = tally.oldest.first { return max(0, now - first.modified) }
    return 0
  }

  private func statusLag(_ evidence: ProductEvidence) -> Double? {
    evidence.check?.oldestUnreplicated.map { max(0, now - $0.modified) }
  }

  private func canaryLag(_ evidence: ProductEvidence) -> Double? {
    switch evidence.canary {
    case .arrived(let seconds), .late(let seconds): seconds
    case .refused, nil: nil
    }
  }

  private func currentLatency(_ evidence: ProductEvidence) -> Double? {
    guard let newest = evidence.metrics?.newest, now - newest.time <= Self.freshest else {
      return nil
    }
    return newest.latency
  }

  /// Objects of which nobody knows whether the replica has this version.
  private func unclear(_ evidence: ProductEvidence) -> Int {
    (evidence.tally?.unclear ?? 0) - (evidence.check?.asked ?? 0)
  }
}

// MARK: - What has to be done

extension EvidenceJudge {
  /// What only evidence can tell of the configuration.
  public static func findings(_ evidence: ProductEvidence) -> [Finding] {
    let location = evidence.product.location
    var found: [Finding] = []
    func objects(_ status: String?) -> [PendingCheck.Confirmed] {
      let inventoried = evidence.inventory?.check?.pending ?? []
      return ((evidence.check?.pending ?? []) + inventoried)
        .filter { $0.isAsked && $0.status == status }
    }
    if evidence.product.route.rule != nil, let first = objects(nil).first {
      found.append(
        Finding(
          .blocker, "existing-objects", location,
          "\(first.key) and others bear no replication status: they are older than the rule, or it "
            + "does not take them",
          remedy: "replicate what is there already with S3 Batch Replication: aws s3control "
            + "create-job --operation S3ReplicateObject"))
    }
    if let first = objects("FAILED").first {
      found.append(
        Finding(
          .blocker, "failed-objects", location,
          "S3 has given up on \(first.key): its status is FAILED",
          remedy: "mend the cause (the role's rights, the replica's bucket or key), then replicate "
            + "what failed with S3 Batch Replication"))
    }
    if let first = objects("COMPLETED").first {
      found.append(
        Finding(
          .blocker, "replica-changed", location,
          "\(first.key) was replicated, and is not in the replica any more",
          remedy:
            "find out who deletes in the replica (CloudTrail), deny it in its bucket policy, and "
            + "replicate the objects anew with S3 Batch Replication"))
    }
    return found
  }
}

// MARK: - What is said

extension EvidenceJudge {
  private func add(listing evidence: ProductEvidence, to result: inout RPOResult.Product) {
    for problem in evidence.listingProblems { result.evidence.append(.init("listing", problem)) }
    guard let tally = evidence.tally else { return }
    let check = evidence.check
    let stale = (check?.asked ?? 0) - (check?.proven ?? 0)
    let pending = max(0, tally.pending - (check?.settled ?? 0)) + max(0, stale)
    result.comparedWhole = tally.isWhole
    result.compared = tally.objects
    result.pendingObjects = pending
    result.pendingBytes = pending == 0 ? 0 : tally.pendingBytes
    if let oldest = check?.pending.first {
      result.oldestPending = "s3://\(evidence.product.route.bucket)/\(oldest.key)"
      result.oldestPendingSince = Self.time(oldest.modified)
    } else if check == nil, let oldest = tally.oldest.first {
      result.oldestPending = "s3://\(evidence.product.route.bucket)/\(oldest.key)"
      result.oldestPendingSince = Self.time(oldest.modified)
    }
    var text =
      tally.isWhole
      ? "all \(tally.objects) objects compared" : "a sample of \(tally.objects) objects compared"
    text +=
      pending == 0 ? ": none is missing in the replica" : ": \(pending) are not in the replica"
    if tally.stale > 0 { text += ", \(tally.stale) of them are there in an older version" }
    result.evidence.append(.init("listing", text))
    if tally.extra > 0 {
      result.evidence.append(
        .init("listing", "\(tally.extra) objects of the replica are no longer in the source"))
    }
    if tally.reencrypted > 0 {
      result.evidence.append(
        .init(
          "listing",
          "\(tally.reencrypted) objects have another ETag but the same size and time: taken as the same"
        ))
    }
    if unclear(evidence) > 0 {
      result.evidence.append(
        .init(
          "listing",
          "\(unclear(evidence)) objects have the same size but another ETag and time: whether the "
            + "replica has this version is unknown"))
    }
  }

  private func add(statuses evidence: ProductEvidence, to result: inout RPOResult.Product) {
    guard let check = evidence.check else { return }
    var counts: [String: Int] = [:]
    for object in check.pending where object.isAsked {
      counts[object.status ?? "", default: 0] += 1
    }
    if !counts.isEmpty {
      result.evidence.append(
        .init("status", "of the oldest that are missing: \(Self.counted(counts))"))
    }
    if !check.statuses.isEmpty {
      result.evidence.append(
        .init("status", "of the youngest of the source: \(Self.counted(check.statuses))"))
    }
    if let oldest = check.oldestUnreplicated {
      result.evidence.append(
        .init(
          "status",
          "\(oldest.key) has been \(oldest.status ?? "") for \(Self.span(now - oldest.modified))"))
    }
    if let problem = check.problem { result.evidence.append(.init("status", problem)) }
  }

  private func add(metrics evidence: ProductEvidence, to result: inout RPOResult.Product) {
    if let problem = evidence.metricsProblem { result.evidence.append(.init("metrics", problem)) }
    guard let metrics = evidence.metrics, let newest = metrics.newest else {
      if evidence.metricsProblem == nil, evidence.product.route.rule != nil {
        result.evidence.append(.init("metrics", "CloudWatch has none for this rule"))
      }
      return
    }
    result.worstLatencySeconds = metrics.worst
    var text =
      "ReplicationLatency \(Self.span(newest.latency)) at \(Self.time(newest.time)), at worst "
      + "\(Self.span(metrics.worst ?? 0)), 50% \(Self.span(metrics.percentile(0.5) ?? 0)), 99% "
      + "\(Self.span(metrics.percentile(0.99) ?? 0)) (\(metrics.regions.sorted().joined(separator: ", ")))"
    if let operations = RuleMetrics.newest(metrics.pendingOperations) {
      text += ", \(Int(operations)) operations pending"
    }
    if metrics.failed > 0 { text += ", \(Int(metrics.failed)) FAILED" }
    if now - newest.time > Self.freshest { text += "; too old to say how it is now" }
    result.evidence.append(.init("metrics", text))
    if result.pendingObjects == nil {
      result.pendingObjects = RuleMetrics.newest(metrics.pendingOperations).map { Int($0) }
      result.pendingBytes = RuleMetrics.newest(metrics.pendingBytes).map { Int($0) }
    }
  }

  private func add(canary evidence: ProductEvidence, to result: inout RPOResult.Product) {
    switch evidence.canary {
    case nil: break
    case .arrived(let seconds):
      result.canarySeconds = seconds
      result.evidence.append(.init("canary", "it arrived after \(Self.span(seconds))"))
    case .late(let seconds):
      result.evidence.append(.init("canary", "it had not arrived after \(Self.span(seconds))"))
    case .refused(let why):
      result.evidence.append(.init("canary", "it could not be sent: \(why)"))
    }
  }

  private static func counted(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map {
      "\($0.value) \($0.key.isEmpty ? "covered by no rule" : $0.key)"
    }.joined(separator: ", ")
  }

  /// `95 s`, `20 min`, `3 h 10 min`.
  static func span(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds).rounded())
    if whole < 120 { return "\(whole) s" }
    if whole < 7200 { return "\(whole / 60) min" }
    if whole < 172_800 {
      return "\(whole / 3600) h" + (whole / 60 % 60 == 0 ? "" : " \(whole / 60 % 60) min")
    }
    return "\(whole / 86400) d" + (whole / 3600 % 24 == 0 ? "" : " \(whole / 3600 % 24) h")
  }

  /// RFC 3339 in UTC, to the second.
  static func time(_ seconds: Double) -> String { UTCText.text(seconds) }
}
