import AWSAccess
import Audit
import Capture
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// What a restore asks about itself while it looks at the secondary: the quick and decisive part of an
/// audit. What isn't answered in time stays unknown, and blocks nothing.
struct Preflight: Sendable {
  /// How long a restore that is ready waits for it, in seconds.
  private static let patience = 5.0

  private let task: Task<AuditReport, Never>

  /// Begins to ask, with clients of its own that do not try for long.
  init(
    _ context: MeshContext, _ mesh: MeshFile, _ reader: SnapshotReader, to region: String,
    accounts: [String]
  ) {
    self.init(context, mesh, reader, role: mesh.accounts.restorerRole, accounts: accounts) {
      var mapping = try await Mapping(of: reader, to: region)
      mesh.mapping.apply(to: &mapping)
      return mapping
    }
  }

  /// - Parameter mapping: what the accounts and principals of the mesh are in the secondary.
  init(
    _ context: MeshContext, _ mesh: MeshFile, _ reader: SnapshotReader, role: String?,
    accounts: [String], mapping: @escaping @Sendable () async throws -> Mapping
  ) {
    task = Task {
      do {
        return try await Self.report(context, mesh, reader, mapping(), role, accounts)
      } catch {
        return AuditReport([
          Finding(
            .note, "preflight-unknown", "the restore",
            "what it needs could not be checked beforehand: \(error)", remedy: "meshdr audit")
        ])
      }
    }
  }

  private static func report(
    _ context: MeshContext, _ mesh: MeshFile, _ reader: SnapshotReader, _ mapping: Mapping,
    _ role: String?, _ accounts: [String]
  ) async throws -> AuditReport {
    let session = try context.session(isHasty: true)
    defer { session.shutdown() }
    let sites = try await Sites(
      accounts.map { mapping.accounts[$0] ?? $0 }, role: role,
      region: mapping.to, session: session)
    var gathering = AuditGathering(
      context, mesh, session, secondary: mapping.to, restorers: sites.entered)
    try await gathering.digest(reader, mapping, kinds: DigestBuilder.decisiveKinds)
    await gathering.askWhatDecides()
    return AuditReport(gathering.facts, checks: preflightChecks)
  }

  /// What was found, without notes.
  func findings() async -> [Finding] {
    let limit = Task {
      try? await Task.sleep(for: .seconds(Self.patience))
      task.cancel()
    }
    let report = await task.value
    limit.cancel()
    return report.findings.filter { $0.severity != .note }
  }
}

extension RestoreOperation {
  /// Begins to check what the restore of the target needs.
  func preflight(_ target: RestoreOperation.Target) -> Preflight {
    let wanted = context.options.accounts
    let accounts = target.reader.manifest.details.accounts.filter {
      wanted.isEmpty || wanted.contains($0.id) || wanted.contains($0.name)
    }
    return Preflight(
      context, target.mesh, target.reader, to: target.region, accounts: accounts.map(\.id))
  }

  /// Tells what the check has found.
  /// - Throws: `CommandFailure` where that would leave the restore half done.
  func heed(_ preflight: Preflight?) async throws {
    guard let findings = await preflight?.findings(), !findings.isEmpty else { return }
    if !context.options.quiet {
      context.surroundings.diagnostics(AuditText(style: context.style).findings(findings))
    }
    let blockers = findings.count { $0.severity == .blocker }
    guard blockers > 0, !options.ignoreBlockers else { return }
    throw CommandFailure(
      .failed,
      "\(blockers) of these would leave the restore half done: mend them, or give "
        + "--ignore-blockers. Nothing was changed")
  }
}
