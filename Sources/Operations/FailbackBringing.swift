import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Replication
import Reporting
import Restore
import SnapshotStore

extension FailbackOperation {
  /// Looks at both regions, merges, and carries out what it comes to.
  func bringHome(_ work: FailbackWork) async throws -> ExitCode {
    let sides = try await look(work)
    let before = try await primaryBefore(work, sides)
    let merge = CatalogMerge(
      kinds: kinds(work), base: work.reader, secondary: sides.there.reader, primary: before.reader,
      mapping: sides.mapping, restorers: sides.here.mapValues(\.principal),
      accounts: sides.accounts,
      choice: options.onConflict, scope: work.base.only, unrestored: work.base.unrestored)
    var outcome = try await merge.merged(
      in: work.place.scratch,
      FailbackReport(
        from: work.region, baseRun: work.base.run, onConflict: options.onConflict.rawValue))
    outcome.report.data = try await dataCheck(work, sides)
    let run = run(work, sides, FailingBack(outcome.reader))
    var plan = try await run.plan(of: sides.primaryLook)
    plan.block(outcome.problems)
    work.place.progress.clear()
    var planned = run.result(ofPlan: plan)
    planned.failures += sides.failures
    planned.failback = outcome.report
    if options.dryRun {
      show(planned, plan.plan, outcome.report)
      return refusal(outcome.report, plan.plan)?.code ?? .done
    }
    if let refusal = refusal(outcome.report, plan.plan) {
      show(planned, plan.plan, outcome.report)
      throw refusal
    }
    recovery.showPlan(planned, plan.plan)
    showReport(outcome.report)
    if !work.isResumed { try await work.runs.keepPrimary(before.folder, of: work.id) }
    var result = try await recovery.carryOut(run, plan, work.id, work.runs, start(work))
    result.failures += sides.failures
    return try await conclude(&result, outcome.report, work, sides)
  }

  /// Keeps and tells what the failback came to, and has the mesh run in its primary again.
  private func conclude(
    _ result: inout RestoreResult, _ report: FailbackReport, _ work: FailbackWork, _ sides: Sides
  ) async throws -> ExitCode {
    work.place.progress.clear()
    result.run = work.id
    result.started = recovery.started
    var report = report
    let isPart = !context.options.only.isEmpty || !work.base.only.isEmpty || sides.isPart
    if result.isWhole, result.verified?.isGood == true, !isPart {
      try await ActiveSides(work.runs.store).activate(
        work.primary, run: work.id, now: context.surroundings.clock.now())
      report.switched = true
    } else if result.isWhole {
      result.warnings.append(
        "only a part of the mesh was brought home, so it still runs in \(work.region): meshdr active "
          + "\(work.primary) switches when the rest is done")
    }
    result.failback = report
    try await work.runs.keep(result)
    recovery.showOutcome(result)
    return recovery.exitCode(result)
  }

  private func start(_ work: FailbackWork) -> [String: JSON] {
    [
      "from": .string(work.region), "baseRun": work.base.run.map(JSON.string) ?? .null,
      "onConflict": .string(options.onConflict.rawValue),
      "allowUnmapped": .bool(options.allowUnmapped),
      "ignoreBlockers": .bool(options.ignoreBlockers), "forceActive": .bool(options.forceActive),
    ]
  }

  // MARK: - What must not be carried out

  /// Why nothing is done; nil where nothing speaks against it.
  private func refusal(_ report: FailbackReport, _ plan: Plan) -> CommandFailure? {
    if let first = report.open.first {
      return CommandFailure(
        .failed,
        "\(report.open.count) records were changed on both sides, the first of them \(first.key). "
          + "Decide with --on-conflict secondary or primary, or mend them one by one and run it again. "
          + "Nothing was changed")
    }
    if let first = report.unjustified.first {
      return CommandFailure(
        .failed,
        "the two sides together would give what one has revoked or neither gives: \(first). Revoke "
          + "it on the side that gives it, or give it on the other, and run it again. Nothing was "
          + "changed")
    }
    do { try recovery.refuse(plan) } catch { return CommandFailure(error) }
    if let data = report.data, !data.isHome, !options.ignoreBlockers {
      return CommandFailure(
        .objectiveMissed,
        "data of \(data.notHome.count) of \(data.locations) locations is not known to be in "
          + "\(plan.region): replicate it first, as said above, or give --ignore-blockers. Nothing was "
          + "changed")
    }
    return nil
  }

  // MARK: - What is shown

  private func show(_ result: RestoreResult, _ plan: Plan, _ report: FailbackReport) {
    recovery.show(result, [(result, plan)])
    if context.options.output == .text { showReport(report) }
  }

  private func showReport(_ report: FailbackReport) {
    guard !context.options.quiet || options.dryRun || !report.open.isEmpty else { return }
    let text = RestoreText(style: context.style).failback(
      report, verbose: context.options.verbose)
    let tell =
      context.options.output == .text
      ? context.surroundings.output : context.surroundings.diagnostics
    tell("\n" + text)
    if let data = report.data, !data.findings.isEmpty {
      tell("\n" + AuditText(style: context.style).findings(data.findings))
    }
  }
}

extension FailbackOperation {
  /// Both regions as they were looked at.
  struct Sides: Sendable {
    /// As the base was restored.
    var mapping: Mapping
    /// The primary's accounts that are worked in, and the secondary's with them.
    var here: [String: Site]
    var there: RegionLook
    var primaryLook: RegionLook
    /// By their ids in the primary.
    var accounts: [String]
    /// Why others are left out.
    var failures: [RestoreResult.Failure] = []
    /// Whether accounts were left out by whoever runs this, or by who restored the base.
    var isPart = false
  }

  func kinds(_ work: FailbackWork) -> [any CapturedKind] {
    allKinds(context.capture(work.reader.manifest, work.mesh))
  }

  private func look(_ work: FailbackWork) async throws -> Sides {
    var mapping = try await Mapping(of: work.reader, to: work.region)
    work.mesh.mapping.apply(to: &mapping)
    let whole = work.reader.manifest.details.accounts
    let restored = try recovery.selected(work.reader.manifest).filter { account in
      work.base.accounts.isEmpty || work.base.accounts.contains(account.id)
        || work.base.accounts.contains(account.name)
    }
    var failures = restored.filter { !$0.complete }.map { account in
      RestoreResult.Failure(
        kind: "account", key: account.id, code: "Incomplete",
        message: "the snapshot that was restored does not hold all of it")
    }
    let wanted = restored.filter(\.complete).map(\.id)
    work.place.progress.stage("looking at \(work.region)")
    let role = work.mesh.accounts.restorerRole
    let theirs = try await recovery.enter(
      wanted.map { mapping.accounts[$0] ?? $0 }, role: role, region: work.region,
      session: work.place.session)
    mapping.restorers = theirs.entered.mapValues(\.principal)
    let there = try await self.run(work, mapping, theirs, wanted).look(isBinding: true)
    work.place.progress.stage("looking at \(work.primary)")
    let ours = try await recovery.enter(
      wanted, role: role, region: work.primary, session: work.place.session)
    var home = Mapping(from: work.primary, to: work.primary)
    home.restorers = ours.entered.mapValues(\.principal)
    let here = try await lookHome(self.run(work, home, ours, wanted))

    failures += Self.failures(of: theirs, there, in: mapping.inverse.accounts)
    failures += Self.failures(of: ours, here, in: [:])
    let left = Set(failures.map(\.key))
    let accounts = wanted.filter { !left.contains($0) }
    guard !accounts.isEmpty else {
      let reasons = failures.map { "\n  \($0.key): \($0.message)" }.joined()
      throw CommandFailure(.failed, "no account can be looked at on both sides:" + reasons)
    }
    return Sides(
      mapping: mapping, here: ours.entered.filter { accounts.contains($0.key) }, there: there,
      primaryLook: here.limited(to: Set(accounts)), accounts: accounts, failures: failures,
      isPart: restored.count < whole.count)
  }

  /// The primary, seen whole: the restorer becomes an administrator where it is none. Where nothing is to
  /// be changed, such an account is left out.
  private func lookHome(_ run: RestoreRun) async throws -> RegionLook {
    guard !options.dryRun else { return try await run.look(isBinding: true) }
    let look = try await run.look(isBinding: false)
    guard look.isBlind else { return look }
    context.tell(
      "the restorer may not see everything in the primary: it becomes a data lake administrator there"
    )
    try await run.takeAdministration()
    return try await run.look(isBinding: true)
  }

  /// An account that was not seen whole on one side is left as it is: what is missing there may only
  /// have been overlooked.
  private static func failures(
    of sites: Operations.Sites, _ look: RegionLook, in primary: [String: String]
  ) -> [RestoreResult.Failure] {
    let refused = sites.refused.sorted { $0.key < $1.key }.map { account, error in
      RestoreResult.Failure(
        kind: "account", key: account, code: error.code, message: error.message)
    }
    return (refused + look.failures).map { failure in
      var failure = failure
      failure.key = primary[failure.key] ?? failure.key
      return failure
    }
  }

  private func run(
    _ work: FailbackWork, _ mapping: Mapping, _ sites: Operations.Sites, _ accounts: [String]
  ) -> RestoreRun {
    let job = RestoreJob(
      reader: work.reader, mapping: mapping, accounts: accounts, sites: sites.entered,
      notEntered: [:], objective: Double(work.mesh.objectives.rto ?? 7200))
    return RestoreRun(job, recovery.tools(kinds(work), work.place))
  }

  /// The run that changes the primary.
  private func run(
    _ work: FailbackWork, _ sides: Sides, _ derivation: FailingBack
  ) -> RestoreRun {
    var mapping = Mapping(from: work.primary, to: work.primary)
    mapping.restorers = sides.here.mapValues(\.principal)
    var job = RestoreJob(
      reader: work.reader, mapping: mapping, accounts: sides.accounts, sites: sides.here,
      notEntered: [:], objective: Double(work.mesh.objectives.rto ?? 7200))
    job.command = recovery.command
    job.derivation = derivation
    job.policy = recovery.policy
    job.priority = work.mesh.priority
    job.concurrency = recovery.concurrency
    return RestoreRun(job, recovery.tools(kinds(work), work.place))
  }
}

// MARK: - The primary as it came back

extension FailbackOperation {
  /// A capture of the primary, and the folder that it is in.
  struct Before: Sendable {
    let reader: SnapshotReader
    let folder: String
  }

  /// The primary before anything was changed. Whoever resumes has it from the store: what is there now
  /// is half done.
  private func primaryBefore(_ work: FailbackWork, _ sides: Sides) async throws -> Before {
    guard work.isResumed else {
      return Before(reader: sides.primaryLook.reader, folder: sides.primaryLook.folder)
    }
    let folder = "\(work.place.scratch)/before"
    return Before(
      reader: try await work.runs.primary(before: work.id, in: folder), folder: folder)
  }
}

extension RunRecords {
  private static func prefix(_ run: String) -> String { "failbacks/\(run)/" }

  /// Keeps the primary as it came back, as an archive of its own below `failbacks/`.
  /// - Parameter folder: of the archive.
  /// - Throws: `ArchiveError`.
  func keepPrimary(_ folder: String, of run: String) async throws {
    let captured = FolderStore(root: folder)
    // Manifests last: what has one is whole.
    let blobs = try await captured.list(prefix: "").map(\.name).sorted { left, right in
      let places = [left, right].map { $0.hasPrefix("snapshots/") ? 1 : 0 }
      return (places[0], left) < (places[1], right)
    }
    for name in blobs {
      _ = try await store.put(Self.prefix(run) + name, .bytes(try await captured.read(name)))
    }
  }

  /// The primary as a failback found it that was begun.
  /// - Parameter folder: where it is brought to.
  /// - Throws: `ArchiveError` (`.notFound`).
  func primary(before run: String, in folder: String) async throws -> SnapshotReader {
    let prefix = Self.prefix(run)
    let kept = FolderStore(root: folder)
    for blob in try await store.list(prefix: prefix) {
      let name = String(blob.name.dropFirst(prefix.count))
      _ = try await kept.put(name, .bytes(try await store.read(blob.name)))
    }
    let archive = Archive(store: kept)
    guard let id = try await archive.snapshots().first?.id else {
      throw ArchiveError(.notFound, "the primary as \(run) found it is not in the store")
    }
    return archive.reader(try await archive.find(id))
  }
}
