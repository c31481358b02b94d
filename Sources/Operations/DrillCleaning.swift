import CanonicalJSON
import MeshFile
import MeshModel
import Restore
import SnapshotStore

// `drill --clean`: what drills have left is found by their journals and by their marks, and taken away.

/// What cleaning has found and come to.
private struct Cleaned: Sendable {
  var prefixes: [String] = []
  var found: [RecordKey] = []
  var undoing = DrillReport.Undoing()

  mutating func add(_ keys: [RecordKey], _ other: DrillReport.Undoing) {
    found += keys
    undoing.removed += other.removed
    undoing.left += other.left
    undoing.changed += other.changed
    undoing.failures += other.failures
  }
}

extension DrillOperation {
  /// - Returns: `done`; `partial` where something is left, or could not be read.
  func clean(_ archive: Archive, _ runs: RunRecords) async throws -> ExitCode {
    let manifest = try await archive.find(options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    let region = try region(mesh)
    let id = recovery.runID()
    var cleaned = Cleaned()
    for drill in try await runs.unfinishedDrills(in: region) where drill.begin.full != nil {
      let captured = (try? await archive.find(drill.snapshot)) ?? manifest
      try await continuing(drill).clean(
        drill, mesh, archive.reader(captured), id, runs, &cleaned)
    }
    let reader = archive.reader(manifest)
    let beside = try await recovery.working(in: region, run: id, runs, isHeld: !options.dryRun) {
      place in
      try await cleanBeside(
        try await enter(mesh, reader, region, runs, id, place, nil, nil))
    }
    cleaned.prefixes = beside.prefixes
    cleaned.add(beside.found, beside.undoing)
    return show(cleaned, region)
  }

  /// What a full drill has left in its accounts.
  private func clean(
    _ drill: UnfinishedDrill, _ mesh: MeshFile, _ reader: SnapshotReader, _ id: String,
    _ runs: RunRecords, _ cleaned: inout Cleaned
  ) async throws {
    let hold = FullScope.hold(drill.region, isFull: true)
    let part = try await recovery.working(in: hold, run: id, runs, isHeld: !options.dryRun) {
      place in
      let work = try await enter(
        mesh, reader, drill.region, runs, id, place, drill.begin.full, drill)
      work.place.progress.stage("looking for what drills have left")
      let rehearsal = try await rehearsal(work)
      var part = Cleaned()
      guard case .apart(_, let footprint) = rehearsal.ground else { return part }
      let region = try await run(work, WholeSnapshot()).capture()
      let ground = DrillGround(standing: drill.begin.standing)
      let found = try await ground.differences(region.reader, footprint, allKinds(.none))
      work.place.progress.clear()
      var report = DrillReport(prefix: "")
      if options.dryRun {
        report.undoing.left = found.left.map(\.text)
      } else {
        try await undo(rehearsal, drill.begin, before: nil, work, &report)
        if report.undoing.isUndone { try await end(drill, work) }
      }
      part.add(found.left, report.undoing)
      return part
    }
    cleaned.add(part.found, part.undoing)
  }

  private func end(_ drill: UnfinishedDrill, _ work: Work) async throws {
    try await work.runs.withJournal(drill.run, start: drill.start, context) {
      try $0.write("end", ["by": .string(work.id)])
    }
  }

  /// What drills under prefixes have left.
  private func cleanBeside(_ work: Work) async throws -> Cleaned {
    work.place.progress.stage("looking for what drills have left")
    let begun = try await work.runs.unfinishedDrills(in: work.region).filter {
      $0.begin.full == nil
    }
    let region = try await run(work, WholeSnapshot()).capture()
    let known = begun.map(\.begin.prefix).filter { !$0.isEmpty }
    let found = try await Clearing.leftovers(in: region.reader, of: known)
    work.place.progress.clear()
    var report = DrillReport(prefix: "")
    if options.dryRun {
      report.undoing.left = found.keys.map(\.text)
    } else {
      var start = begun.first?.begin ?? DrillStart(json: [:])
      // Settings that several drills have changed one after the other are those before the first.
      start.settings = begun.reduce(into: [:]) { settings, drill in
        settings.merge(drill.begin.settings) { first, _ in first }
      }
      try await undo(
        found.prefixes, before: nil, start, ownAccess: begun.flatMap(\.ownAccess), work, &report)
      for drill in begun where report.undoing.isUndone { try await end(drill, work) }
    }
    var cleaned = Cleaned(prefixes: found.prefixes)
    cleaned.add(found.keys, report.undoing)
    return cleaned
  }
}

// MARK: - What is shown

extension DrillOperation {
  private func show(_ cleaned: Cleaned, _ region: String) -> ExitCode {
    let undoing = cleaned.undoing
    switch context.options.output {
    case .json:
      let document: JSON = [
        "region": .string(region), "prefixes": JSON(cleaned.prefixes),
        "found": JSON(cleaned.found.map(\.text)), "removed": JSON(undoing.removed),
        "left": JSON(undoing.left), "changed": JSON(undoing.changed),
        "failures": .array(
          undoing.failures.map {
            ["key": .string($0.key), "code": .string($0.code), "message": .string($0.message)]
          }),
        "clean": .bool(undoing.isClean),
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(text(undoing, cleaned.found, region))
    }
    guard !options.dryRun else { return .done }
    return undoing.isUndone ? .done : .partial
  }

  private func text(
    _ undoing: DrillReport.Undoing, _ found: [RecordKey], _ region: String
  ) -> String {
    var lines = [
      found.isEmpty
        ? "No drill has left anything in \(region)."
        : "Drills have left \(found.count) records in \(region)."
    ]
    if options.dryRun { return (lines + found.map { "  \($0)" }).joined(separator: "\n") }
    if undoing.removed > 0 {
      lines.append("\(undoing.removed) were taken away by themselves, the rest with them.")
    }
    lines += undoing.failures.map { "failed: \($0.key): \($0.code): \($0.message)" }
    lines += undoing.left.map { "still there: \($0)" }
    if undoing.isUndone {
      lines.append("Nothing of a drill is there now.")
    }
    if !undoing.changed.isEmpty {
      lines.append("Not as it was before the drill; somebody else may have changed it meanwhile:")
      lines += undoing.changed.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}
