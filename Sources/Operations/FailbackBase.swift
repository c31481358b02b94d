import CanonicalJSON
import MeshModel
import Restore
import SnapshotStore

/// What both sides of a failback began with: a snapshot, and how it was restored.
struct FailbackBase: Sendable {
  let manifest: Manifest
  /// The restore; nil where only a snapshot was named.
  let run: String?
  /// What it was limited to; empty for everything.
  var only: [Selector] = []
  /// By id or name; empty for all.
  var accounts: [String] = []
  /// What it had left otherwise than the snapshot has it, by its keys in the secondary: missing or different,
  /// beyond the snapshot, or with more access. Nobody did that during the outage, so it must not come home
  /// as if somebody had.
  var unrestored: Set<String> = []

  /// - Throws: `CommandFailure` where no restore is known that led to what is in the region, or not
  ///   what it had left undone; `ArchiveError`.
  init(
    _ options: FailbackOptions, _ region: String, _ active: ActiveSide, _ archive: Archive,
    _ runs: RunRecords
  ) async throws {
    if let snapshot = options.snapshot {
      manifest = try await archive.find(snapshot)
      run = nil
    } else {
      let known = active.region == region ? active.run : nil
      let result = try await runs.restore(options.run ?? known, into: region)
      manifest = try await archive.find(result.snapshot)
      run = result.run
      guard let verified = result.verified else {
        throw CommandFailure(
          .failed,
          "\(result.run) did not come to its verification: what it had restored is not known. Resume "
            + "it, name another restore with --run, or the snapshot that \(region) came from with "
            + "--snapshot")
      }
      try await runs.refuseOthers(since: result.run, into: region)
      unrestored = Set(
        verified.missing + verified.different + verified.extra + verified.widened)
      guard let start = try await runs.start(of: result.run) else {
        throw CommandFailure(
          .failed,
          "the journal of \(result.run) is not in the store, so it is not known whether it restored "
            + "everything. Where it did, name its snapshot: --snapshot \(result.snapshot)")
      }
      only = (start["only"]?.strings ?? []).compactMap { Selector($0) }
      accounts = start["accounts"]?.strings ?? []
    }
    guard manifest.details.region != region else {
      throw CommandFailure(
        .failed,
        "snapshot \(manifest.id) is of \(region) itself: name the one that was restored there with "
          + "--snapshot")
    }
  }
}

extension RunRecords {
  /// A restore that was killed has changed the region, and left no result that says how.
  /// - Throws: `CommandFailure` where there is one that began after `run`; `ArchiveError`.
  fileprivate func refuseOthers(since run: String, into region: String) async throws {
    let kept = try await ids()
    for journal in try await journals("restore", within: nil, of: "") {
      guard Self.began(journal.run) > Self.began(run) else { return }
      guard !kept.contains(where: { $0.hasPrefix(journal.run) }) else { continue }
      let start = try await journal.entries().first { $0["event"]?.string == "start" }
      guard start?["region"]?.string == region else { continue }
      throw CommandFailure(
        .failed,
        "\(journal.run) was begun after \(run) and has no result: what it changed in \(region) is not "
          + "known. Finish it with meshdr restore --resume, or name the snapshot that \(region) is to be "
          + "compared with: --snapshot")
    }
  }

  /// The newest result of a restore.
  /// - Parameter run: its id, or the start of one; nil for the newest into the region.
  /// - Throws: `CommandFailure` where there is none; `ArchiveError`.
  func restore(_ run: String?, into region: String) async throws -> RestoreResult {
    let ids = try await ids().filter { id in
      id.hasPrefix("restore-") && run.map(id.hasPrefix) ?? true
    }
    // Attempts of one run are told apart by a number, the highest being the last.
    let attempts = ids.sorted {
      (Self.began($0), Self.attempt($0)) > (Self.began($1), Self.attempt($1))
    }
    for id in attempts {
      let result = try RestoreResult(json: try await document(id))
      if result.region == region { return result }
    }
    throw CommandFailure(
      .failed,
      run.map { "\($0) is no restore into \(region) that this store has; `meshdr runs` lists them" }
        ?? "this store knows of no restore into \(region). If its catalog came there otherwise, name "
        + "the snapshot that it is like with --snapshot")
  }

  private static func began(_ id: String) -> String { String(time(id).prefix { $0 != "." }) }

  private static func attempt(_ id: String) -> Int {
    id.split(separator: ".").dropFirst().last.flatMap { Int($0) } ?? 1
  }
}
