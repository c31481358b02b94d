import MeshModel
import SnapshotStore

extension RestoreRun {
  func result(_ plan: RestorePlan, _ outcome: ApplyOutcome) -> RestoreResult {
    let details = job.reader.manifest.details
    var result = RestoreResult(
      command: job.command, mesh: details.mesh, snapshot: plan.plan.snapshot,
      region: plan.plan.region,
      rto: .init(objectiveSeconds: job.objective, seconds: 0, phases: []))
    result.recoveryPoint = details.recoveryPoint.description
    result.accounts = Dictionary(
      details.accounts.map { (job.mapping.accounts[$0.id] ?? $0.id, $0.name) },
      uniquingKeysWith: { first, _ in first })
    for action in outcome.done { result.count(action) }
    result.actions.unchanged = plan.plan.unchanged.values.reduce(0, +)
    result.actions.failed = outcome.failures.count
    result.actions.skipped = outcome.skipped.count
    result.failures = plan.failures
    result.failures += outcome.failures.values.sorted { $0.key < $1.key }.map {
      RestoreResult.Failure(
        kind: $0.key.kindName, key: $0.key.text, code: $0.code, message: $0.message)
    }
    result.mappings = plan.plan.mappings
    result.blockers = plan.plan.blockers
    result.manual = plan.plan.manual
    result.warnings = plan.plan.warnings
    result.interrupted = outcome.interrupted
    var timeline = plan.timeline
    timeline.add(outcome.timeline)
    result.criticalPath = outcome.criticalPath
    result.rto.priorities = outcome.priorities.sorted { $0.key < $1.key }.map { place, done in
      RestoreResult.PhaseTime(
        name: job.priority[place].description, seconds: done.end, actions: done.actions)
    }
    setTimes(of: &result, timeline)
    return result
  }

  /// The times of a run as they are now.
  func setTimes(of result: inout RestoreResult, _ timeline: Timeline) {
    result.timeline = timeline.allSpans
    result.rto.phases = timeline.phases
    result.rto.seconds = tools.clock.seconds()
    result.rto.detectionSeconds = tools.clock.began
    result.rto.waitingSeconds = tools.waited?()
  }
}

extension RestoreResult {
  mutating func count(_ action: Action) {
    switch action.step {
    case .create: actions.create += 1
    case .update, .prepare: actions.update += 1
    case .remove: actions.remove += 1
    case .settle: return
    }
    changedByKind[action.key.kindName, default: 0] += 1
  }
}

extension RestoreResult.Verification {
  /// What a plan would still do is what is not right.
  init(_ plan: Plan) {
    self.init()
    extra = plan.extra.map(\.text)
    for action in plan.actions {
      switch action.step {
      case .create: missing.append(action.key.text)
      case .remove where action.phase == .settle: different.append(action.key.text)
      case .remove: widened.append(action.key.text)
      case .prepare where action.phase == .revoke: widened.append(action.key.text)
      case .prepare, .update, .settle: different.append(action.key.text)
      }
    }
  }
}
