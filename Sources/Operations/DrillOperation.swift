import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshFile
import MeshModel
import Restore
import SnapshotStore

/// What `meshdr drill` is given.
public struct DrillOptions: Sendable {
  /// Nil for the mesh file's secondary.
  public var region: String?
  public var snapshot = "latest"
  /// In the drill accounts of the mesh file, with everything that a restore does.
  public var full = false
  public var allowUnmapped = false
  /// Shows what would be done, and does nothing.
  public var dryRun = false
  /// Takes away what drills that were killed have left, and does nothing else.
  public var clean = false
  /// Goes on with the drill that was killed last.
  public var resume = false
  /// The Athena work group in which consumers' queries are run; nil to run none.
  public var query: String?
  public var concurrency = 32

  public init() {}
}

/// `meshdr drill`: a restore is rehearsed beside what lives in a region, or in accounts of its own, checked
/// as users would, and undone; what it came to is kept.
public struct DrillOperation: Sendable {
  let context: MeshContext
  let options: DrillOptions
  let recovery: Recovery

  public init(_ context: MeshContext, _ options: DrillOptions) {
    self.context = context
    self.options = options
    var recovery = Recovery(context: context, command: "drill")
    recovery.policy.allowUnmapped = options.allowUnmapped
    recovery.policy.only = context.options.only
    recovery.concurrency = options.concurrency
    self.recovery = recovery
  }

  /// What one drill works on.
  struct Work: Sendable {
    let mesh: MeshFile
    let reader: SnapshotReader
    let region: String
    let runs: RunRecords
    let id: String
    let mapping: Mapping
    let sites: Sites
    let place: Recovery.Workplace
    let files: RestoredTables
    /// Nil for a drill under a prefix.
    let full: FullScope?
    /// The drill that is gone on with.
    let begun: UnfinishedDrill?
  }

  /// - Returns: `done`; `partial` where something failed, somebody could not do what they should or
  ///   could do more, or the region is not as it was; or `objectiveMissed`, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive(near: options.region)
    let runs = RunRecords(archive.store)
    guard !options.resume || !options.clean && !options.dryRun else {
      throw CommandFailure(
        .usage,
        "--resume goes on with a drill: leave \(options.clean ? "--clean" : "--dry-run") out")
    }
    guard !options.clean else { return try await clean(archive, runs) }
    guard options.resume else { return try await run(archive, runs, nil) }
    let begun = try await interrupted(runs)
    return try await continuing(begun).run(archive, runs, begun.run)
  }

  /// - Parameter resumed: the id of the drill that is gone on with.
  private func run(
    _ archive: Archive, _ runs: RunRecords, _ resumed: String?
  ) async throws -> ExitCode {
    let manifest = try await archive.find(options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    let region = try region(mesh)
    let active = try await ActiveSides(archive.store).current(of: mesh)
    guard region != mesh.primary, region != active.region else {
      throw CommandFailure(
        .usage, "\(region) is where the mesh runs: a drill is no guest there. Nothing was changed")
    }
    let reader = archive.reader(manifest)
    try await recovery.check(reader)
    let id = resumed ?? recovery.runID()
    let scope = options.full && resumed == nil ? try fullScope(mesh, manifest) : nil
    if !options.full { try mesh.drill.check(against: try await DrillRoster(reader)) }
    let hold = FullScope.hold(region, isFull: options.full)
    return try await recovery.working(in: hold, run: id, runs, isHeld: !options.dryRun) { place in
      // Whoever else was at it has ended by now.
      var begun: UnfinishedDrill?
      if let resumed { begun = try await unfinished(resumed, runs) }
      let full = begun?.begin.full ?? scope
      let work = try await enter(mesh, reader, region, runs, id, place, full, begun)
      return try await rehearse(work)
    }
  }

  func region(_ mesh: MeshFile) throws -> String {
    guard let region = options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    return region
  }

  func enter(
    _ mesh: MeshFile, _ reader: SnapshotReader, _ region: String, _ runs: RunRecords,
    _ id: String, _ place: Recovery.Workplace, _ full: FullScope?, _ begun: UnfinishedDrill?
  ) async throws -> Work {
    var mapping = try await Mapping(of: reader, to: region)
    mesh.mapping.apply(to: &mapping)
    // Replicas belong to the mesh, whoever restores over them.
    let files = try await RestoredTables(
      reader, mapping, ClientBook(place.session, role: mesh.accounts.restorerRole))
    full?.apply(to: &mapping)
    let accounts = try recovery.selected(reader.manifest).map { mapping.accounts[$0.id] ?? $0.id }
    let sites = try await recovery.enter(
      accounts, role: full?.role ?? mesh.accounts.restorerRole, region: region,
      session: place.session)
    mapping.restorers = sites.entered.mapValues(\.principal)
    return Work(
      mesh: mesh, reader: reader, region: region, runs: runs, id: id, mapping: mapping,
      sites: sites, place: place, files: files, full: full, begun: begun)
  }

  private func rehearse(_ work: Work) async throws -> ExitCode {
    if !options.dryRun, work.begun == nil { try await refuseLeftovers(work) }
    let rehearsal = try await rehearsal(work)
    if let done = work.begun?.rehearsed { return try await finish(done, rehearsal, work) }
    let run = run(work, rehearsal.derivation, prefix: rehearsal.prefix, isTimed: true)
    let preflight = preflight(work)
    let progress = work.place.progress
    progress.stage("looking at what is there")
    let plan = try await run.plan(isBinding: false)
    progress.clear()
    let planned = run.result(ofPlan: plan)
    if options.dryRun {
      recovery.show(planned, [(planned, plan.plan)])
      try await refuseOccupied(rehearsal, plan, work)
      return plan.plan.blockers.isEmpty || options.allowUnmapped ? .done : .failed
    }
    recovery.showPlan(planned, plan.plan)
    try refuse(plan, rehearsal)
    try await heed(preflight)
    let start = try await start(rehearsal, plan, work)
    // What was there before a drill that is gone on with, only its journal knows.
    let before = work.begun == nil ? plan.region : nil
    return try await undoingOnFailure(rehearsal, start, before: before, work) {
      var result = try await recovery.carryOut(run, plan, work.id, work.runs, start.json, end: nil)
      addEarlier(work.begun, to: &result)
      result.run = work.id
      result.started = start.began ?? recovery.started
      result.drill = report(rehearsal, start, work)
      let stage = Rehearsed(result: result, isChecked: false, start: start)
      try await keep(stage, work)
      return try await finish(stage, rehearsal, work, before: before)
    }
  }

  /// A drill that can't go on leaves nothing standing, if that can be helped.
  private func undoingOnFailure(
    _ rehearsal: Rehearsal, _ start: DrillStart, before: SnapshotReader?, _ work: Work,
    _ body: () async throws -> ExitCode
  ) async throws -> ExitCode {
    do { return try await body() } catch {
      work.place.progress.clear()
      context.tell("the drill can't go on, and is undone: \(error)")
      var report = DrillReport(prefix: rehearsal.prefix)
      do {
        try await undo(rehearsal, start, before: before, work, &report)
      } catch { report.undoing.left = ["unknown: \(error)"] }
      if !report.undoing.isUndone {
        context.tell(
          "not all of it could be taken away: run meshdr drill --clean --region \(work.region)")
      }
      throw error
    }
  }

  /// Checks, undoes, and keeps what the drill came to: whatever of it is not done yet.
  private func finish(
    _ stage: Rehearsed, _ rehearsal: Rehearsal, _ work: Work, before: SnapshotReader? = nil
  ) async throws -> ExitCode {
    var result = stage.result
    var report = result.drill ?? DrillReport(prefix: rehearsal.prefix)
    report.resumed = work.begun?.attempts ?? 0
    if !stage.isChecked {
      try await check(&report, rehearsal, result, work)
      result.drill = report
      try await keep(Rehearsed(result: result, isChecked: true, start: stage.start), work)
    }
    try await undo(rehearsal, stage.start, before: before, work, &report)
    return try await conclude(&result, report, work)
  }

  /// Keeps and tells what the drill came to.
  private func conclude(
    _ result: inout RestoreResult, _ report: DrillReport, _ work: Work
  ) async throws -> ExitCode {
    var report = report
    report.rpoObjective = work.mesh.objectives.rpo.map(Double.init)
    try await addEvidence(to: &report, &result, work.runs)
    result.drill = report
    try await work.runs.keep(result)
    work.place.progress.clear()
    recovery.showOutcome(result)
    var codes = [recovery.exitCode(result)]
    if !report.isGood { codes.append(.partial) }
    if report.metRecoveryPoint == false || report.dataLag?.met == false {
      codes.append(.objectiveMissed)
    }
    return .first(of: codes)
  }
}

// MARK: - Runs

extension DrillOperation {
  /// A run of the engine for one step of a drill.
  /// - Parameter isTimed: whether its clock begins when the drill did, earlier attempts included.
  func run(
    _ work: Work, _ derivation: any Derivation, prefix: String = "", kinds: Set<Kind>? = nil,
    isWhole: Bool = false, isStoppable: Bool = true, isTimed: Bool = false
  ) -> RestoreRun {
    var mapping = work.mapping
    mapping.prefix = prefix
    let ids = Set(work.sites.entered.keys)
    let captured = work.reader.manifest.details.accounts.map(\.id)
    var job = RestoreJob(
      reader: work.reader, mapping: mapping,
      accounts: captured.filter { ids.contains(mapping.accounts[$0] ?? $0) },
      sites: work.sites.entered, notEntered: work.sites.refused,
      objective: Double(work.mesh.objectives.rto ?? 7200))
    job.command = recovery.command
    job.derivation = derivation
    job.policy = recovery.policy
    job.policy.isWhole = isWhole
    job.policy.reasonForRemoval = "made by the drill"
    job.policy.revokesOwn = isWhole
    if isWhole { job.policy.only = [] }
    job.priority = work.mesh.priority
    job.concurrency = recovery.concurrency
    let all = allKinds(capture(work, prefix)).filter { kinds?.contains($0.kind) ?? true }
    var tools = recovery.tools(all, work.place)
    tools.tableFiles = work.files
    if !isStoppable { tools.shouldStop = { false } }
    if isTimed, let begun = work.begun { tools.clock = tools.clock.begun(after: begun.seconds) }
    return RestoreRun(job, tools)
  }

  /// What the snapshot holds is what is asked for, also under the prefix.
  // Swift 6.3.1 crashes when it optimises the reading of a mesh file into other functions.
  @inline(never)
  private func capture(_ work: Work, _ prefix: String) -> MeshFile.Capture {
    let text = work.reader.manifest.details.meshFile
    let capture = (try? MeshFile(text: text, path: "snapshot"))?.capture ?? work.mesh.capture
    let copies = capture.partitionStatistics.compactMap { Selector(prefix + $0.description) }
    return MeshFile.Capture(
      partitionStatistics: capture.partitionStatistics + (prefix.isEmpty ? [] : copies),
      tableVersions: capture.tableVersions)
  }
}
