import AWSAccess
import Capture
import GrantSnapshot
import MeshFile
import MeshModel
import SnapshotStore

/// Captures a shard's share of the mesh into packs, or all of it.
struct PartCapture: Sendable {
  let context: MeshContext
  /// Of this meshdr.
  let version: String
  let scope: CaptureScope
  let session: AWSSession
  let sites: Sites
  let scratch: String
  /// The only one of one for everything.
  let shard: Shard
  /// What `--only` limits the capture to; nil for everything.
  let limit: CaptureLimit?

  init(
    _ context: MeshContext, version: String, scope: CaptureScope, session: AWSSession,
    scratch: String, shard: Shard, limit: CaptureLimit? = nil
  ) async throws {
    self.context = context
    self.version = version
    self.scope = scope
    self.session = session
    self.scratch = scratch
    self.shard = shard
    self.limit = limit
    sites = try await Sites(
      scope.selected.map(\.id), role: scope.mesh.accounts.readerRole, region: scope.mesh.primary,
      session: session)
  }

  /// - Parameters:
  ///   - writer: takes the packs.
  ///   - began: when the capture began.
  ///   - previous: a snapshot of about as many records; nil where there is none.
  /// - Throws: `CommandFailure` where no account could be entered, `ArchiveError` where the store
  ///   fails, `CancellationError`.
  func run(
    into writer: SnapshotWriter, began: UTCTime, previous: Manifest? = nil
  ) async throws -> SnapshotPart {
    let selected = Set(scope.selected.map(\.id))
    let progress = CaptureProgress(
      context, accounts: scope.names.filter { selected.contains($0.key) },
      expected: previous.map { Self.records(in: $0, of: selected) })
    let captured = try await capture(into: writer, progress)
    progress.finish()
    guard captured.contains(where: \.reached) else {
      throw CommandFailure(.failed, Self.nothingCaptured(captured))
    }
    let mesh = scope.mesh
    return SnapshotPart(
      snapshot: writer.id, shard: shard, meshdrVersion: version, mesh: mesh.mesh,
      region: mesh.primary, began: began, finished: context.storeClock.now(),
      accounts: accounts(captured), meshFile: mesh.text, warnings: scope.warnings,
      packs: writer.manifestPacks, written: writer.packs)
  }

  private static func records(in manifest: Manifest, of accounts: Set<String>) -> Int {
    ManifestPack.recordCounts(manifest.packs).reduce(0) { sum, count in
      accounts.contains(count.key.account) ? sum + count.value : sum
    }
  }

  /// Every account of the mesh: also those that were left out.
  private func accounts(_ captured: [SnapshotPart.Account]) -> [SnapshotPart.Account] {
    scope.accounts.map { account in
      captured.first { $0.id == account.id }
        ?? SnapshotPart.Account(id: account.id, name: account.name, selected: false)
    }
  }

  private func capture(
    into writer: SnapshotWriter, _ progress: CaptureProgress
  ) async throws -> [SnapshotPart.Account] {
    let engine = CaptureEngine(
      kinds: allKinds(scope.mesh.capture), scratchDirectory: scratch, observer: progress,
      relisting: Relisting(now: context.storeClock.now), limit: limit,
      shard: shard.count == 1 ? nil : shard, hasRoom: { session.hasRoom })
    let names = scope.names
    let results = Guarded<[SnapshotPart.Account]>([])
    for (id, error) in sites.refused {
      var account = SnapshotPart.Account(id: id, name: names[id] ?? "")
      account.errors = [error]
      results.withLock { [account] results in results.append(account) }
      progress.refused(id)
    }
    try await forEachConcurrently(sites.entered.values, limit: max(sites.entered.count, 1)) {
      site in
      var account = SnapshotPart.Account(id: site.account, name: names[site.account] ?? "")
      account.reached = true
      if engine.takes(PackGroup(account: site.account)) {
        account.shortcomings = try await Self.rightsError(at: site)
      }
      account.take(try await engine.capture(site, into: writer))
      results.withLock { [account] results in results.append(account) }
      progress.captured(site.account)
    }
    return results.withLock(\.self)
  }

  private static func rightsError(at site: Site) async throws -> [CaptureError] {
    do {
      guard let shortcoming = try await ReaderRights.shortcoming(at: site) else { return [] }
      return [CaptureError(code: "NotDataLakeAdministrator", message: shortcoming)]
    } catch let failure as AWSFailure {
      return [
        CaptureError(
          operation: failure.operation, code: failure.code, message: failure.message)
      ]
    }
  }

  private static func nothingCaptured(_ captured: [SnapshotPart.Account]) -> String {
    let reasons = captured.sorted { $0.id < $1.id }.flatMap { account in
      account.errors.map { "\n  \(account.id): \($0.code): \($0.message)" }
    }
    return "no account could be captured, so there is no snapshot:" + reasons.joined()
  }
}

extension SnapshotPart.Account {
  fileprivate mutating func take(_ capture: SiteCapture) {
    errors = capture.accountErrors
    databaseErrors = capture.databaseErrors
    databases = capture.databases
    moving = capture.moving
  }
}
