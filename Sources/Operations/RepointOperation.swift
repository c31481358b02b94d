import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshFile
import MeshModel
import Restore
import SnapshotStore

/// What `meshdr repoint` is given.
public struct RepointOptions: Sendable {
  public enum Direction: String, Sendable, CaseIterable { case secondary, primary }

  /// Nil for the mesh file's secondary.
  public var region: String?
  /// Whose replication rules tell the replicas.
  public var snapshot = "latest"
  /// `primary` undoes what was moved.
  public var direction = Direction.secondary
  /// Regions beside the region itself whose links are moved; empty for the primary.
  public var linkRegions: [String] = []
  public var policy = PlanPolicy()
  public var dryRun = false
  public var resume = false
  public var concurrency = 32

  public init() {}
}

/// `meshdr repoint`: an existing catalog's locations and links are moved to their replicas, or back.
public struct RepointOperation: Sendable {
  private let context: MeshContext
  private let options: RepointOptions
  private let recovery: Recovery

  public init(_ context: MeshContext, _ options: RepointOptions) {
    self.context = context
    self.options = options
    var recovery = Recovery(context: context, command: "repoint")
    recovery.policy = options.policy
    // What is moved leaves nothing behind where it was.
    recovery.policy.isWhole = true
    recovery.policy.reasonForRemoval = "moved away from there"
    recovery.policy.only = context.options.only
    recovery.concurrency = options.concurrency
    self.recovery = recovery
  }

  /// - Returns: `done`; `partial` where something failed or is not as it should be; or
  ///   `objectiveMissed`, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive(near: options.region)
    let runs = RunRecords(archive.store)
    guard options.resume else { return try await run(archive, runs, nil) }
    let begun = try await runs.unfinished(
      recovery.command, now: context.surroundings.clock.now())
    return try await continuing(begun).run(archive, runs, begun)
  }

  /// The same command with the scope of the one that is resumed.
  private func continuing(_ begun: RunRecords.Unfinished) throws -> RepointOperation {
    if let region = options.region, region != begun.region {
      throw CommandFailure(
        .usage, "--resume goes on with \(begun.run) in \(begun.region); leave --region out")
    }
    var (options, common) = (options, context.options)
    options.region = begun.region
    options.snapshot = begun.snapshot
    options.direction =
      begun.start["to"]?.string.flatMap(RepointOptions.Direction.init) ?? .secondary
    options.resume = false
    common.only = begun.only.compactMap { Selector($0) }
    common.accounts = begun.accounts
    return RepointOperation(MeshContext(common, context.surroundings), options)
  }

  private func run(
    _ archive: Archive, _ runs: RunRecords, _ resumed: RunRecords.Unfinished?
  ) async throws -> ExitCode {
    let manifest = try await archive.find(options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    guard let region = options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    guard region != mesh.primary else {
      throw CommandFailure(
        .usage,
        "\(region) is the primary: its catalog names its own buckets. Name the region whose catalog "
          + "is to be moved")
    }
    let reader = archive.reader(manifest)
    try await recovery.check(reader)
    let id = resumed?.run ?? recovery.runID()
    return try await recovery.working(in: region, run: id, runs, isHeld: !options.dryRun) { place in
      try await move(
        RepointWork(mesh: mesh, reader: reader, region: region, runs: runs, id: id, place: place))
    }
  }

  /// The region itself first, then the links that lead into the primary from elsewhere.
  private func move(_ work: RepointWork) async throws -> ExitCode {
    try await checkHistory(work)
    let run = try await mainRun(work)
    if options.dryRun { return try await showPlans(run, work) }
    var result = try await carryOut(run, work, work.id)
    for elsewhere in linkRegions(work) where !result.interrupted {
      guard let run = try await linkRun(elsewhere, work, &result) else { continue }
      result.add(
        try await carryOut(run, work, work.linksID(elsewhere)), phase: "links in \(elsewhere)")
    }
    result.run = work.id
    result.started = recovery.started
    try await work.runs.keep(result)
    recovery.showOutcome(result)
    return recovery.exitCode(result)
  }

  private func carryOut(
    _ run: RestoreRun, _ work: RepointWork, _ id: String
  ) async throws -> RestoreResult {
    let plan = try await recovery.prepare(run, work.place.progress)
    let start: [String: JSON] = ["to": .string(options.direction.rawValue)]
    let result = try await recovery.carryOut(run, plan, id, work.runs, start)
    work.place.progress.clear()
    return result
  }

  private func showPlans(_ run: RestoreRun, _ work: RepointWork) async throws -> ExitCode {
    var plan = try await run.plan(isBinding: false)
    var result = run.result(ofPlan: plan)
    var plans = [(result, plan.plan)]
    for elsewhere in linkRegions(work) {
      guard let run = try await linkRun(elsewhere, work, &result) else {
        plans[0].1.warnings = result.warnings
        continue
      }
      plan = try await run.plan(isBinding: false)
      let moved = run.result(ofPlan: plan)
      plans.append((moved, plan.plan))
      result.add(moved, phase: "links in \(elsewhere)")
    }
    work.place.progress.clear()
    recovery.show(result, plans)
    return result.blockers.isEmpty || options.policy.allowUnmapped ? .done : .failed
  }
}

/// What one repoint works on.
private struct RepointWork: Sendable {
  let mesh: MeshFile
  let reader: SnapshotReader
  let region: String
  let runs: RunRecords
  let id: String
  let place: Recovery.Workplace

  /// The journal of the links of another region.
  func linksID(_ region: String) -> String { "links-\(id.dropFirst("repoint-".count))-\(region)" }
}

// MARK: - What runs where

extension RepointOperation {
  /// What is looked at: what moves, and what the restorer's own access hangs on.
  private static let kinds: Set<Kind> = [
    .settings, .location, .database, .table, .partition, .grant,
  ]
  private static let linkKinds: Set<Kind> = [.settings, .database, .table, .grant]

  private func mainRun(_ work: RepointWork) async throws -> RestoreRun {
    var mapping = try await Mapping(of: work.reader, to: work.region)
    work.mesh.mapping.apply(to: &mapping)
    let accounts = try recovery.selected(work.reader.manifest).map {
      mapping.accounts[$0.id] ?? $0.id
    }
    // The records are the region's own: what they name besides is of the region already.
    (mapping.accounts, mapping.principals) = ([:], [:])
    mapping.onlyLocations = true
    for replica in mapping.buckets.values where mapping.buckets[replica.bucket] == nil {
      mapping.buckets[replica.bucket] = .init(bucket: replica.bucket, source: .inRegion)
    }
    let sites = try await recovery.enter(
      accounts, role: work.mesh.accounts.restorerRole, region: work.region,
      session: work.place.session)
    let former = try await former(work, in: work.region)
    let derivation: any Derivation =
      options.direction == .primary
      ? Undoing(former)
      : Repointing(
        mesh: meshAccounts(work), accounts: Set(sites.entered.keys), leftAccess: former.ownAccess)
    let files = try await RestoredTables(
      work.reader, mapping,
      ClientBook(work.place.session, role: work.mesh.accounts.restorerRole))
    return run(work, mapping, sites, derivation, Self.kinds, files)
  }

  /// Moves the links of another region. Nil where it does not answer: that is told, and is no
  /// failure, for the region may be the one that was lost.
  private func linkRun(
    _ region: String, _ work: RepointWork, _ result: inout RestoreResult
  ) async throws -> RestoreRun? {
    let former = try await former(work, in: region)
    if options.direction == .primary, former.isEmpty { return nil }
    guard try await answers(region, work) else {
      result.warnings.append(
        "\(region) does not answer: links there stay as they are; run it again when it does")
      return nil
    }
    var mapping = Mapping(from: work.mesh.primary, to: work.region)
    mapping.onlyLocations = true
    mapping.home = region
    let accounts = try recovery.selected(work.reader.manifest).map(\.id)
    let sites = try await recovery.enter(
      accounts, role: work.mesh.accounts.restorerRole, region: region, session: work.place.session)
    let derivation: any Derivation =
      options.direction == .primary
      ? Undoing(former)
      : Repointing(
        mesh: meshAccounts(work), accounts: [], leftAccess: former.ownAccess, onlyLinks: true,
        targets: try await targets(work))
    return run(work, mapping, sites, derivation, Self.linkKinds)
  }

  private func run(
    _ work: RepointWork, _ mapping: Mapping, _ sites: Sites, _ derivation: any Derivation,
    _ kinds: Set<Kind>, _ files: RestoredTables? = nil
  ) -> RestoreRun {
    var mapping = mapping
    mapping.restorers = sites.entered.mapValues(\.principal)
    var job = RestoreJob(
      reader: work.reader, mapping: mapping, accounts: sites.entered.keys.sorted(),
      sites: sites.entered, notEntered: sites.refused,
      objective: Double(work.mesh.objectives.rto ?? 7200))
    job.command = recovery.command
    job.derivation = derivation
    job.policy = recovery.policy
    job.priority = work.mesh.priority
    job.concurrency = recovery.concurrency
    let all = allKinds(.none).filter { kinds.contains($0.kind) }
    var tools = recovery.tools(all, work.place)
    tools.tableFiles = files
    return RestoreRun(job, tools)
  }

  private func meshAccounts(_ work: RepointWork) -> Set<String> {
    let ids = work.reader.manifest.details.accounts.map(\.id)
    return Set(ids).union(work.mesh.mapping.accounts.values)
  }

  private func linkRegions(_ work: RepointWork) -> [String] {
    let named = options.linkRegions.isEmpty ? [work.mesh.primary] : options.linkRegions
    return named.filter { $0 != work.region }
  }

  /// The way back begins where the runs of this store have led to.
  private func checkHistory(_ work: RepointWork) async throws {
    guard options.direction == .primary else { return }
    for region in [work.region] + linkRegions(work) {
      if try await !former(work, in: region).isEmpty { return }
    }
    throw CommandFailure(
      .failed,
      "this store knows of nothing that a repoint has moved in \(work.region): there is nothing to "
        + "undo")
  }

  /// What the runs of this store have done to a region.
  private func former(_ work: RepointWork, in region: String) async throws -> FormerState {
    try await work.runs.former(in: region, of: ["repoint", "links"])
  }

  /// The databases that the secondary has, for links elsewhere.
  private func targets(_ work: RepointWork) async throws -> LinkTargets {
    let accounts = work.reader.manifest.details.accounts.map {
      work.mesh.mapping.accounts[$0.id] ?? $0.id
    }
    let sites = try await recovery.enter(
      accounts, role: work.mesh.accounts.restorerRole, region: work.region,
      session: work.place.session)
    let mapping = Mapping(from: work.mesh.primary, to: work.region)
    return try await run(work, mapping, sites, WholeSnapshot(), [.database]).linkTargets()
  }

  /// Whether a region answers at all, found out without the patience that work is done with.
  private func answers(_ region: String, _ work: RepointWork) async throws -> Bool {
    let session = try context.session(isHasty: true)
    defer { session.shutdown() }
    do {
      _ = try await session.callerIdentity(region: AWSRegion(region))
      return true
    } catch let failure as AWSFailure {
      context.explain("\(region) does not answer: \(failure)")
      return false
    }
  }
}
