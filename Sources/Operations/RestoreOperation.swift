import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Reporting
import Restore
import SnapshotStore

/// What `meshdr plan` and `meshdr restore` are given.
public struct RestoreOptions: Sendable {
  /// Nil for the mesh file's secondary.
  public var region: String?
  /// A snapshot's id, the start of one, `latest` or `before:TIME`.
  public var snapshot = "latest"
  public var policy = PlanPolicy()
  /// Shows what would be done, and does nothing.
  public var dryRun = false
  /// Goes on with the restore that was interrupted last.
  public var resume = false
  /// Restores over the active side.
  public var forceActive = false
  /// Calls under way at once.
  public var concurrency = 32
  /// Where the plan is written to, in a form that `planFile` takes.
  public var planOut: String?
  /// A plan that was saved, and perhaps shortened: only its steps are carried out.
  public var planFile: String?
  /// When the region was lost, RFC 3339: what passed since counts as recovery time.
  public var since: String?
  /// Sets to work what acts by itself: crawlers get their schedules, optimizers are enabled.
  public var activate = false

  /// Whether the plan tells from which state it was made: those that are shown or given back do.
  var keepsBasis: Bool { dryRun || planFile != nil }

  /// Goes on where the check before the restore finds what would keep it from being whole.
  public var ignoreBlockers = false

  public init() {}
}

/// `meshdr plan` and `meshdr restore`: the difference between a snapshot and a region, shown or
/// applied.
public struct RestoreOperation: Sendable {
  let context: MeshContext
  var options: RestoreOptions

  public init(_ context: MeshContext, _ options: RestoreOptions) {
    self.context = context
    self.options = options
  }

  /// What this has in common with other commands that change a region.
  var recovery: Recovery {
    Recovery(
      context: context, command: "restore", policy: options.policy,
      concurrency: options.concurrency)
  }

  /// - Returns: `done`; `partial` where something failed or is not as it should be; or
  ///   `objectiveMissed`, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive(near: options.region)
    let runs = RunRecords(archive.store)
    if options.resume {
      guard options.planFile == nil else {
        throw CommandFailure(
          .usage, "--resume goes on with the plan that was begun: leave --plan out")
      }
      let begun = try await runs.unfinished("restore", now: context.surroundings.clock.now())
      return try await continuing(begun, archive).run(archive, runs, begun, nil)
    }
    guard let file = options.planFile else { return try await run(archive, runs, nil, nil) }
    let saved = try savedPlan(file)
    return try await following(saved, archive).run(archive, runs, nil, saved)
  }

  private func run(
    _ archive: Archive, _ runs: RunRecords, _ resumed: RunRecords.Unfinished?, _ saved: SavedPlan?
  ) async throws -> ExitCode {
    let target = try await target(resumed, archive)
    let active = try await activeSide(target, resumed, archive)
    let id = resumed?.run ?? recovery.runID()
    let operation = sparing(active, target)
    if options.dryRun {
      return try await operation.run(target, Run(id, runs, resumed, saved, active))
    }
    return try await runs.holding(target.region, run: id, context) { isLost in
      try await operation.run(target, Run(id, runs, resumed, saved, active, isLost))
    }
  }

  /// Where the mesh runs, tags, policies and administrators may have been changed since the snapshot: to
  /// repair one thing must not bring back access that was taken away elsewhere.
  private func sparing(_ active: ActiveSide, _ target: Target) -> RestoreOperation {
    var operation = self
    operation.options.policy.onlyWhatIsNamed =
      target.region == active.region && !context.options.only.isEmpty
    return operation
  }

  /// One run of the operation.
  private struct Run: Sendable {
    let id: String
    let records: RunRecords
    let resumed: RunRecords.Unfinished?
    let saved: SavedPlan?
    let active: ActiveSide
    /// Whether the region may be somebody else's by now.
    let isLost: @Sendable () -> Bool

    init(
      _ id: String, _ records: RunRecords, _ resumed: RunRecords.Unfinished?, _ saved: SavedPlan?,
      _ active: ActiveSide, _ isLost: @escaping @Sendable () -> Bool = { false }
    ) {
      self.id = id
      self.records = records
      self.resumed = resumed
      self.saved = saved
      self.active = active
      self.isLost = isLost
    }
  }

  private func run(_ target: Target, _ run: Run) async throws -> ExitCode {
    try await check(target)
    let session = try context.session(calls: options.concurrency)
    defer { session.shutdown() }
    return try await context.withScratchDirectory { scratch in
      let progress = RestoreProgress(context)
      let engine = try await enter(target, session, scratch, progress, run.isLost)
      return try await carryOut(engine, run, progress, options.dryRun ? nil : preflight(target))
    }
  }

  /// What differs, without what a restore would do about it.
  func compare() async throws -> RestoreComparison {
    let target = try await target(nil, try context.archive(near: options.region))
    let session = try context.session()
    defer { session.shutdown() }
    return try await context.withScratchDirectory { scratch in
      try await enter(target, session, scratch, RestoreProgress(context)) { false }.compare()
    }
  }

  private func enter(
    _ target: Target, _ session: AWSSession, _ scratch: String, _ progress: RestoreProgress,
    _ isLost: @escaping @Sendable () -> Bool
  ) async throws -> RestoreRun {
    let job = try await job(target.mesh, target.reader, target.region, session)
    let shouldStop = context.surroundings.shouldStop
    var tools = RestoreTools(
      kinds: allKinds(capture(of: target), activating: options.activate),
      scratchDirectory: scratch, clock: try clock(),
      observer: progress, shouldStop: { shouldStop() || isLost() })
    tools.waited = { session.statistics.busySeconds }
    tools.tableFiles = try await RestoredTables(
      target.reader, job.mapping, ClientBook(session, role: target.mesh.accounts.restorerRole))
    return RestoreRun(job, tools)
  }

  private func carryOut(
    _ engine: RestoreRun, _ run: Run, _ progress: RestoreProgress, _ preflight: Preflight?
  ) async throws -> ExitCode {
    progress.stage("looking at what is there")
    var plan = try await engine.plan(isBinding: false)
    progress.clear()
    if options.dryRun {
      try show(plan, engine)
      return plan.plan.blockers.isEmpty || options.policy.allowUnmapped ? .done : .failed
    }
    try await heed(preflight)
    if plan.isBlind {
      try recovery.refuse(plan.plan)
      guard run.saved == nil else {
        throw CommandFailure(
          .failed,
          "the restorer is no data lake administrator of every account, so the plan can't be compared "
            + "with the one that was saved. Nothing was changed")
      }
      try await engine.takeAdministration()
      plan = try await engine.plan()
    }
    let whole = plan.plan
    plan = try limited(plan, by: engine, run.saved, run.resumed)
    recovery.showPlan(engine.result(ofPlan: plan), plan.plan)
    try recovery.refuse(plan.plan)
    let start = start(consume whole, carriedOut: plan.plan)
    var result = try await recovery.carryOut(engine, consume plan, run.id, run.records, start)
    progress.clear()
    result.run = run.id
    result.started = recovery.started
    try await run.records.keep(result)
    showOutcome(result, run.active)
    return recovery.exitCode(result)
  }

  /// What whoever resumes the run has to know besides what every run says.
  private func start(_ plan: Plan, carriedOut: Plan) -> [String: JSON] {
    [
      "options": options.policy.json, "activate": .bool(options.activate),
      "since": options.since.map(JSON.string) ?? .null,
      "leftOut": .array(plan.steps(notIn: carriedOut).map(\.json)),
    ]
  }
}
