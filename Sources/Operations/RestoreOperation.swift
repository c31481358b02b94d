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

  public init() {}
}

/// `meshdr plan` and `meshdr restore`: the difference between a snapshot and a region, shown or
/// applied.
public struct RestoreOperation: Sendable {
  let context: MeshContext
  let options: RestoreOptions

  public init(_ context: MeshContext, _ options: RestoreOptions) {
    self.context = context
    self.options = options
  }

  /// - Returns: `done`; `partial` where something failed or is not as it should be; or
  ///   `objectiveMissed`, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive()
    let runs = RunRecords(archive.store)
    let resumed = options.resume ? try await runs.unfinished() : nil
    guard let resumed else { return try await run(archive, runs, nil) }
    return try await continuing(resumed, archive).run(archive, runs, resumed)
  }

  private func run(
    _ archive: Archive, _ runs: RunRecords, _ resumed: RunRecords.Unfinished?
  ) async throws -> ExitCode {
    let target = try await target(resumed, archive)
    let lock = options.dryRun ? nil : try runs.lock(target.region)
    defer { withExtendedLifetime(lock) {} }
    try await check(target.reader)
    let session = try context.session()
    defer { session.shutdown() }
    return try await context.withScratchDirectory { scratch in
      let progress = RestoreProgress(context)
      let run = try await enter(target, session, scratch, progress)
      return try await carryOut(run, runs, resumed, progress)
    }
  }

  /// What differs, without what a restore would do about it.
  func compare() async throws -> RestoreComparison {
    let target = try await target(nil, try context.archive())
    let session = try context.session()
    defer { session.shutdown() }
    return try await context.withScratchDirectory { scratch in
      try await enter(target, session, scratch, RestoreProgress(context)).compare()
    }
  }

  /// Which snapshot goes where.
  private struct Target: Sendable {
    let mesh: MeshFile
    let reader: SnapshotReader
    let region: String
  }

  private func target(
    _ resumed: RunRecords.Unfinished?, _ archive: Archive
  ) async throws -> Target {
    let manifest = try await archive.find(resumed?.snapshot ?? options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    return Target(
      mesh: mesh, reader: archive.reader(manifest), region: try region(mesh, manifest, resumed))
  }

  private func enter(
    _ target: Target, _ session: AWSSession, _ scratch: String, _ progress: RestoreProgress
  ) async throws -> RestoreRun {
    let job = try await job(target.mesh, target.reader, target.region, session)
    let tools = RestoreTools(
      kinds: allKinds(capture(of: target)), scratchDirectory: scratch,
      clock: context.surroundings.clock,
      observer: progress, shouldStop: context.surroundings.shouldStop)
    return RestoreRun(job, tools)
  }

  /// What the snapshot holds is what both sides are asked for, whatever the mesh file says today. A
  /// later version's mesh file may say what this one does not know.
  private func capture(of target: Target) -> MeshFile.Capture {
    let text = target.reader.manifest.details.meshFile
    return (try? MeshFile(text: text, path: "snapshot"))?.capture ?? target.mesh.capture
  }

  private func carryOut(
    _ run: RestoreRun, _ runs: RunRecords, _ resumed: RunRecords.Unfinished?,
    _ progress: RestoreProgress
  ) async throws -> ExitCode {
    progress.stage("looking at what is there")
    var plan = try await run.plan(isBinding: false)
    progress.clear()
    if options.dryRun {
      show(run.result(ofPlan: plan), plan.plan)
      return plan.plan.blockers.isEmpty || options.policy.allowUnmapped ? .done : .failed
    }
    if plan.isBlind {
      try refuse(plan.plan)
      try await run.takeAdministration()
      plan = try await run.plan()
    }
    showPlan(run.result(ofPlan: plan), plan.plan)
    try refuse(plan.plan)
    let id = resumed?.run ?? runID
    let journal = try runs.journal(id, now: context.surroundings.clock.now)
    try journal.write(
      "start",
      [
        "run": .string(id), "snapshot": .string(plan.plan.snapshot),
        "region": .string(plan.plan.region),
        "only": JSON(context.options.only.map(\.description)),
        "accounts": JSON(context.options.accounts),
      ])
    var result = try await run.carryOut(plan, journal: journal)
    progress.clear()
    result.run = id
    result.started = started
    if !result.interrupted { try journal.write("end", [:]) }
    try journal.finish()
    try await runs.keep(result)
    showOutcome(result)
    return exitCode(result)
  }

  private var started: String {
    let clock = context.surroundings.clock
    guard let now = UTCTime(clock.now()) else { return clock.now() }
    let began = now.milliseconds - Int64(clock.seconds() * 1000)
    return UTCTime(milliseconds: began).description
  }

  private var runID: String {
    let now = UTCTime(context.surroundings.clock.now()) ?? UTCTime(milliseconds: 0)
    return "restore-" + SnapshotID.make(recoveryPoint: now, suffix: context.surroundings.random())
  }

  private func region(
    _ mesh: MeshFile, _ manifest: Manifest, _ resumed: RunRecords.Unfinished?
  ) throws -> String {
    guard let region = resumed?.region ?? options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    guard region != mesh.primary || options.forceActive else {
      throw CommandFailure(
        .usage,
        "\(region) is the region that the mesh runs in; a restore does not overwrite it "
          + "unless --force-active is given")
    }
    return region
  }

  /// Before anything is changed, every pack is known to be whole.
  private func check(_ reader: SnapshotReader) async throws {
    let report = try await reader.verify()
    guard let damage = report.damaged.first else { return }
    let place = [damage.pack.map { "pack \($0)" }, damage.member].compactMap(\.self)
    throw CommandFailure(
      .damagedArchive,
      "snapshot \(reader.manifest.id) is damaged: \((place + [damage.what]).joined(separator: ": "))"
        + "; nothing was changed")
  }

  private func job(
    _ mesh: MeshFile, _ reader: SnapshotReader, _ region: String, _ session: AWSSession
  ) async throws -> RestoreJob {
    var mapping = try await Mapping(of: reader, to: region)
    mesh.mapping.apply(to: &mapping)
    let captured = reader.manifest.details.accounts
    let selected = try captured.filter { account in
      try isSelected(account, among: captured)
    }
    let ids = selected.map { mapping.accounts[$0.id] ?? $0.id }
    let sites = try await Sites(
      ids, role: mesh.accounts.restorerRole, region: region, session: session)
    mapping.restorers = sites.entered.mapValues(\.principal)
    guard !sites.entered.isEmpty else {
      let reasons = sites.refused.sorted { $0.key < $1.key }
        .map { "\n  \($0.key): \($0.value.message)" }
      throw CommandFailure(.failed, "no account can be entered:" + reasons.joined())
    }
    var job = RestoreJob(
      reader: reader, mapping: mapping, accounts: selected.map(\.id), sites: sites.entered,
      notEntered: sites.refused, objective: Double(mesh.objectives.rto ?? 7200))
    job.policy = options.policy
    job.policy.only = context.options.only
    job.priority = mesh.priority
    job.concurrency = options.concurrency
    return job
  }

  private func isSelected(_ account: CapturedAccount, among all: [CapturedAccount]) throws -> Bool {
    let wanted = context.options.accounts
    if let unknown = wanted.first(where: { name in
      !all.contains { $0.id == name || $0.name == name }
    }) {
      throw CommandFailure(.usage, "the snapshot has no account “\(unknown)”")
    }
    return wanted.isEmpty || wanted.contains(account.id) || wanted.contains(account.name)
  }

  /// Some plans must not be carried out.
  private func refuse(_ plan: Plan) throws {
    if !plan.blockers.isEmpty, !options.policy.allowUnmapped {
      throw CommandFailure(
        .failed,
        "\(plan.blockers.count) records name what has no replica (listed above); map them "
          + "in the mesh file, or give --allow-unmapped. Nothing was changed")
    }
    if options.policy.onConflict == .fail, !plan.conflicts.isEmpty {
      throw CommandFailure(
        .failed,
        "\(plan.conflicts.count) records are there already in another state, the first "
          + "of them \(plan.conflicts[0]). Nothing was changed")
    }
  }

  private func exitCode(_ result: RestoreResult) -> ExitCode {
    var codes: [ExitCode] = []
    if result.interrupted { codes.append(.interrupted) }
    if !result.failures.isEmpty || result.actions.skipped > 0 || result.verified?.isGood == false {
      codes.append(.partial)
    }
    if result.rto.seconds > result.rto.objectiveSeconds { codes.append(.objectiveMissed) }
    return .first(of: codes)
  }
}

// MARK: - What is shown

extension RestoreOperation {
  private func show(_ result: RestoreResult, _ plan: Plan) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text:
      context.surroundings.output(
        RestoreText(style: context.style).plan(
          result, plan: plan, verbose: context.options.verbose))
    }
  }

  /// The plan of a restore that is about to be carried out. Scripts get one document, at the end.
  private func showPlan(_ result: RestoreResult, _ plan: Plan) {
    guard !context.options.quiet else { return }
    let text = RestoreText(style: context.style).plan(
      result, plan: plan, verbose: context.options.verbose)
    switch context.options.output {
    case .json: context.surroundings.diagnostics(text)
    case .text: context.surroundings.output(text)
    }
  }

  private func showOutcome(_ result: RestoreResult) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text: context.surroundings.output(RestoreText(style: context.style).outcome(result))
    }
  }
}
