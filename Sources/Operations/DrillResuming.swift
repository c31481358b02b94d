import CanonicalJSON
import MeshModel
import Restore
import SnapshotStore

// `drill --resume`: a drill that was killed goes on where it was.

extension DrillOperation {
  /// The drill that was killed last.
  /// - Throws: `ArchiveError` (`.notFound`) where none was.
  func interrupted(_ runs: RunRecords) async throws -> UnfinishedDrill {
    guard let begun = try await runs.unfinishedDrills(in: options.region).last else {
      throw ArchiveError(.notFound, "no drill was interrupted: there is nothing to resume")
    }
    return begun
  }

  /// A drill that somebody else may have ended meanwhile.
  /// - Throws: `ArchiveError` (`.notFound`) where somebody has.
  func unfinished(_ run: String, _ runs: RunRecords) async throws -> UnfinishedDrill {
    guard let begun = try await runs.unfinishedDrills(in: nil).first(where: { $0.run == run })
    else { throw ArchiveError(.notFound, "\(run) has ended: there is nothing to resume") }
    return begun
  }

  /// The same drill with the scope and the options of the one that is resumed.
  /// - Throws: `CommandFailure` (`.usage`) where the command line asks for another one.
  func continuing(_ begun: UnfinishedDrill) throws -> DrillOperation {
    func refuse(_ option: String) -> CommandFailure {
      CommandFailure(
        .usage,
        "--resume goes on with \(begun.run), which was begun without \(option) or with another: leave "
          + "\(option) out")
    }
    var (options, common) = (options, context.options)
    guard options.snapshot == "latest" || begun.snapshot.hasPrefix(options.snapshot) else {
      throw refuse("--snapshot")
    }
    guard !options.full || begun.begin.full != nil else { throw refuse("--full") }
    guard common.only.isEmpty || common.only.map(\.description) == begun.only else {
      throw refuse("--only")
    }
    guard common.accounts.isEmpty || common.accounts == begun.accounts else {
      throw refuse("--account")
    }
    guard options.query == nil || options.query == begun.begin.query else {
      throw refuse("--query")
    }
    options.region = begun.region
    options.snapshot = begun.snapshot
    options.full = begun.begin.full != nil
    options.query = begun.begin.query
    options.allowUnmapped = begun.begin.allowsUnmapped
    common.only = begun.only.compactMap { Selector($0) }
    common.accounts = begun.accounts
    return DrillOperation(MeshContext(common, context.surroundings), options)
  }

  /// What attempts before have done is part of the drill: their time, and what they changed. When nobody
  /// worked on it is no recovery time.
  func addEarlier(_ begun: UnfinishedDrill?, to result: inout RestoreResult) {
    guard let begun else { return }
    result.rto.detectionSeconds = 0
    for index in result.rto.phases.indices where result.rto.phases[index].name == "detect" {
      result.rto.phases[index].name = Self.earlier
    }
    for index in result.timeline.indices where result.timeline[index].phase == "detect" {
      result.timeline[index].phase = Self.earlier
    }
    let created = begun.done[.create, default: []]
    let changed = [Action.Step.prepare, .update, .settle].flatMap { begun.done[$0, default: []] }
    let removed = begun.done[.remove, default: []]
    result.actions.create += created.count
    result.actions.update += changed.count
    result.actions.remove += removed.count
    result.actions.unchanged = max(0, result.actions.unchanged - created.count)
    for key in created + changed + removed { result.changedByKind[key.kindName, default: 0] += 1 }
  }

  /// What the time of attempts that were killed is called.
  private static let earlier = "before"

  /// Writes down what was done, so that it is not done again.
  func keep(_ stage: Rehearsed, _ work: Work) async throws {
    let entry: [String: JSON] = [
      "result": stage.result.json, "checked": .bool(stage.isChecked),
    ]
    try await work.runs.withJournal(work.id, start: Self.again(work), context) { journal in
      try journal.write(Rehearsed.event, entry)
    }
  }

  /// What every part of a journal begins with.
  static func again(_ work: Work) -> [String: JSON] {
    [
      "run": .string(work.id), "snapshot": .string(work.reader.manifest.id),
      "region": .string(work.region),
    ]
  }
}
