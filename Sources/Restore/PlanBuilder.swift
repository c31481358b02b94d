import CanonicalJSON
import Capture
import MeshModel

/// Makes a plan out of two sets of records, kind by kind. Pure: it asks and changes nothing.
struct PlanBuilder {
  private let policy: PlanPolicy
  let restorers: Set<String>
  /// Accounts of which the snapshot does not hold everything: nothing of theirs is removed.
  private let incomplete: Set<String>
  /// Those among them of which something is unknown that access depends on: nobody loses anything there.
  private let hiding: Set<String>
  /// Accounts of which the secondary could not be read: nothing is decided about them.
  private let unread: Set<String>
  private(set) var unmatched: Set<Selector>
  private(set) var plan: Plan
  /// What the snapshot holds, in the secondary's names, of kinds whose records stay in memory.
  private(set) var desired: RecordBodies
  private(set) var live: RecordBodies
  /// A digest of everything that is compared.
  let basis: PlanBasis?

  init(
    plan: Plan, policy: PlanPolicy, restorers: some Sequence<String>, incomplete: Set<String> = [],
    hiding: Set<String> = [], unread: Set<String> = [], desired: RecordBodies = [:],
    live: RecordBodies = [:]
  ) {
    self.hiding = hiding
    self.desired = desired
    self.live = live
    self.unread = unread
    unmatched = Set(policy.only)
    self.plan = plan
    self.policy = policy
    basis = policy.keepsBasis ? PlanBasis() : nil
    self.incomplete = incomplete
    self.restorers = Set(restorers)
  }

  /// Compares all records of one kind, or of one kind in one group.
  /// - Throws: what reading either side meets.
  mutating func compare(
    _ kind: any ResourceKind, desired: some RecordStream, live: some RecordStream
  ) throws {
    var pairs = RecordPairs(old: live, new: desired)
    unmatched.remove(.kind(kind.kind.name))
    while let (old, new) = try pairs.next() {
      guard let key = (new ?? old)?.key, !unread.contains(key.account) else { continue }
      let oldBody = try old?.value()
      let newBody = try new?.value()
      basis?.add(key, oldBody.map(kind.comparable), newBody.map(kind.comparable))
      if !kind.isBulk {
        if let old { self.live.add(old) }
        if let new { self.desired.add(new) }
      }
      guard let body = newBody ?? oldBody else { continue }
      guard includes(kind, key, body, isExtra: newBody == nil) else {
        // It is to stay as it is, whatever the snapshot has.
        if policy.onlyWhatIsNamed, !kind.isBulk { self.desired[key] = oldBody }
        continue
      }
      // What is only kept for reading is no difference.
      guard kind.restorability(of: body) != .descriptive else { continue }
      if let newBody, !noteManualStep(kind, key, newBody, live: oldBody) { continue }
      switch (oldBody, newBody) {
      case (let live?, let desired?): compareBoth(kind, key, live: live, desired: desired)
      case (nil, let desired?): add(.create, key, kind.phase(of: desired))
      case (let live?, nil): judgeExtra(kind, key, live)
      case (nil, nil): break
      }
    }
  }

  /// Whether a record is among what is asked for, or keeps what is there already closed: a policy on
  /// LF-Tags reaches every database, so their tags have to be right whatever is asked for.
  private mutating func includes(
    _ kind: any ResourceKind, _ key: RecordKey, _ body: JSON, isExtra: Bool
  ) -> Bool {
    let scope = kind.scope(of: key, body: body)
    if !unmatched.isEmpty, let scope {
      unmatched = unmatched.filter { !$0.names(scope) }
    }
    return policy.includes(
      key, scope: scope, anyKind: kind.restrictsAccess || (isExtra && kind.givesAccess))
      || kind.restrictsAccess && kind.givesAccess && !policy.onlyWhatIsNamed
        && kind.isCovered(key, body: body, by: Standing(records: live))
  }

  /// Selectors that fit nothing on either side.
  var selectorsWithoutMatch: [Selector] { policy.only.filter(unmatched.contains) }

  /// Keeps what is left for a person.
  /// - Returns: whether the rest is done through the API.
  private mutating func noteManualStep(
    _ kind: any ResourceKind, _ key: RecordKey, _ desired: JSON, live: JSON?
  ) -> Bool {
    if let step = kind.manualStep(key, desired, live: live, in: plan.region) {
      plan.manual.append(step)
    } else if kind.restorability(of: desired) == .manual {
      plan.unchanged[kind.kind, default: 0] += 1
    }
    return kind.restorability(of: desired) == .restorable
  }

  private mutating func add(
    _ step: Action.Step, _ key: RecordKey, _ phase: Phase, fields: [String] = [],
    reason: String? = nil
  ) {
    plan.actions.append(Action(step, key, phase: phase, fields: fields, reason: reason))
  }

  private mutating func compareBoth(
    _ kind: any ResourceKind, _ key: RecordKey, live: JSON, desired: JSON
  ) {
    let (have, want) = (kind.comparable(live), kind.comparable(desired))
    guard have != want, !isOwn(kind, desired) || kind.exceeds(want, have) else {
      plan.unchanged[kind.kind, default: 0] += 1
      return
    }
    let fields = want.differences(from: have)
    switch policy.onConflict {
    case .overwrite: break
    case .skip where !kind.givesAccess && !kind.restrictsAccess:
      plan.conflicts.append(key)
      return
    case .skip: break
    case .fail:
      plan.conflicts.append(key)
      return
    }
    if kind.givesAccess {
      // What is held in excess goes before anything is created.
      let exceeds = kind.exceeds(have, want)
      if exceeds {
        add(.prepare, key, .revoke, fields: fields, reason: "more than the snapshot gives")
      }
      if !exceeds || kind.exceeds(want, have) {
        add(.update, key, kind.phase(of: desired), fields: fields)
      }
    } else {
      let phase = kind.phase(of: desired)
      add(phase == .prepare ? .prepare : .update, key, phase, fields: fields)
    }
  }

  /// Whether a grant is the restorer's. What it has beyond it, as a creator or to work with, it gives
  /// back at the end.
  private func isOwn(_ kind: any ResourceKind, _ body: JSON) -> Bool {
    kind.principal(of: body).map(restorers.contains) ?? false
  }

  private mutating func judgeExtra(_ kind: any ResourceKind, _ key: RecordKey, _ body: JSON) {
    let isCovered = policy.isWhole || kind.isCovered(key, body: body, by: self)
    if isOwn(kind, body), isCovered, !policy.revokesOwn {
      plan.ownGrants.append(key)
      return
    }
    let isUnsure = (kind.givesAccess ? hiding : incomplete).contains(key.account)
    guard !isUnsure, !goesWithItsColumn(key) else {
      if isUnsure || !policy.isWhole { plan.extra.append(key) }
      return
    }
    if kind.givesAccess, !policy.keepExtraGrants, isCovered {
      add(.remove, key, kind.removalPhase, reason: policy.reasonForRemoval)
      return
    }
    if !policy.isWhole { plan.extra.append(key) }
    // What lies in something that is removed goes along with it.
    let parent = kind.parent(of: key)
    if policy.removeExtra || policy.isWhole, !kind.givesAccess,
      kind.restorability(of: body) == .restorable,
      parent.map(holds) ?? true
    {
      add(.remove, key, .settle, reason: policy.reasonForRemoval)
    }
  }
}

extension PlanBuilder {
  /// Whether it is the tags of a column that its table is not to have any more. They go with the column:
  /// without them whoever reaches the table would reach the column until it is gone.
  private func goesWithItsColumn(_ key: RecordKey) -> Bool {
    guard key.kindName == Kind.tagAssignment.name, key.path.count == 3, let name = key.path.last,
      let table = desired[
        RecordKey(account: key.account, kind: .table, path: Array(key.path.prefix(2)))]
    else { return false }
    return !table.columnNames.contains(name.lowercased())
  }
}

/// What stands in the secondary.
private struct Standing: Coverage {
  let records: RecordBodies

  func holds(_ key: RecordKey) -> Bool { records.holds(key) }
}

extension PlanBuilder: Coverage {
  func holds(_ key: RecordKey) -> Bool { desired.holds(key) }
}

extension PlanBuilder {
  /// Adds actions on a record that was counted as unchanged.
  mutating func replaceUnchanged(_ kind: Kind, with actions: [Action]) {
    // What nobody asked for was not counted.
    plan.unchanged[kind] = max(0, plan.unchanged[kind, default: 0] - 1)
    plan.actions += actions
  }

  mutating func append(_ actions: [Action]) { plan.actions += actions }

  mutating func warn(_ warning: String) { plan.warnings.append(warning) }

  /// Gives a record that the snapshot lacks a state to be brought to.
  mutating func want(_ key: RecordKey, _ body: JSON) { desired[key] = body }

  /// Takes back what was decided on some records.
  mutating func drop(_ keys: Set<RecordKey>) { drop { keys.contains($0.key) } }

  mutating func drop(where isDropped: (Action) -> Bool) { plan.actions.removeAll(where: isDropped) }

  /// Takes over what was found in a part that was compared by itself.
  mutating func take(_ part: Plan, unmatched others: Set<Selector>) {
    plan.actions += part.actions
    plan.unchanged.merge(part.unchanged, uniquingKeysWith: +)
    plan.extra += part.extra
    plan.ownGrants += part.ownGrants
    plan.conflicts += part.conflicts
    plan.manual += part.manual
    unmatched.formIntersection(others)
  }

  /// Takes over what mapping the snapshot's records brought to light.
  mutating func note(_ mapper: Mapper) {
    plan.mappings = mapper.uses
    plan.blockers = mapper.problems
    plan.warnings += mapper.remarks
  }
}
