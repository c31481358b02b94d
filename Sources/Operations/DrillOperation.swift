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
  public var allowUnmapped = false
  /// Shows what would be done, and does nothing.
  public var dryRun = false
  /// Takes away what drills that were killed have left, and does nothing else.
  public var clean = false
  /// The Athena work group in which consumers' queries are run; nil to run none.
  public var query: String?
  public var concurrency = 32

  public init() {}
}

/// `meshdr drill`: a restore is rehearsed beside what lives in a region, checked as users would, and
/// undone; what it came to is kept.
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
  }

  /// - Returns: `done`; `partial` where something failed, somebody could not do what they should or
  ///   could do more, or the region is not as it was; or `objectiveMissed`, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive(near: options.region)
    let runs = RunRecords(archive.store)
    let manifest = try await archive.find(options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    guard let region = options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    let active = try await ActiveSides(archive.store).current(of: mesh)
    guard region != mesh.primary, region != active.region || options.clean else {
      throw CommandFailure(
        .usage, "\(region) is where the mesh runs: a drill is no guest there. Nothing was changed")
    }
    let reader = archive.reader(manifest)
    if !options.clean { try await recovery.check(reader) }
    try mesh.drill.check(against: try await DrillRoster(reader))
    let id = recovery.runID()
    return try await recovery.working(in: region, run: id, runs, isHeld: !options.dryRun) { place in
      let work = try await enter(mesh, reader, region, runs, id, place)
      return options.clean ? try await clean(work) : try await rehearse(work)
    }
  }

  private func enter(
    _ mesh: MeshFile, _ reader: SnapshotReader, _ region: String, _ runs: RunRecords,
    _ id: String, _ place: Recovery.Workplace
  ) async throws -> Work {
    var mapping = try await Mapping(of: reader, to: region)
    mesh.mapping.apply(to: &mapping)
    let accounts = try recovery.selected(reader.manifest).map { mapping.accounts[$0.id] ?? $0.id }
    let sites = try await recovery.enter(
      accounts, role: mesh.accounts.restorerRole, region: region, session: place.session)
    mapping.restorers = sites.entered.mapValues(\.principal)
    return Work(
      mesh: mesh, reader: reader, region: region, runs: runs, id: id, mapping: mapping,
      sites: sites, place: place)
  }

  private func rehearse(_ work: Work) async throws -> ExitCode {
    if !options.dryRun { try await refuseLeftovers(work) }
    let prefix = Clearing.prefix(context.surroundings.random())
    let drilling = Drilling(
      prefix: prefix, standIns: work.mesh.drill.principals, role: work.mesh.drill.role,
      mesh: Set(work.reader.manifest.details.accounts.map(\.id)))
    let rehearsal = run(work, drilling, prefix: prefix)
    let progress = work.place.progress
    progress.stage("looking at what is there")
    let plan = try await rehearsal.plan(isBinding: false)
    progress.clear()
    let planned = rehearsal.result(ofPlan: plan)
    if options.dryRun {
      recovery.show(planned, [(planned, plan.plan)])
      return plan.plan.blockers.isEmpty || options.allowUnmapped ? .done : .failed
    }
    recovery.showPlan(planned, plan.plan)
    try refuse(plan, drilling)
    var report = DrillReport(prefix: prefix)
    report.onceInRegion = try await onceInRegion(work)
    report.notRehearsed = Self.notRehearsed
    let start = try await start(prefix, plan)
    var result = try await recovery.carryOut(rehearsal, plan, work.id, work.runs, start, end: nil)
    try await check(&report, rehearsal, drilling, result, work)
    try await undo([prefix], before: plan.region, start, work, &report)
    return try await conclude(&result, report, work)
  }

  /// Keeps and tells what the drill came to.
  private func conclude(
    _ result: inout RestoreResult, _ report: DrillReport, _ work: Work
  ) async throws -> ExitCode {
    var report = report
    result.run = work.id
    result.started = recovery.started
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

  /// What a restore does, and no drill.
  private static let notRehearsed = [
    "what there is once in a region is compared, not written: settings, registered locations, "
      + "encryption, the catalog's resource policy, and grants on catalogs and locations",
    "grants to everybody with rights in IAM, shares with other accounts, and what consumers hand on "
      + "of them",
    "crawlers, table optimizers, opt-ins, connections, schema registries and Athena",
  ]
}

// MARK: - Runs

extension DrillOperation {
  /// A run of the engine for one step of a drill.
  func run(
    _ work: Work, _ derivation: any Derivation, prefix: String = "", kinds: Set<Kind>? = nil,
    isWhole: Bool = false, isStoppable: Bool = true
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
    if !isStoppable { tools.shouldStop = { false } }
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

  /// What a real restore would change of what there is once in the region.
  private func onceInRegion(_ work: Work) async throws -> [String] {
    let kinds: Set<Kind> = [.settings, .location, .encryptionSettings, .resourcePolicy]
    let found = try await run(work, WholeSnapshot(), kinds: kinds).compare()
    return found.plan.actions.map { action in
      let what =
        switch action.step {
        case .create: "is not there"
        case .remove: "is there, and not in the snapshot"
        case .prepare, .update, .settle:
          "differs" + (action.fields.isEmpty ? "" : " in \(action.fields.joined(separator: ", "))")
        }
      let name = action.key.name.isEmpty ? "" : " \(action.key.name)"
      return "\(action.key.kindName)\(name) of \(action.key.account) \(what)"
    } + found.failures.map { "\($0.key) could not be compared: \($0.message)" }
  }

  /// What the journal says first: enough to undo the drill without anything else.
  private func start(_ prefix: String, _ plan: RestorePlan) async throws -> [String: JSON] {
    var settings: [String: JSON] = [:]
    let records = try await plan.region.records(kind: .settings)
    while let record = try records.next() { settings[record.key.text] = try record.value() }
    return [
      "prefix": .string(prefix), "settings": .object(settings),
      "packs": RegionProof.digests(plan.region),
    ]
  }
}

// MARK: - What must not be done

extension DrillOperation {
  /// A drill does not start beside the ruins of another.
  private func refuseLeftovers(_ work: Work) async throws {
    for begun in try await work.runs.unfinishedDrills(in: work.region) {
      throw CommandFailure(
        .failed,
        "\(begun.run) was not undone: `meshdr drill --clean --region \(work.region)` does that. "
          + "Nothing was changed")
    }
  }

  /// Nothing may be touched that lives in the region, and nothing be seen in part.
  private func refuse(_ plan: RestorePlan, _ drilling: Drilling) throws {
    if plan.isBlind {
      throw CommandFailure(
        .failed,
        "the restorer is no data lake administrator of every account (listed above), so what lives "
          + "there can't be told from what does not. Nothing was changed")
    }
    try recovery.refuse(plan.plan)
    let touched = plan.plan.actions.first { action in
      !action.isOwnAccess && !drilling.owns(action.key)
        && action.key.kindName != Kind.settings.name
    }
    if let touched {
      throw CommandFailure(
        .failed,
        "the drill would \(touched.step) \(touched.key), which it must not. Nothing was changed"
      )
    }
  }
}
