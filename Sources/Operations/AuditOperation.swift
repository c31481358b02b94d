import AWSAccess
import Audit
import CanonicalJSON
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr audit`: is this mesh ready to be recovered? Asks, and changes nothing.
public struct AuditOperation: Sendable {
  private let context: MeshContext
  private let region: String?

  /// - Parameter region: nil for the mesh file's secondary.
  public init(_ context: MeshContext, region: String?) {
    self.context = context
    self.region = region
  }

  /// - Returns: `objectiveMissed` where there is a blocker.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await newest(in: archive)
    let mesh = try manifest.map(context.meshFile(orFrom:)) ?? context.meshFile()
    guard let region = region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    guard region != mesh.primary else {
      throw CommandFailure(.usage, "\(region) is the region that the mesh runs in")
    }
    let session = try context.session(isHasty: true)
    defer { session.shutdown() }
    var gathering = AuditGathering(context, mesh, session, secondary: region)
    if let manifest {
      try await gathering.digest(manifest, in: archive)
      gathering.facts.snapshot?.newerIncomplete = try await newerIncomplete(than: manifest, archive)
    }
    gathering.facts.stores = await StoreWarnings.facts(of: archive)
    try await gathering.enterAccounts(manifest)
    await gathering.askEverything()
    let report = AuditReport(gathering.facts)
    show(report, mesh, region, manifest)
    return report.isReady ? .done : .objectiveMissed
  }

  /// Nil where there is no complete snapshot.
  private func newest(in archive: Archive) async throws -> Manifest? {
    do {
      return try await archive.find("latest")
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  private func newerIncomplete(
    than manifest: Manifest, _ archive: Archive
  ) async throws -> SnapshotFacts.Incomplete? {
    let newest = try await archive.snapshots().first { $0.damage == nil }
    guard let newest, newest.id != manifest.id, !newest.complete,
      newest.recoveryPoint > manifest.details.recoveryPoint
    else { return nil }
    let details = try await archive.find(newest.id).details
    let reasons = details.accounts.filter { !$0.complete }.map { account in
      let error = account.errors.first
      return "\(account.id) \(account.name): \(error.map { "\($0.code): \($0.message)" } ?? "")"
    }
    return .init(id: newest.id, reasons: reasons)
  }

  private func show(
    _ report: AuditReport, _ mesh: MeshFile, _ region: String, _ manifest: Manifest?
  ) {
    switch context.options.output {
    case .json:
      context.output([
        "mesh": .string(mesh.mesh), "region": .string(region),
        "snapshot": manifest.map { .string($0.id) } ?? .null, "ready": .bool(report.isReady),
        "findings": .array(report.findings.map(\.json)),
      ])
    case .text:
      let text = AuditText(style: context.style)
      context.surroundings.output(
        text.page(
          report.findings, mesh: mesh.mesh, region: region, snapshot: manifest?.id,
          verbose: context.options.verbose))
    }
  }
}
