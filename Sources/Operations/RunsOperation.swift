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
    let rpo = try await measured(in: result.region, before: result.started, archive)
    return try write(
      RestoreHTML.page(result, sharing: sharing, rpo: rpo), of: ("run", result.run), to: path)
  }

  /// Writes the HTML report of a snapshot and says where it is.
  /// - Parameters:
  ///   - reference: as for every command that takes a snapshot.
  ///   - path: nil for `meshdr-report-ID.html` in the working directory.
  public func report(ofSnapshot reference: String, to path: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    let page = try await snapshotPage(manifest, archive)
    return try write(page, of: ("snapshot", manifest.id), to: path)
  }

  private func snapshotPage(_ manifest: Manifest, _ archive: Archive) async throws -> String {
    let details = manifest.details
    let reader = archive.reader(manifest)
    var page = SnapshotPage(SnapshotReport(manifest).summary, mesh: details.mesh)
    page.bytes = manifest.bytes
    page.listings = details.listings
    page.sharing = try await SharingGraph(in: reader).picture(manifest)
    if let secondary = try context.meshFile(orFrom: manifest).secondary {
      page.rpo = try await measured(
        in: secondary, before: details.finished.description, archive)
    }
    let earlier = try await archive.snapshots().filter {
      $0.mesh == details.mesh && $0.region == details.region
        && $0.recoveryPoint < details.recoveryPoint
    }
    page.trend = earlier.prefix(SnapshotPage.earlier).reversed().map { snapshot in
      SnapshotPage.Past(
        id: snapshot.id, recoveryPoint: snapshot.recoveryPoint.description,
        records: snapshot.records, bytes: snapshot.bytes, complete: snapshot.complete)
    }
    if let before = earlier.first(where: \.complete) {
      page.access = try await AccessOperation(context).changes(
        from: archive.reader(try await archive.find(before.id)), to: reader)
    }
    return SnapshotHTML.page(page)
  }

  private func write(
    _ page: String, of subject: (name: String, id: String), to path: String?
  ) throws -> ExitCode {
    let name = path ?? "meshdr-report-\(subject.id).html"
    let file = context.surroundings.absolute(name)
    do {
      try Data(page.utf8).write(to: URL(filePath: file))
    } catch {
      throw CommandFailure(.failed, "the report can't be written to \(name): \(error)")
    }
    switch context.options.output {
    case .json:
      context.surroundings.output(
        JSON.object([subject.name: .string(subject.id), "file": .string(file)]).canonicalText)
    case .text: context.surroundings.output(name)
    }
    return .done
  }

  /// How far the data was behind before a time. What can't be read is told, and keeps no report from
  /// being written.
  private func measured(
    in region: String, before time: String, _ archive: Archive
  ) async throws -> RPOResult? {
    do {
      return try await RunRecords(archive.store).rpo(in: region, before: time)
    } catch let error as ArchiveError where error.code == .damaged {
      context.surroundings.diagnostics(
        "the report does not tell how far the data was behind: \(error)")
      return nil
    }
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

extension SnapshotDetails {
  /// When the databases of all accounts were listed.
  fileprivate var listings: [SnapshotPage.Listing] {
    func seconds(_ time: UTCTime) -> Double {
      Double(time.milliseconds - recoveryPoint.milliseconds) / 1000
    }
    return accounts.flatMap { account in
      (account.databases ?? []).map {
        SnapshotPage.Listing(
          account: account.id, database: $0.name, start: seconds($0.began), end: seconds($0.ended))
      }
    }
  }
}
