import Access
import CanonicalJSON
import Foundation
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr runs` and `meshdr report`: the evidence that is kept in the store.
public struct RunsOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// All runs, newest first.
  public func list() async throws -> ExitCode {
    let records = RunRecords(try context.archive().store)
    var rows: [RunRow] = []
    for id in try await records.ids() {
      rows.append(
        RunRecords.isMeasurement(id)
          ? RunRow(try await records.rpo(id)) : RunRow(try await records.find(id)))
    }
    switch context.options.output {
    case .json:
      let runs = rows.map(\.json)
      context.surroundings.output(JSON.object(["runs": .array(runs)]).canonicalText)
    case .text where rows.isEmpty:
      context.surroundings.output("no runs")
    case .text:
      for run in rows { context.surroundings.output(run.text) }
    }
    return .done
  }

  /// Writes the HTML report of a run and says where it is.
  /// - Parameter path: nil for `meshdr-report-RUN.html` in the working directory.
  public func report(_ reference: String, to path: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let result = try await RunRecords(archive.store).find(reference)
    let sharing = try await sharing(of: result, in: archive)
    let name = path ?? "meshdr-report-\(result.run).html"
    let file = context.surroundings.absolute(name)
    do {
      try Data(RestoreHTML.page(result, sharing: sharing).utf8).write(to: URL(filePath: file))
    } catch {
      throw CommandFailure(.failed, "the report can't be written to \(name): \(error)")
    }
    switch context.options.output {
    case .json:
      context.surroundings.output(
        JSON.object(["run": .string(result.run), "file": .string(file)]).canonicalText)
    case .text: context.surroundings.output(name)
    }
    return .done
  }

  /// Who shares what with whom in the run's snapshot; nil where that was pruned.
  private func sharing(
    of result: RestoreResult, in archive: Archive
  ) async throws -> SharingPicture? {
    do {
      let manifest = try await archive.find(result.snapshot)
      return try await SharingGraph(in: archive.reader(manifest)).picture(manifest)
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }
}

/// One line of the list of runs.
private struct RunRow {
  let json: JSON
  let text: String

  init(_ run: RestoreResult) {
    json = Self.json(
      run.run, run.command, run.snapshot, run.region, run.started, run.rto.seconds,
      run.metObjective)
    let seconds = JSON(run.rto.seconds, decimals: 1).canonicalText
    text = "\(run.run)  \(run.region)  \(seconds) s  RTO \(run.metObjective ? "met" : "MISSED")"
  }

  init(_ run: RPOResult) {
    json = Self.json(
      run.run, "rpo", run.snapshot, run.region, run.started, run.seconds, run.met)
    let worst = run.worstSeconds.map { JSON($0, decimals: 1).canonicalText + " s" } ?? "unknown"
    text = "\(run.run)  \(run.region)  \(worst)  RPO \(run.met ? "met" : "NOT MET")"
  }

  private static func json(
    _ run: String, _ command: String, _ snapshot: String, _ region: String, _ started: String,
    _ seconds: Double, _ met: Bool
  ) -> JSON {
    [
      "run": .string(run), "command": .string(command), "snapshot": .string(snapshot),
      "region": .string(region), "started": .string(started), "seconds": JSON(seconds),
      "met": .bool(met),
    ]
  }
}
