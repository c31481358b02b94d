import AWSAccess
import CanonicalJSON
import Capture
import GrantSnapshot
import MeshModel
import SnapshotStore

/// One restore: the secondary is captured, compared, changed, and captured and compared again.
public struct RestoreRun: Sendable {
  let job: RestoreJob
  let tools: RestoreTools
  let kinds: [any CapturedKind]

  public init(_ job: RestoreJob, _ tools: RestoreTools) {
    self.job = job
    self.tools = tools
    kinds = tools.kinds.filter { $0.restorability != .descriptive }
  }

  private func desired(_ secondary: CapturedSecondary) async throws -> DesiredState {
    let derivation = try await job.derivation.prepared(for: secondary.reader)
    let given = derivation.startsFromRegion ? secondary.reader : job.reader
    let inRegion = reachable.map { job.mapping.accounts[$0] ?? $0 }
    return DesiredState(
      reader: derivation.source ?? given, mapping: job.mapping,
      accounts: derivation.startsFromRegion ? inRegion : reachable,
      derivation: derivation, snapshot: job.reader.manifest.id)
  }

  /// The accounts, by their ids in the snapshot, whose counterparts were entered.
  var reachable: [String] {
    job.accounts.filter { job.sites[job.mapping.accounts[$0] ?? $0] != nil }
  }

  /// Makes the plan. Changes nothing.
  /// - Parameter isBinding: whether accounts in which the restorer may not see everything are left
  ///   out of it, as those are that can't be read.
  /// - Throws: `ArchiveError`, `UnmatchedSelectors`, and `AWSFailure` where nothing could be captured.
  public func plan(isBinding: Bool = true) async throws -> RestorePlan {
    let start = tools.clock.seconds()
    return try await plan(of: try await captureSecondary(needsRights: isBinding), since: start)
  }

  /// Makes the plan from a region that was captured already.
  /// - Parameter start: when that had begun, by the run's clock.
  func plan(of secondary: CapturedSecondary, since start: Double) async throws -> RestorePlan {
    let looked = tools.clock.seconds()
    let policy = job.policy
    let desired = try await desired(secondary)
    var prepared = try await planner(secondary, desired, policy).prepare()
    let standing = try await standingGrants(secondary.reader, desired.derivation)
    prepared.plan.actions.removeAll { $0.isOwnAccess && standing.contains($0.key) }
    for (account, error) in job.notEntered.sorted(by: { $0.key < $1.key }) {
      prepared.plan.warnings.append("account \(account) could not be entered: \(error.message)")
    }
    let isWhole = desired.derivation.isOfSnapshot
    if isWhole { prepared.plan.warnings += incompleteWarnings }
    if job.policy.onlyWhatIsNamed {
      prepared.plan.warnings.append(
        "the mesh runs in \(job.mapping.region): all that --only does not name stays as it is there, also "
          + "settings, LF-Tags, their assignments and policies, whatever the snapshot has")
    }
    let acted = Set(prepared.plan.actions.map(\.key))
    prepared.plan.warnings += icebergWarnings(
      prepared.desired
    ) { isWhole || acted.contains($0) }
    prepared.plan.warnings += secondary.hidden.values.sorted()
    var timeline = Timeline()
    if tools.clock.began > 0 { timeline.add(phase: "detect", start: 0, end: tools.clock.began) }
    timeline.add(phase: "open", start: tools.clock.began, end: start)
    timeline.add(phase: "look", start: start, end: looked)
    timeline.add(phase: "plan", start: looked, end: tools.clock.seconds())
    return RestorePlan(
      plan: prepared.plan, prepared: prepared, wanted: desired,
      region: secondary.reader, standing: standing,
      failures: notEnteredFailures + secondary.failures,
      timeline: timeline, isBlind: !secondary.hidden.isEmpty, secondary: secondary)
  }

  /// Makes the restorer an administrator wherever it is none: a plan made without that is blind. What
  /// is refused shows in the plan that is made next.
  public func takeAdministration() async throws {
    try await forEachConcurrently(job.sites.values, limit: job.sites.count) { site in
      do {
        try await ReaderRights.becomeAdministrator(at: site)
      } catch is AWSFailure {}
    }
  }

  /// What differs from what a restore would make of the secondary. Changes nothing.
  /// - Throws: as `plan` does.
  public func compare() async throws -> RestoreComparison {
    let secondary = try await captureSecondary()
    let planner = planner(secondary, try await desired(secondary), strictPolicy)
    let found = try await planner.compare()
    return RestoreComparison(
      plan: found.plan, widened: planner.widenedAccess(found).map(\.line),
      failures: notEnteredFailures + secondary.failures)
  }

  /// Everything that is not as the snapshot has it counts.
  private var strictPolicy: PlanPolicy {
    var policy = PlanPolicy()
    policy.only = job.policy.only
    policy.isWhole = job.policy.isWhole
    policy.onlyWhatIsNamed = job.policy.onlyWhatIsNamed
    policy.revokesOwn = job.policy.revokesOwn
    return policy
  }

  /// Carries a plan out, gives back the restorer's access, and verifies.
  ///
  /// Running it again with a new plan repairs what a failure or a kill left undone. What only carrying out
  /// needs of the plan is let go before verifying, if nobody else holds it.
  /// - Throws: `ArchiveError`, the journal's errors, and `AWSFailure` where nothing could be
  ///   captured to verify.
  public func carryOut(
    _ given: consuming RestorePlan, journal: Journal
  ) async throws -> RestoreResult {
    var restorePlan = given
    let wanted = restorePlan.wanted
    async let inDoubt = tablesInDoubt(wanted)
    var (result, timeline) = try await apply(restorePlan, journal)
    guard !result.interrupted else { return result }
    result.failures += try await inDoubt
    if !restorePlan.plan.isEmpty { restorePlan.forgetActions() }
    try await verify(&result, restorePlan, timeline)
    return result
  }

  /// Does what a plan says, and gives back the restorer's access.
  private func apply(
    _ restorePlan: RestorePlan, _ journal: Journal
  ) async throws -> (RestoreResult, Timeline) {
    let arrival = ShareArrival(job.sites)
    let applier = Applier(
      sites: job.sites, desired: restorePlan.prepared.desired, live: restorePlan.prepared.live,
      bulk: restorePlan.wanted, isInPlace: restorePlan.wanted.derivation.startsFromRegion,
      keepsFormer: !restorePlan.wanted.derivation.isOfSnapshot,
      journal: journal, observer: tools.observer, clock: tools.clock,
      concurrency: job.concurrency, shouldStop: tools.shouldStop, arrival: arrival,
      afterwards: verificationSeconds(restorePlan) ?? 0,
      afterDatabase: givingBackAccess(restorePlan))
    let own = ownAccess(in: restorePlan.plan)
    if !own.isEmpty { try journal.write("own-access", ["keys": JSON(own.map(\.text))]) }
    var outcome = try await applier.apply(graph(of: restorePlan))
    let start = tools.clock.seconds()
    let returned = await giveBackAccess(restorePlan)
    outcome.timeline.add(phase: Phase.settle.rawValue, start: start, end: tools.clock.seconds())
    try journal.write("access-given-back", ["grants": JSON(returned.taken)])

    var result = self.result(restorePlan, outcome)
    result.warnings += returned.warnings + (await arrival.warnings)
    return (result, outcome.timeline)
  }

  /// Captures the region for what links elsewhere can lead to.
  /// - Throws: as `plan` does.
  public func linkTargets() async throws -> LinkTargets {
    let secondary = try await captureSecondary(needsRights: false)
    let read = Set(job.sites.keys).subtracting(secondary.unread)
    return try await LinkTargets(secondary.reader, accounts: read)
  }

  /// The result of a plan that is not carried out.
  public func result(ofPlan plan: RestorePlan) -> RestoreResult {
    var result = result(plan, ApplyOutcome())
    for action in plan.plan.actions where !action.isOwnAccess { result.count(action) }
    return result
  }

  private func planner(
    _ secondary: CapturedSecondary, _ desired: DesiredState, _ policy: PlanPolicy
  ) -> Planner {
    let partial = desired.reader.manifest.details.accounts.filter { !$0.complete }
    func names(_ accounts: [CapturedAccount]) -> Set<String> {
      Set(accounts.map { job.mapping.accounts[$0.id] ?? $0.id })
    }
    let hidden = partial.filter { !$0.errors.allSatisfy(\.isHarmless) }
    return Planner(
      kinds: kinds, desired: desired, live: secondary.reader, policy: policy,
      incomplete: names(partial).union(secondary.failures.map(\.key)),
      hiding: names(hidden).union(secondary.unread), unread: secondary.unread,
      read: Set(job.sites.keys).subtracting(secondary.unread),
      withoutTags: withoutTags)
  }
}

/// What differs between a snapshot and a region.
public struct RestoreComparison: Sendable {
  /// What a restore would have to do.
  public let plan: Plan
  /// Access that the secondary gives beyond the snapshot: who may do what.
  public let widened: [String]
  /// Accounts that could not be compared.
  public let failures: [RestoreResult.Failure]
}

/// A plan with what is needed to carry it out.
public struct RestorePlan: Sendable {
  public internal(set) var plan: Plan
  var prepared: PreparedPlan
  /// What the plan was made from. The verification goes by the same.
  let wanted: DesiredState
  /// The region as it was captured for it.
  public let region: SnapshotReader
  /// Grants that the plan does not look at, and so must not give back.
  let standing: Set<RecordKey>
  var failures: [RestoreResult.Failure]
  var timeline: Timeline
  /// A digest of all that was compared, where the job asks for one.
  public var basis: String { prepared.basis + (origin ?? "") }
  /// A digest of what the wanted state was worked out from, where it is not the snapshot alone.
  var origin: String?
  /// Whether the restorer may not see everything: nothing may be done by such a plan.
  public let isBlind: Bool
  /// What could not be looked at.
  public var unseen: [RestoreResult.Failure] { failures }
  /// What was looked at.
  var secondary: CapturedSecondary?

  /// Lets go of what is needed to carry it out: a comparison takes as much room.
  mutating func forgetActions() {
    plan.actions = []
    prepared = PreparedPlan(
      plan: Plan(snapshot: plan.snapshot, region: plan.region), desired: [:], live: [:])
    secondary = nil
  }
}

extension RestoreRun {
  var notEnteredFailures: [RestoreResult.Failure] {
    job.notEntered.sorted { $0.key < $1.key }.map { account, error in
      RestoreResult.Failure(
        kind: "account", key: account, code: error.code, message: error.message)
    }
  }

  private func standingGrants(
    _ region: SnapshotReader, _ derivation: any Derivation
  ) async throws -> Set<RecordKey> {
    guard !derivation.seesAll else { return [] }
    var standing: Set<RecordKey> = []
    let grants = try await region.records(kind: .grant)
    while let record = try grants.next() {
      if !derivation.looksAt(record.key) { standing.insert(record.key) }
    }
    return standing
  }

  /// Captures the secondary once more and finds what is not as it should be.
  private func verify(
    _ result: inout RestoreResult, _ plan: RestorePlan, _ applied: Timeline
  ) async throws {
    let start = tools.clock.seconds()
    // Where nothing was done, what was looked at is what is there; otherwise the plan has forgotten it.
    let seen = plan.secondary
    let secondary: CapturedSecondary
    if let seen { secondary = seen } else { secondary = try await captureSecondary() }
    let planner = planner(secondary, plan.wanted, strictPolicy)
    let found: PlanBuilder
    if seen != nil, plan.prepared.plan.isEmpty, job.policy.comparesAs(strictPolicy) {
      found = planner.compared(plan.prepared)
    } else {
      found = try await planner.compare()
    }
    result.verified = RestoreResult.Verification(found.plan)
    result.verified?.widened += planner.widenedAccess(found).map(\.line)
    if seen == nil { result.failures += secondary.failures }
    var timeline = plan.timeline
    timeline.add(applied)
    timeline.add(phase: "verify", start: start, end: tools.clock.seconds())
    setTimes(of: &result, timeline)
  }

  private var incompleteWarnings: [String] {
    job.reader.manifest.details.accounts.filter { !$0.complete && reachable.contains($0.id) }.map {
      "account \($0.id) \($0.name) was not captured whole: what the snapshot does not hold of it, "
        + "grants included, stays as it is"
    }
  }
}
