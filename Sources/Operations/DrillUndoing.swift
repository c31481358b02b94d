import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Restore
import SnapshotStore

// Everything that a drill made is taken away, and the region is proved to be as it was.

extension DrillOperation {
  private static let hangingKinds: Set<Kind> = [
    .settings, .database, .table, .lfTag, .lfTagExpression, .tagAssignment, .dataCellsFilter,
    .grant,
  ]
  private static let standingKinds: Set<Kind> = [
    .settings, .location, .database, .table, .userDefinedFunction, .lfTag, .tagAssignment, .grant,
  ]

  /// Takes away what stands under prefixes, puts settings back, and captures the region to prove it.
  /// What fails is in the report.
  /// - Parameters:
  ///   - before: the region as it was captured before; nil where only digests are known.
  ///   - start: the first entry of the drill's journal; empty where there is none.
  ///   - ownAccess: what the restorer may still have of what it granted itself.
  func undo(
    _ prefixes: [String], before: SnapshotReader?, _ start: [String: JSON],
    ownAccess: [RecordKey] = [], _ work: Work, _ report: inout DrillReport
  ) async throws {
    let clock = context.surroundings.clock
    let began = clock.seconds()
    work.place.progress.stage("undoing")
    var undoing = DrillReport.Undoing()
    if !prefixes.isEmpty {
      for (stage, kinds) in [
        (Clearing.Stage.hanging, Self.hangingKinds), (.standing, Self.standingKinds),
      ] {
        let cleared = try await clear(prefixes, stage, kinds, work)
        undoing.removed += cleared.actions.remove
        undoing.failures += cleared.failures
      }
    }
    let settings = Self.settings(start)
    let prover = run(work, WholeSnapshot(), isStoppable: false)
    undoing.failures += await prover.putBack(settings: settings)
    undoing.failures += await prover.giveBack(Set(ownAccess))
    work.place.progress.stage("proving that nothing is left")
    let after = try await prover.capture()
    undoing.failures += after.failures
    undoing.left = try await Clearing.leftovers(in: after.reader, of: prefixes).keys.map(\.text)
    if let before {
      undoing.changed = try await RegionProof.differences(before, after.reader).map(\.text)
    } else if let packs = start["packs"] {
      undoing.changed = RegionProof.differences(packs, after.reader)
    }
    undoing.changed.removeAll(where: Set(undoing.left).contains)
    undoing.seconds = clock.seconds() - began
    report.undoing = undoing
    let entry: [String: JSON] = ["left": JSON(undoing.left), "changed": JSON(undoing.changed)]
    let event = undoing.left.isEmpty && undoing.failures.isEmpty ? "end" : "stopped"
    let first = start.merging(Self.again(work)) { first, _ in first }
    try await work.runs.withJournal(work.id, start: first, context) { journal in
      try journal.write(event, entry)
    }
  }

  private static func again(_ work: Work) -> [String: JSON] {
    [
      "run": .string(work.id), "snapshot": .string(work.reader.manifest.id),
      "region": .string(work.region),
    ]
  }

  private func clear(
    _ prefixes: [String], _ stage: Clearing.Stage, _ kinds: Set<Kind>, _ work: Work
  ) async throws -> RestoreResult {
    let clearing = run(
      work, Clearing(prefixes, stage), kinds: kinds, isWhole: true, isStoppable: false)
    let plan = try await clearing.plan()
    return try await recovery.carryOut(
      clearing, plan, work.id, work.runs, ["undoing": JSON(prefixes)], end: nil)
  }

  private static func settings(_ start: [String: JSON]) -> [RecordKey: JSON] {
    let pairs = (start["settings"]?.object ?? [:]).compactMap { text, body in
      RecordKey(text).map { ($0, body) }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// `drill --clean`: what drills have left is found by their journals and by their marks.
  func clean(_ work: Work) async throws -> ExitCode {
    work.place.progress.stage("looking for what drills have left")
    let begun = try await work.runs.unfinishedDrills(in: work.region)
    let looking = run(work, WholeSnapshot())
    let region = try await looking.capture()
    let known = begun.compactMap { $0.start["prefix"]?.string }
    let found = try await Clearing.leftovers(in: region.reader, of: known)
    work.place.progress.clear()
    // Settings that several drills have changed one after the other are those before the first.
    let settings = begun.reduce(into: [String: JSON]()) { settings, drill in
      settings.merge(drill.start["settings"]?.object ?? [:]) { first, _ in first }
    }
    var start: [String: JSON] = ["settings": .object(settings), "prefix": JSON(found.prefixes)]
    if let first = begun.first { start["packs"] = first.start["packs"] }
    var report = DrillReport(prefix: found.prefixes.joined(separator: " "))
    if options.dryRun {
      report.undoing.left = found.keys.map(\.text)
    } else {
      try await undo(
        found.prefixes, before: nil, start, ownAccess: begun.flatMap(\.ownAccess), work, &report)
      for drill in begun where report.undoing.left.isEmpty && report.undoing.failures.isEmpty {
        try await work.runs.withJournal(drill.run, start: drill.start, context) {
          try $0.write("end", ["by": .string(work.id)])
        }
      }
    }
    return showCleaned(report, found.keys, work)
  }

  private func showCleaned(
    _ report: DrillReport, _ found: [RecordKey], _ work: Work
  ) -> ExitCode {
    let undoing = report.undoing
    switch context.options.output {
    case .json:
      let document: JSON = [
        "region": .string(work.region),
        "prefixes": JSON(report.prefix.split(separator: " ").map(String.init)),
        "found": JSON(found.map(\.text)), "removed": JSON(undoing.removed),
        "left": JSON(undoing.left), "changed": JSON(undoing.changed),
        "failures": .array(
          undoing.failures.map {
            ["key": .string($0.key), "code": .string($0.code), "message": .string($0.message)]
          }),
        "clean": .bool(undoing.isClean),
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(cleanedText(undoing, found, work.region))
    }
    guard !options.dryRun else { return .done }
    return undoing.left.isEmpty && undoing.failures.isEmpty ? .done : .partial
  }

  private func cleanedText(
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
    if undoing.left.isEmpty, undoing.failures.isEmpty {
      lines.append("Nothing of a drill is there now.")
    }
    if !undoing.changed.isEmpty {
      lines.append("Not as it was before the drill; somebody else may have changed it meanwhile:")
      lines += undoing.changed.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}

/// A drill that was begun and not undone.
struct UnfinishedDrill: Sendable {
  let run: String
  /// The first entry of its journal.
  let start: [String: JSON]
  /// What the restorer granted itself on what lives in the region. None of it was there before.
  let ownAccess: [RecordKey]
}

extension RunRecords {
  /// Drills of a region that were begun and not undone, the oldest first.
  /// - Throws: `ArchiveError`, the error of the file system.
  func unfinishedDrills(in region: String) async throws -> [UnfinishedDrill] {
    try await wholeJournals(of: ["drill"]).compactMap { run, entries in
      guard !entries.contains(where: { $0["event"]?.string == "end" }),
        let start = entries.first(where: { $0["event"]?.string == "start" && $0["prefix"] != nil }),
        start["region"]?.string == region
      else { return nil }
      let own = entries.filter { $0["event"]?.string == "own-access" }
        .flatMap { $0["keys"]?.strings ?? [] }
      return UnfinishedDrill(
        run: run, start: start.object ?? [:], ownAccess: own.compactMap { RecordKey($0) })
    }
  }
}
