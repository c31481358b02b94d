import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshFile
import MeshModel
import Reporting
import Restore
import SnapshotStore

/// What a drill rehearses, and where.
struct Rehearsal: Sendable {
  /// Where what is made stands.
  enum Ground: Sendable {
    /// Beside what lives in the region, under a prefix.
    case beside(Drilling)
    /// In accounts of its own.
    case apart(FullDrilling, DrillFootprint)
  }

  let prefix: String
  let ground: Ground

  var derivation: any Derivation {
    switch ground {
    case .beside(let drilling): drilling
    case .apart(let drilling, _): drilling
    }
  }
}

extension DrillOperation {
  func rehearsal(_ work: Work) async throws -> Rehearsal {
    guard let full = work.full else {
      let prefix = work.begun?.begin.prefix ?? Clearing.prefix(context.surroundings.random())
      return Rehearsal(
        prefix: prefix,
        ground: .beside(
          Drilling(
            prefix: prefix, standIns: work.mesh.drill.standInsBeside, role: work.mesh.drill.role,
            mesh: Set(work.reader.manifest.details.accounts.map(\.id)))))
    }
    let drilling = full.drilling
    let kinds = allKinds(.none)
    if let keys = work.begun?.begin.footprint {
      let footprint = DrillFootprint(keys: keys, kinds: kinds.map(\.kind))
      return Rehearsal(prefix: "", ground: .apart(drilling, footprint))
    }
    let accounts = try recovery.selected(work.reader.manifest).map(\.id)
    let footprint = try await DrillFootprint(
      of: work.reader, accounts: accounts, kinds, work.mapping, drilling)
    return Rehearsal(prefix: "", ground: .apart(drilling, footprint))
  }

  /// What the drill has to tell before anybody looks at what it made.
  func report(_ rehearsal: Rehearsal, _ start: DrillStart, _ work: Work) -> DrillReport {
    var report = DrillReport(prefix: rehearsal.prefix)
    report.accounts = work.full?.accounts ?? [:]
    report.onceInRegion = start.onceInRegion
    report.notRehearsed = work.full == nil ? Self.notBeside : Self.notApart
    return report
  }

  /// What a restore does, and no drill beside what lives in the region.
  private static let notBeside = [
    "what there is once in a region is compared, not written: settings, registered locations, "
      + "encryption, the catalog's resource policy, and grants on catalogs and locations",
    "grants to everybody with rights in IAM, shares with other accounts, and what consumers hand on "
      + "of them",
    "crawlers, table optimizers, opt-ins, connections, schema registries and Athena",
  ]

  /// What a recovery needs, and no drill in accounts of its own shows.
  private static let notApart = [
    "whether the mesh's own roles, keys and quotas are as they should be: the drill accounts have "
      + "theirs, `meshdr audit` looks at the mesh's",
    "what is left for a person after a restore",
  ]

  /// What a real restore would change of what there is once in the region.
  private func onceInRegion(_ work: Work) async throws -> [String] {
    guard work.full == nil else { return [] }
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
  func start(
    _ rehearsal: Rehearsal, _ plan: RestorePlan, _ work: Work
  ) async throws -> DrillStart {
    if var start = work.begun?.begin {
      start.seconds = context.surroundings.clock.seconds()
      return start
    }
    var start = DrillStart(
      prefix: rehearsal.prefix, packs: RegionProof.digests(plan.region),
      onceInRegion: try await onceInRegion(work), began: recovery.started,
      seconds: context.surroundings.clock.seconds())
    start.query = options.query
    start.allowsUnmapped = options.allowUnmapped
    let records = try await plan.region.records(kind: .settings)
    while let record = try records.next() { start.settings[record.key] = try record.value() }
    guard case .apart(_, let footprint) = rehearsal.ground, let full = work.full else {
      return start
    }
    start.standing = try await refuseOccupied(rehearsal, plan, work)?.standing ?? []
    start.footprint = footprint.keys
    start.full = full
    return start
  }
}

// MARK: - What must not be done

extension DrillOperation {
  /// What a restore would check of itself, asked of the drill accounts: they are the ones that are changed.
  func preflight(_ work: Work) -> Preflight? {
    guard let full = work.full, work.begun == nil, !options.dryRun else { return nil }
    let mapping = work.mapping
    let accounts = mapping.accounts.filter { work.sites.entered[$0.value] != nil }.keys.sorted()
    return Preflight(
      context, work.mesh, work.reader, role: full.role ?? work.mesh.accounts.restorerRole,
      accounts: accounts
    ) { mapping }
  }

  /// - Throws: `CommandFailure` where what was found would leave the drill half done.
  func heed(_ preflight: Preflight?) async throws {
    guard let findings = await preflight?.findings(), !findings.isEmpty else { return }
    if !context.options.quiet {
      context.surroundings.diagnostics(AuditText(style: context.style).findings(findings))
    }
    let blockers = findings.count { $0.severity == .blocker }
    guard blockers > 0 else { return }
    throw CommandFailure(
      .failed,
      "\(blockers) of these would leave the drill half done: mend them first. Nothing was changed")
  }

  /// A drill does not start beside the ruins of another.
  func refuseLeftovers(_ work: Work) async throws {
    for begun in try await work.runs.unfinishedDrills(in: work.region) {
      throw CommandFailure(
        .failed,
        "\(begun.run) was not undone: `meshdr drill --resume` goes on with it, `meshdr drill --clean "
          + "--region \(work.region)` undoes it. Nothing was changed")
    }
  }

  /// What lives in a drill account is never touched: the drill does not begin.
  /// - Returns: what there is besides; nil for a drill that has no accounts of its own.
  @discardableResult
  func refuseOccupied(
    _ rehearsal: Rehearsal, _ plan: RestorePlan, _ work: Work
  ) async throws -> DrillGround? {
    guard case .apart(_, let footprint) = rehearsal.ground else { return nil }
    if let unseen = plan.unseen.first {
      throw CommandFailure(
        .failed,
        "what drill accounts hold is not known of all (\(unseen.key): \(unseen.message)). Nothing was "
          + "changed")
    }
    let ground = try await DrillGround(
      plan.region, footprint, restorers: Set(work.mapping.restorers.values))
    guard !ground.occupants.isEmpty else { return ground }
    let some = ground.occupants.prefix(3).map(\.text).joined(separator: ", ")
    throw CommandFailure(
      .failed,
      "the drill accounts hold \(ground.occupants.count) records in \(work.region) already (\(some)): "
        + "a full drill needs accounts with an empty catalog. Nothing was changed")
  }

  /// Nothing may be touched that lives in the region, and nothing be seen in part.
  func refuse(_ plan: RestorePlan, _ rehearsal: Rehearsal) throws {
    if plan.isBlind {
      throw CommandFailure(
        .failed,
        "the restorer is no data lake administrator of every account (listed above), so what lives "
          + "there can't be told from what does not. Nothing was changed")
    }
    try recovery.refuse(plan.plan)
    guard case .beside(let drilling) = rehearsal.ground else { return }
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
