extension RestoreResult {
  /// Takes in what the same run did in another region: counted with the rest, as a phase of its own.
  public mutating func add(_ other: RestoreResult, phase: String) {
    actions.create += other.actions.create
    actions.update += other.actions.update
    actions.remove += other.actions.remove
    actions.unchanged += other.actions.unchanged
    actions.failed += other.actions.failed
    actions.skipped += other.actions.skipped
    changedByKind.merge(other.changedByKind, uniquingKeysWith: +)
    failures += other.failures
    warnings += other.warnings.filter { !warnings.contains($0) }
    interrupted = interrupted || other.interrupted
    mappings.merge(other.mappings, uniquingKeysWith: +)
    blockers += other.blockers
    if let theirs = other.verified {
      var verification = verified ?? Verification()
      verification.missing += theirs.missing
      verification.different += theirs.different
      verification.extra += theirs.extra
      verification.widened += theirs.widened
      verified = verification
    }
    addPhase(phase, from: rto.seconds, to: other.rto.seconds, actions: other.actions.done)
  }

  /// Adds a stretch of the recovery time, at its end.
  public mutating func addPhase(_ name: String, from: Double, to: Double, actions count: Int = 0) {
    let span = Span(account: "", phase: name, start: from, end: to, actions: count)
    timeline.append(span)
    rto.phases.append(PhaseTime(name: name, seconds: max(0, to - from), actions: count))
    rto.seconds = max(rto.seconds, to)
  }
}

extension RestoreResult.ActionCounts {
  /// How many changes were made.
  public var done: Int { create + update + remove }
}
