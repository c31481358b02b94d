import Access
import CanonicalJSON
import Capture
import MeshModel

// A plan that a person has shortened. What may be left out is worked out anew from the plan as it is
// now: the file decides which of its steps are taken, and nothing else.

extension RestoreRun {
  /// The plan with only those steps that a saved one still has.
  /// - Throws: `PlanEdit` where either side has changed since, the file has steps that the plan has
  ///   not, or something is left out that what is kept rests on.
  public func limited(_ plan: RestorePlan, to saved: SavedPlan) throws(PlanEdit) -> RestorePlan {
    guard plan.basis == saved.basis else {
      throw PlanEdit(
        "the secondary, or what is wanted of it, has changed since it was made", isStale: true)
    }
    let steps = Set(saved.steps)
    let known = Set(plan.plan.actions.map(SavedPlan.Step.init))
    if let unknown = saved.steps.first(where: { !known.contains($0) }) {
      throw PlanEdit(
        "it has a step that the plan has not: \(unknown.step.rawValue) \(unknown.key) in phase "
          + "\(unknown.phase.rawValue). Steps can be left out, not added or changed")
    }
    return try leavingOut(known.subtracting(steps), of: plan)
  }

  /// The plan without some steps. Those that it has not count as left out already.
  /// - Throws: `PlanEdit` where something that is kept rests on one of them.
  public func leavingOut(
    _ steps: Set<SavedPlan.Step>, of plan: RestorePlan
  ) throws(PlanEdit) -> RestorePlan {
    guard !steps.isEmpty else { return plan }
    func isLeftOut(_ action: Action) -> Bool {
      !action.isOwnAccess && steps.contains(SavedPlan.Step(action))
    }
    let count = plan.plan.actions.count(where: isLeftOut)
    guard count > 0 else { return plan }
    if let (missing, dependent) = graph(of: plan).firstDependent(ofThose: isLeftOut) {
      throw PlanEdit(
        "“\(missing.step.rawValue) \(missing.key)” is left out, but "
          + "“\(dependent.step.rawValue) \(dependent.key)” has to wait for it: leave that out, too")
    }
    var limited = plan
    limited.plan.actions.removeAll(where: isLeftOut)
    let restorers = Set(job.mapping.restorers.values)
    let wider = PlanOutcome(plan.prepared, restorers).widened(by: limited.plan.actions)
    if let first = wider.first {
      throw PlanEdit("with what is left out, more would be open than in the primary: \(first)")
    }
    limited.plan.warnings.append(
      "\(count) \(count == 1 ? "action" : "actions") of the plan left out by whoever edited it")
    return limited
  }

  func graph(of plan: RestorePlan) -> ActionGraph {
    let names = Dictionary(
      tools.kinds.compactMap { $0 as? any RestorableKind }.map { ($0.kind.name, $0) },
      uniquingKeysWith: { first, _ in first })
    return ActionGraph(
      plan.plan, kinds: names, desired: plan.prepared.desired, live: plan.prepared.live,
      priority: job.priority)
  }
}

extension ActionGraph {
  /// An action that is left out and one that is not although it waits for it. What runs whatever
  /// failed before does not count: defaults are put back in any case.
  func firstDependent(ofThose isLeftOut: (Action) -> Bool) -> (missing: Action, dependent: Action)?
  {
    for node in nodes.indices {
      let actions = nodes[node].actions
      guard let missing = actions.first(where: isLeftOut) else { continue }
      // What comes in the same call as a creation can't come without it.
      if nodes[node].kind?.isBulk == false, isLeftOut(actions[0]),
        let companion = actions.first(where: { !isLeftOut($0) })
      {
        return (missing, companion)
      }
      if let dependent = firstKept(behind: node, isLeftOut) { return (missing, dependent) }
    }
    return nil
  }

  private func firstKept(behind node: Int, _ isLeftOut: (Action) -> Bool) -> Action? {
    var seen: Set<Int> = [node]
    var stack = nodes[node].dependents
    while let next = stack.popLast() {
      guard !nodes[next].runsRegardless, !nodes[next].canBeKept, seen.insert(next).inserted
      else { continue }
      if let kept = nodes[next].actions.first(where: { !isLeftOut($0) }) { return kept }
      stack += nodes[next].dependents
    }
    return nil
  }
}

/// The access that a region ends with when only some actions of a plan are carried out.
struct PlanOutcome {
  private let desired: RecordBodies
  private let live: RecordBodies
  private let restorers: Set<String>

  init(_ prepared: PreparedPlan, _ restorers: Set<String>) {
    desired = prepared.desired
    live = prepared.live
    self.restorers = restorers
  }

  /// Access beyond the snapshot that would be there at the end and is not there now.
  func widened(by actions: [Action]) -> [String] {
    var records = live
    for action in actions where !action.isOwnAccess {
      switch action.step {
      case .remove: records[action.key] = nil
      case .create, .update, .prepare, .settle:
        if let body = desired[action.key] { records[action.key] = body }
      }
    }
    let before = Set(excess(live).map(\.line))
    return excess(records).map(\.line).filter { !before.contains($0) }
  }

  private func excess(_ records: RecordBodies) -> [Excess] {
    PlanBuilder.access(records).beyond(PlanBuilder.access(desired), ignoring: restorers)
  }
}
