import CanonicalJSON
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr active`: which region the mesh runs in, shown or switched.
///
/// Switching changes nothing in AWS. It only says, for every machine that uses the store, which side
/// must not be overwritten from here on.
public struct ActiveOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// - Parameter region: the side to make the active one; nil to show which is.
  /// - Throws: what `CommandFailure` maps; exit code 2 for a region that is none of the mesh.
  public func run(_ region: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let mesh = try await context.meshFile(orFromNewestOf: archive)
    let sides = ActiveSides(archive.store)
    let before = try await sides.current(of: mesh)
    guard let region, region != before.region else {
      show(before, mesh, changed: false, held: nil, warnings: [])
      return .done
    }
    let records = RunRecords(archive.store)
    let newest = try await newestRun(into: region, records)
    guard [mesh.primary, mesh.secondary].contains(region) || newest != nil else {
      let known = [mesh.primary, mesh.secondary].compactMap(\.self).joined(separator: " and ")
      throw CommandFailure(
        .usage,
        "\(region) is no region of this mesh, which has \(known), and nothing was restored there; "
          + "the active side stays \(before.region)")
    }
    var warnings = warnings(newest, region, mesh)
    let held = await hold(archive, newest, region, mesh, &warnings)
    let side = try await sides.activate(
      region, run: newest?.run, now: context.surroundings.clock.now())
    show(side, mesh, changed: true, held: held, warnings: warnings)
    return .done
  }

  /// Keeps what the way home will begin with. That it can't be kept must not hold up a failover.
  /// - Returns: the snapshot that is on hold for it.
  private func hold(
    _ archive: Archive, _ newest: RestoreResult?, _ region: String, _ mesh: MeshFile,
    _ warnings: inout [String]
  ) async -> String? {
    let hold = FailbackHold(archive)
    guard region != mesh.primary else {
      let held = (try? await archive.automaticHolds()) ?? []
      warnings += held.map {
        "snapshot \($0) stays on hold for a failback: `meshdr release \($0)` when nothing is to be "
          + "brought home any more"
      }
      return nil
    }
    guard let newest else { return nil }
    do {
      try await hold.put(
        newest.snapshot, region: region, run: newest.run, now: context.storeClock.now())
      return newest.snapshot
    } catch {
      warnings.append(
        "snapshot \(newest.snapshot), which a failback from \(region) begins with, could not be put on "
          + "hold: \(error)")
      return nil
    }
  }

  private func newestRun(into region: String, _ records: RunRecords) async throws -> RestoreResult?
  {
    for id in try await records.ids() where !id.hasPrefix("drill-") && !id.hasPrefix("rpo-") {
      let result = try await records.find(id)
      if result.region == region { return result }
    }
    return nil
  }

  private func warnings(_ run: RestoreResult?, _ region: String, _ mesh: MeshFile) -> [String] {
    guard region != mesh.primary else { return [] }
    guard let run else { return ["nothing that this store knows of was restored in \(region)"] }
    guard run.interrupted || !run.failures.isEmpty || run.verified?.isGood != true else {
      return []
    }
    return ["the newest run there, \(run.run), did not end with everything as it should be"]
  }

  private func show(
    _ side: ActiveSide, _ mesh: MeshFile, changed: Bool, held: String?, warnings: [String]
  ) {
    switch context.options.output {
    case .json:
      var document = side.json
      document["primary"] = .string(mesh.primary)
      document["secondary"] = mesh.secondary.map(JSON.string) ?? .null
      document["changed"] = .bool(changed)
      document["held"] = held.map(JSON.string) ?? .null
      document["warnings"] = JSON(warnings)
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(
        StatusText(style: context.style).active(
          mesh: mesh.mesh, region: side.region, since: side.since, run: side.run))
      if let held {
        context.surroundings.output(
          "Snapshot \(held) is on hold until the failback, which begins with it.")
      }
      for warning in warnings { context.surroundings.diagnostics("warning: \(warning)") }
    }
  }
}

extension ActiveSide {
  var json: JSON {
    [
      "region": .string(region), "since": since.map(JSON.string) ?? .null,
      "run": run.map(JSON.string) ?? .null,
    ]
  }
}

extension MeshContext {
  /// The mesh file, or the one in the newest snapshot that can be read.
  /// - Throws: `CommandFailure` and `MeshFileError` with exit code 2, `ArchiveError`.
  func meshFile(orFromNewestOf archive: Archive) async throws -> MeshFile {
    if let mesh = try meshFileIfPresent() { return mesh }
    let readable = try await archive.snapshots().filter { $0.damage == nil }
    if readable.isEmpty { return try meshFile() }
    let newest = try await archive.find(readable[0].id)
    return try meshFile(orFrom: newest)
  }
}
