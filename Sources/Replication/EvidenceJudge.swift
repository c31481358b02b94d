import MeshModel

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
    result.extra = evidence.extra
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
  func unclear(_ evidence: ProductEvidence) -> Int {
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
