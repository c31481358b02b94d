import CanonicalJSON
import MeshFile
import Reporting
import SnapshotStore

/// `meshdr prune`: applies the mesh file's retention policy, and removes old journals of finished runs.
public struct PruneOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// - Throws: what `CommandFailure` maps; exit code 2 where the mesh file has no policy.
  public func run(dryRun: Bool) async throws -> ExitCode {
    guard let retention = try context.meshFile().retention else {
      throw CommandFailure(.usage, "the mesh file has no `retention`, so nothing may be removed")
    }
    let policy = RetentionPolicy(
      last: retention.last, daily: retention.daily, weekly: retention.weekly,
      monthly: retention.monthly, yearly: retention.yearly)
    let archive = try context.archive()
    let needs = try await needs(archive, dryRun: dryRun)
    let report = try await archive.prune(
      policy, dryRun: dryRun, keeping: Set([needs?.snapshot].compactMap(\.self)),
      clock: context.storeClock)
    let runs = RunRecords(archive.store)
    let journals = try await runs.pruneJournals(
      now: context.surroundings.clock.now(), local: runs.folder(context), dryRun: dryRun,
      keeping: Set([needs?.run].compactMap(\.self)))
    switch context.options.output {
    case .json: context.surroundings.output(Self.json(report, journals).canonicalText)
    case .text: context.surroundings.output(text(report, journals.count, dryRun: dryRun))
    }
    return .done
  }

  /// What a failback needs, while the mesh runs elsewhere than in its primary. It is on hold, or is put
  /// on hold now: the mesh may have been switched by a meshdr that did not do so.
  private func needs(_ archive: Archive, dryRun: Bool) async throws -> FailbackHold.Needs? {
    let mesh = try context.meshFile()
    let side = try await ActiveSides(archive.store).current(of: mesh)
    let hold = FailbackHold(archive)
    guard let needs = try await hold.needs(side, of: mesh) else { return nil }
    guard !dryRun else { return needs }
    do {
      try await hold.put(
        needs.snapshot, region: side.region, run: needs.run, now: context.storeClock.now())
    } catch let error as ArchiveError where error.code == .notFound {
      context.tell("what a failback from \(side.region) begins with is gone: \(error)")
    }
    return needs
  }

  private static func json(_ report: PruneReport, _ journals: [String]) -> JSON {
    let decisions = report.decisions.map { decision -> JSON in
      [
        "snapshot": .string(decision.id), "recoveryPoint": .string(decision.time.description),
        "keptBy": JSON(decision.keptBy.map(\.rawValue)),
        "lockedUntil": decision.lockedUntil.map { .string($0.description) } ?? .null,
      ]
    }
    return [
      "decisions": .array(decisions), "removed": JSON(report.removedSnapshots),
      "packs": JSON(report.removedPacks.count), "bytes": JSON(report.freedBytes),
      "lockedPacks": JSON(report.lockedPacks.count), "underWay": JSON(report.underWay),
      "journals": JSON(journals),
    ]
  }

  private func text(_ report: PruneReport, _ journals: Int, dryRun: Bool) -> String {
    let removed = Set(report.removedSnapshots)
    var prune = ArchiveText.Prune(
      decisions: report.decisions.map { decision in
        // What was put on hold while the prune ran was to go, and did not.
        let until = decision.lockedUntil.map { " until \($0.description.prefix(10))" } ?? ""
        let rules = decision.keptBy.map { Self.words($0) + until }
        let late = decision.keptBy.isEmpty && !removed.contains(decision.id)
        return .init(
          id: decision.id, recoveryPoint: decision.time.description,
          rules: late ? [Self.words(.hold)] : rules)
      })
    prune.packs = report.removedPacks.count
    prune.bytes = report.freedBytes
    prune.lockedPacks = report.lockedPacks.count
    prune.underWay = report.underWay
    prune.isDryRun = dryRun
    prune.journals = journals
    return ArchiveText(style: context.style).prune(prune)
  }

  private static func words(_ rule: RetentionRule) -> String {
    switch rule {
    case .newestComplete: "newest complete"
    case .hold: "hold"
    default: rule.rawValue
    }
  }
}
