import Capture
import MeshFile
import SnapshotStore

/// Makes a snapshot of all that was captured for it, by one machine or by many.
struct Sealing: Sendable {
  let parts: JoinedParts
  /// The accounts that can be asked what became of what is no longer listed.
  let sites: [String: Site]
  /// The snapshot before; nil if there is none.
  let previous: SnapshotReader?
  /// What `--only` limited the capture to; nil for everything.
  var limit: CaptureLimit?
  /// Measures how fresh the data is beside it; nil where that was not asked for.
  var freshness: SnapshotFreshness?

  /// - Parameters:
  ///   - writer: has all packs.
  ///   - conditions: who signs, and what is to be said of the stores.
  /// - Throws: `ArchiveError`, `CancellationError`.
  func seal(
    _ writer: SnapshotWriter, _ conditions: SnapshotOperation.Conditions
  ) async throws -> Manifest {
    var details = SnapshotDetails(
      meshdrVersion: parts.meshdrVersion, mesh: parts.mesh, region: parts.region,
      recoveryPoint: parts.began, finished: parts.finished, accounts: [],
      meshFile: parts.meshFile)
    let listed = Set(parts.accounts.filter(\.isListed).map(\.id))
    let findings = try await Disappearances(
      before: previous, now: writer.reader(details),
      sites: sites.filter { listed.contains($0.key) },
      names: Dictionary(parts.accounts.map { ($0.id, $0.name) }) { first, _ in first },
      limit: limit
    ).findings()
    details.warnings =
      conditions.warnings + parts.warnings + findings.warnings + MovingWarnings.of(parts.accounts)
    if let limit {
      details.warnings.insert(Self.warning(of: limit), at: 0)
      details.warnings += limit.selectors.filter { !$0.isFound(in: writer.manifestPacks) }.map {
        "--only \($0): there is no such database in the accounts that were captured"
      }
    }
    details.accounts = parts.accounts.map { $0.description(findings, limit) }
    if let freshness {
      let summary = try await freshness.summary(of: writer.reader(details))
      details.rpo = summary.json
      if let problem = summary.problem {
        details.warnings.append("how fresh the data is could not be measured: \(problem)")
      }
    }
    return try await writer.seal(details, signer: conditions.signer)
  }

  private static func warning(of limit: CaptureLimit) -> String {
    let only = limit.selectors.map(\.description).joined(separator: ", ")
    return "this snapshot is limited by --only to \(only): it is not complete, and is never taken "
      + "for the latest one"
  }
}

extension SnapshotPart.Account {
  /// What is known to be there and was not listed makes a capture incomplete, and so does asking only
  /// for a part.
  fileprivate func description(
    _ findings: Disappearances.Findings, _ limit: CaptureLimit?
  ) -> CapturedAccount {
    guard selected else {
      return CapturedAccount(
        id: id, name: name, complete: false,
        errors: [
          CaptureError(code: SnapshotOperation.notSelected, message: "left out by --account")
        ])
    }
    var errors = allErrors
    if let count = findings.hidden[id] {
      errors.append(
        CaptureError(
          code: "HiddenFromReader",
          message: "\(count) databases or tables are there and not listed (see the warnings)"))
    }
    if let limit, reached {
      let only = limit.selectors.map(\.description).joined(separator: ", ")
      errors.append(
        CaptureError(
          code: SnapshotOperation.limited, message: "left out by --only: all but \(only)"))
    }
    return CapturedAccount(
      id: id, name: name, complete: errors.isEmpty, errors: errors, databases: databases,
      moving: moving)
  }
}

extension Manifest {
  /// Whether every account that was asked for could be captured.
  var isWhole: Bool { details.accounts.allSatisfy(\.failures.isEmpty) }
}
