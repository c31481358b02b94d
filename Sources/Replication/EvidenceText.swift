import MeshModel

// What is said of each piece of evidence, and how.

extension EvidenceJudge {
  func add(listing evidence: ProductEvidence, to result: inout RPOResult.Product) {
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

  func add(statuses evidence: ProductEvidence, to result: inout RPOResult.Product) {
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

  func add(metrics evidence: ProductEvidence, to result: inout RPOResult.Product) {
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

  func add(canary evidence: ProductEvidence, to result: inout RPOResult.Product) {
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
