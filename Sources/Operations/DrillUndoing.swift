import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Restore
import SnapshotStore

// Everything that a drill made is taken away, and what it was made in is proved to be as it was.

extension DrillOperation {
  private static let hangingKinds: Set<Kind> = [
    .settings, .database, .table, .lfTag, .lfTagExpression, .tagAssignment, .dataCellsFilter,
    .grant,
  ]
  private static let standingKinds: Set<Kind> = [
    .settings, .location, .database, .table, .userDefinedFunction, .lfTag, .tagAssignment, .grant,
  ]

  /// Takes away what the drill made, puts back what it changed, and captures again to prove it. What fails
  /// is in the report.
  /// - Parameter before: the region as it was captured before; nil where only the journal knows.
  func undo(
    _ rehearsal: Rehearsal, _ start: DrillStart, before: SnapshotReader?, _ work: Work,
    _ report: inout DrillReport
  ) async throws {
    let own = work.begun?.ownAccess ?? []
    switch rehearsal.ground {
    case .beside:
      try await undo(
        [rehearsal.prefix], before: before, start, ownAccess: own, work, &report)
    case .apart(_, let footprint):
      try await undo(footprint, start, ownAccess: own, work, &report)
    }
  }

  /// Takes away what stands under prefixes.
  /// - Parameters:
  ///   - start: what the drill's journal began with.
  ///   - ownAccess: what the restorer may still have of what it granted itself.
  func undo(
    _ prefixes: [String], before: SnapshotReader?, _ start: DrillStart, ownAccess: [RecordKey],
    _ work: Work, _ report: inout DrillReport
  ) async throws {
    let began = beginUndoing(work)
    var undoing = DrillReport.Undoing()
    if !prefixes.isEmpty {
      for (stage, kinds) in [
        (Clearing.Stage.hanging, Self.hangingKinds), (.standing, Self.standingKinds),
      ] {
        try await clear(Clearing(prefixes, stage), kinds, JSON(prefixes), work, &undoing)
      }
    }
    let settings = try await settingsUndoing(start, work)
    let after = try await putBack(start, settings, ownAccess, work, &undoing)
    undoing.left = try await Clearing.leftovers(in: after.reader, of: prefixes).keys.map(\.text)
    if let before {
      undoing.changed = try await RegionProof.differences(before, after.reader).map(\.text)
    } else if start.packs.object?.isEmpty == false {
      undoing.changed = RegionProof.differences(start.packs, after.reader)
    }
    undoing.changed.removeAll(where: Set(undoing.left).contains)
    try await end(&undoing, since: began, work, &report)
  }

  /// Takes away what a full drill made in its accounts, and puts back what there was.
  private func undo(
    _ footprint: DrillFootprint, _ start: DrillStart, ownAccess: [RecordKey], _ work: Work,
    _ report: inout DrillReport
  ) async throws {
    let began = beginUndoing(work)
    var undoing = DrillReport.Undoing()
    let all = allKinds(.none)
    let kinds = Set(all.filter { !$0.isBulk }.map(\.kind))
    let ground = DrillGround(standing: start.standing)
    for stage in DrillRemoval.Stage.allCases {
      try await clear(DrillRemoval(footprint, ground, stage), kinds, true, work, &undoing)
    }
    var after = try await putBack(start, .whole, ownAccess, work, &undoing)
    var found = try await ground.differences(after.reader, footprint, all)
    // RAM takes its time to end the shares that went with the grants.
    for _ in 0..<Self.looksAtShares
    where found.left.isEmpty && !found.changed.isEmpty
      && found.changed.allSatisfy({ $0.kindName == Kind.resourceShare.name })
    {
      try await Task.sleep(for: .seconds(Self.pauseForShares))
      after = try await run(work, WholeSnapshot(), isStoppable: false).capture()
      found = try await ground.differences(after.reader, footprint, all)
    }
    undoing.left = found.left.map(\.text)
    undoing.changed = found.changed.map(\.text)
    try await end(&undoing, since: began, work, &report)
  }

  private static let looksAtShares = 6
  /// Seconds.
  private static let pauseForShares = 5

  /// - Returns: when it began, by the run's clock.
  private func beginUndoing(_ work: Work) -> Double {
    work.place.progress.stage("undoing")
    return context.surroundings.clock.seconds()
  }

  private func clear(
    _ derivation: any Derivation, _ kinds: Set<Kind>, _ what: JSON, _ work: Work,
    _ undoing: inout DrillReport.Undoing
  ) async throws {
    let clearing = run(work, derivation, kinds: kinds, isWhole: true, isStoppable: false)
    let plan = try await clearing.plan()
    let cleared = try await recovery.carryOut(
      clearing, plan, work.id, work.runs, ["undoing": what], end: nil)
    undoing.removed += cleared.actions.remove
    undoing.failures += cleared.failures
  }

  /// Who restored the region since the drill may have closed what the drill had closed.
  private func settingsUndoing(
    _ start: DrillStart, _ work: Work
  ) async throws -> SettingsUndoing {
    guard options.clean, let began = start.began.flatMap(UTCTime.init) else { return .ownPart }
    let time = SnapshotID.make(recoveryPoint: began, suffix: 0)
    let isAlone = !(try await work.runs.ids()).contains { id in
      !id.hasPrefix("drill-") && !id.hasPrefix("rpo-") && RunRecords.time(id) > time
    }
    if !isAlone {
      context.tell(
        "default permissions that the drill had closed stay closed: the region may have been restored "
          + "since. `meshdr audit` and `meshdr restore` tell what they should be")
    }
    return isAlone ? .ownPart : .ownPartClosed
  }

  /// Puts settings back, gives back what the restorer was granted, and captures what is there then.
  private func putBack(
    _ start: DrillStart, _ settings: SettingsUndoing, _ ownAccess: [RecordKey], _ work: Work,
    _ undoing: inout DrillReport.Undoing
  ) async throws -> RegionCapture {
    let prover = run(work, WholeSnapshot(), isStoppable: false)
    undoing.failures += await prover.putBack(settings: start.settings, as: settings)
    undoing.failures += await prover.giveBack(Set(ownAccess))
    work.place.progress.stage("proving that nothing is left")
    let after = try await prover.capture()
    undoing.failures += after.failures
    return after
  }

  private func end(
    _ undoing: inout DrillReport.Undoing, since began: Double, _ work: Work,
    _ report: inout DrillReport
  ) async throws {
    undoing.seconds = context.surroundings.clock.seconds() - began
    report.undoing = undoing
    let entry: [String: JSON] = ["left": JSON(undoing.left), "changed": JSON(undoing.changed)]
    let event = undoing.isUndone ? "end" : "stopped"
    try await work.runs.withJournal(work.id, start: Self.again(work), context) { journal in
      try journal.write(event, entry)
    }
  }
}
