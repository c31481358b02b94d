import CanonicalJSON
import MeshModel
import Restore
import SnapshotStore

// The changes of an outage are merged, carried out, and what the secondary changed meanwhile is brought
// home as well, once.

extension FailbackOperation {
  /// How many times changes are brought home before it is given up: whoever goes on changing the
  /// secondary would keep a failback from ending.
  static let mostRounds = 2

  /// One merge, and the plan that carries it out.
  struct Round: Sendable {
    let sides: Sides
    var report: FailbackReport
    let run: RestoreRun
    /// What is carried out, until it is: it takes room.
    private var plan: RestorePlan?
    var leftOut: [SavedPlan.Step] = []

    init(_ sides: Sides, _ report: FailbackReport, _ run: RestoreRun, _ plan: RestorePlan) {
      self.sides = sides
      self.report = report
      self.run = run
      self.plan = plan
    }

    /// Its steps, and what there is to say of them.
    func planned(_ body: (RestorePlan) throws -> Void) rethrows {
      if let plan { try body(plan) }
    }

    /// Leaves steps out.
    mutating func limit(_ limited: (RestorePlan) throws -> RestorePlan) rethrows {
      guard let whole = plan else { return }
      let plan = try limited(whole)
      leftOut = whole.steps(leftOutOf: plan)
      self.plan = plan
    }

    /// The plan, which the round has no more.
    mutating func takePlan() -> RestorePlan? { plan.take() }

    /// What it came to, were it not carried out.
    func result(of plan: RestorePlan) -> RestoreResult {
      var planned = run.result(ofPlan: plan)
      planned.failures += sides.failures
      planned.failback = report
      return planned
    }
  }

  /// What was carried out so far.
  struct Done: Sendable {
    var result: RestoreResult
    var report: FailbackReport
    var sides: Sides
    /// The steps that whoever edited the plan has left out of it.
    let leftOut: [SavedPlan.Step]

    /// Whether the primary is what it was to be.
    var isGood: Bool { result.isWhole && result.verified?.isGood == true }
  }

  /// Looks at both regions, merges, and carries out what it comes to.
  func bringHome(_ work: FailbackWork) async throws -> ExitCode {
    let sides = try await look(work)
    let before = try await primaryBefore(work, sides)
    var round = try await prepare(work, sides, before)
    round.report.data = try await dataCheck(work, sides)
    work.place.progress.clear()
    if options.dryRun { return try showOnly(round) }
    let run = round.run
    try round.limit { try limited($0, by: run, work) }
    try round.planned { plan in
      if let refusal = refusal(round.report, plan.plan) {
        show(round, plan)
        throw refusal
      }
      recovery.showPlan(round.result(of: plan), plan.plan)
    }
    showReport(round.report)
    round.report.kept = try await work.runs.keepPrimary(sides.primaryLook.folder, of: work.id)
    if work.isResumed { round.report.kept = "failbacks/\(work.id)" }
    var done = try await carryOut(&round, work)
    try await bringLaterHome(&done, before, work)
    return try await conclude(&done, work)
  }

  /// Merges, and makes the plan of it. Changes nothing.
  private func prepare(
    _ work: FailbackWork, _ sides: Sides, _ before: Before
  ) async throws -> Round {
    let merge = CatalogMerge(
      kinds: kinds(work), base: work.reader, secondary: sides.there.reader, primary: before.reader,
      mapping: sides.mapping, restorers: sides.here.mapValues(\.principal),
      accounts: sides.accounts, choice: options.choice, scope: work.base.only,
      unrestored: work.base.unrestored)
    let outcome = try await merge.merged(
      in: work.place.scratch, as: "merged-\(Int(context.surroundings.clock.seconds() * 1e6))",
      FailbackReport(
        from: work.region, baseRun: work.base.run, onConflict: options.choice.word),
      keepsBasis: options.dryRun || work.saved != nil)
    let run = run(work, sides, FailingBack(outcome.reader))
    var plan = try await run.plan(of: sides.primaryLook)
    plan.block(outcome.problems)
    plan.bind(to: outcome.basis)
    return Round(sides, outcome.report, run, plan)
  }

  private func carryOut(_ round: inout Round, _ work: FailbackWork) async throws -> Done {
    guard let plan = round.takePlan() else {
      preconditionFailure("a round is carried out once")
    }
    // The run has not ended when the round has.
    var result = try await recovery.carryOut(
      round.run, consume plan, work.id, work.runs, start(work, round.leftOut), end: nil)
    result.failures += round.sides.failures
    var report = round.report
    report.rounds += 1
    return Done(result: result, report: report, sides: round.sides, leftOut: round.leftOut)
  }

  // MARK: - What the secondary changed meanwhile

  /// Looks at the secondary once more when the primary is what it was to be. What was changed there since
  /// is brought home in a second round; what was changed since that stays in `later`, and so does what
  /// nobody has planned.
  private func bringLaterHome(
    _ done: inout Done, _ before: Before, _ work: FailbackWork
  ) async throws {
    while done.isGood, !isPart(work, done.sides) {
      let again = try await lookAgain(work, done.sides)
      done.result.failures += again.failures
      guard again.failures.isEmpty else { return }
      var sides = done.sides
      sides.there = again.look
      let data = try await dataCheck(work, sides)
      guard !again.changes.isEmpty else {
        done.report.data = data
        return
      }
      context.tell(
        "\(again.changes.count) records of \(work.region) were changed since it was looked at")
      done.report.later = again.changes
      guard done.report.rounds < Self.mostRounds, work.saved == nil, done.leftOut.isEmpty else {
        return
      }
      guard let next = try await secondRound(done, sides, before, data, work) else { return }
      done = next
    }
  }

  /// Merges once more from the same beginnings, as whoever resumes does, and brings home the rest.
  /// - Returns: nil where that must not be carried out; nothing was changed then.
  private func secondRound(
    _ done: Done, _ sides: Sides, _ before: Before, _ data: FailbackReport.DataCheck,
    _ work: FailbackWork
  ) async throws -> Done? {
    var sides = sides
    work.place.progress.stage("looking at \(work.primary)")
    sides.primaryLook = try await sides.hereRun.look(isBinding: true)
      .limited(to: Set(sides.accounts))
    var round = try await prepare(work, sides, before)
    round.report.data = data
    round.report.kept = done.report.kept
    round.report.rounds = done.report.rounds
    work.place.progress.clear()
    do {
      try round.planned { plan in
        if let refusal = refusal(round.report, plan.plan) { throw refusal }
        recovery.showPlan(round.result(of: plan), plan.plan)
      }
    } catch let refusal as CommandFailure {
      context.tell("the rest was not brought home: \(refusal.message)")
      return nil
    }
    var next = try await carryOut(&round, work)
    next.result.add(earlier: done.result)
    return next
  }

  // MARK: - The end

  private func isPart(_ work: FailbackWork, _ sides: Sides) -> Bool {
    !context.options.only.isEmpty || !work.base.only.isEmpty || sides.isPart
  }

  /// Keeps and tells what the failback came to, and has the mesh run in its primary again.
  private func conclude(_ done: inout Done, _ work: FailbackWork) async throws -> ExitCode {
    work.place.progress.clear()
    done.result.run = work.id
    done.result.started = recovery.started
    let isHome = done.report.data?.isHome != false || options.ignoreBlockers
    if done.isGood, isPart(work, done.sides) {
      done.result.warnings.append(
        "only a part of the mesh was brought home, so it still runs in \(work.region): meshdr active "
          + "\(work.primary) switches when the rest is done")
    } else if done.isGood, done.report.later.isEmpty, isHome {
      try await ActiveSides(work.runs.store).activate(
        work.primary, run: work.id, now: context.surroundings.clock.now())
      done.report.switched = true
    }
    done.report.isWaitingForData = done.report.rounds > 0 && !isHome
    let isEnded = done.isGood && done.report.isWhole
    done.result.failback = done.report
    try await work.runs.keep(done.result)
    if done.report.switched { try await letGo(work.runs) }
    try await mark(isEnded ? "end" : "stopped", work, done.leftOut)
    recovery.showOutcome(done.result)
    return recovery.exitCode(done.result)
  }

  /// Lets go of what was on hold for the failback.
  func letGo(_ runs: RunRecords) async throws {
    for snapshot in try await FailbackHold(Archive(store: runs.store)).release() {
      context.tell("snapshot \(snapshot) was on hold for the failback: it is released")
    }
  }

  /// Writes into the journal whether there is something left to go on with.
  private func mark(
    _ event: String, _ work: FailbackWork, _ leftOut: [SavedPlan.Step]
  ) async throws {
    let entry = recovery.startEntry(
      work.id, snapshot: work.reader.manifest.id, region: work.primary, start(work, leftOut))
    try await work.runs.withJournal(work.id, start: entry, context) { journal in
      try journal.write(event, [:])
    }
  }

  /// What whoever resumes the run has to know.
  private func start(_ work: FailbackWork, _ leftOut: [SavedPlan.Step]) -> [String: JSON] {
    [
      "from": .string(work.region), "baseRun": work.base.run.map(JSON.string) ?? .null,
      "onConflict": .string(options.choice.rawValue),
      "allowUnmapped": .bool(options.allowUnmapped),
      "ignoreBlockers": .bool(options.ignoreBlockers), "forceActive": .bool(options.forceActive),
      "leftOut": .array(leftOut.map(\.json)),
    ]
  }
}

extension RestoreResult {
  /// Counts in what an earlier round of the same run has done.
  fileprivate mutating func add(earlier: RestoreResult) {
    actions.create += earlier.actions.create
    actions.update += earlier.actions.update
    actions.remove += earlier.actions.remove
    changedByKind.merge(earlier.changedByKind, uniquingKeysWith: +)
    timeline = earlier.timeline + timeline
    criticalPath = earlier.criticalPath + criticalPath
    for warning in earlier.warnings where !warnings.contains(warning) { warnings.append(warning) }
    var phases = earlier.rto.phases
    for phase in rto.phases {
      guard let index = phases.firstIndex(where: { $0.name == phase.name }) else {
        phases.append(phase)
        continue
      }
      phases[index].seconds += phase.seconds
      phases[index].actions += phase.actions
    }
    rto.phases = phases
  }
}
