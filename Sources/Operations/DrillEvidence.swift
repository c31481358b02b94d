import MeshModel
import SnapshotStore

// What the store knows besides: how old the catalog was, how far the data was behind, how earlier
// drills went.

extension DrillOperation {
  /// Adds what the store knows. What can't be read is a warning: it must not keep the drill's own
  /// record from being kept.
  /// - Throws: `ArchiveError` where the store does not answer.
  func addEvidence(
    to report: inout DrillReport, _ result: inout RestoreResult, _ runs: RunRecords
  ) async throws {
    report.catalogAge = Self.seconds(from: result.recoveryPoint, to: result.started)
    do {
      let measured = try await runs.rpo(in: result.region, before: result.started)
      report.dataLag = measured.map { DrillReport.DataLag($0, at: result.started) }
    } catch let error as ArchiveError where error.code == .damaged {
      result.warnings.append("how far the data was behind is not known: \(error)")
    }
    let (past, damaged) = try await runs.pastDrills(of: result.region)
    report.trend = past
    result.warnings += damaged.map { "an earlier drill is missing in the trend: \($0)" }
  }

  /// Nil where one of the two is no time.
  fileprivate static func seconds(from start: String, to end: String) -> Double? {
    guard let start = UTCTime(start), let end = UTCTime(end) else { return nil }
    return Double(end.milliseconds - start.milliseconds) / 1000
  }
}

extension DrillReport.DataLag {
  fileprivate init(_ measured: RPOResult, at time: String) {
    self.init(
      run: measured.run, started: measured.started,
      age: DrillOperation.seconds(from: measured.started, to: time), worst: measured.worstSeconds,
      products: measured.products.count,
      breached: measured.products.count { $0.status == .breach },
      unknown: measured.products.count { $0.status == .unknown })
  }
}

extension DrillReport.Past {
  /// What is told of a drill by those that come after it.
  fileprivate init(_ result: RestoreResult, id: String) {
    self.init(
      run: id, started: result.started, seconds: result.rto.seconds,
      actions: result.actions.done, met: result.metObjective)
    good = result.drill?.isGood
    isFull = result.drill?.isFull ?? false
    objective = result.rto.objectiveSeconds
    catalogAge = result.drill?.catalogAge
    dataLag = result.drill?.dataLag.flatMap { $0.isFresh ? $0.worst : nil }
  }
}

extension RunRecords {
  /// How many earlier drills a report tells of.
  private static let pastDrills = 12

  /// Earlier drills of a region, the oldest first, and what is wrong with records that can't be read.
  /// - Throws: `ArchiveError` where the store does not answer.
  func pastDrills(of region: String) async throws -> (past: [DrillReport.Past], damaged: [String]) {
    var past: [DrillReport.Past] = []
    var damaged: [String] = []
    for id in try await ids() where id.hasPrefix("drill-") {
      do {
        let result = try await find(id)
        guard result.region == region else { continue }
        past.append(DrillReport.Past(result, id: id))
        if past.count == Self.pastDrills { break }
      } catch let error as ArchiveError where error.code == .damaged {
        damaged.append(error.description)
      }
    }
    return (past.reversed(), damaged)
  }
}
