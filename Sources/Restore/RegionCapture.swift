import AWSAccess
import Capture
import MeshModel
import SnapshotStore

extension RestoreRun {
  /// What a capture holds in memory of records that are not yet packed, in bytes: less than a snapshot,
  /// for a plan is held beside it.
  private static let captureMemory = 32 << 20

  /// Captures every account that was entered into a snapshot that lasts as long as the run.
  /// - Parameter needsRights: whether an account counts as unread where the restorer is no
  ///   administrator, and so may not see all of it.
  func captureSecondary(needsRights: Bool = true) async throws -> CapturedSecondary {
    let folder =
      "\(tools.scratchDirectory)/\(job.mapping.region)-\(Int(tools.clock.seconds() * 1e6))"
    let archive = Archive(store: FolderStore(root: folder))
    let started = UTCTime(tools.clock.now()) ?? UTCTime(milliseconds: 0)
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: started, suffix: 0),
      scratchDirectory: tools.scratchDirectory)
    let engine = CaptureEngine(
      kinds: kinds, scratchDirectory: tools.scratchDirectory, observer: tools.observer,
      memory: Self.captureMemory)
    let errors = Guarded<[String: [CaptureError]]>([:])
    let hidden = Guarded<[String: String]>([:])
    try await forEachConcurrently(job.sites.values, limit: job.sites.count) { site in
      var found = try await engine.capture(site, into: writer).errors
      switch await Self.rights(at: site) {
      case .whole: break
      case .short(let sentence) where !needsRights:
        hidden.withLock { $0[site.account] = sentence }
      case .short(let sentence):
        found.append(CaptureError(code: "NotDataLakeAdministrator", message: sentence))
      case .unknown(let error): found.append(error)
      }
      if !found.isEmpty { errors.withLock { [found] in $0[site.account] = found } }
    }
    let found = errors.withLock(\.self)
    let manifest = try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "", mesh: job.reader.manifest.details.mesh, region: job.mapping.region,
        recoveryPoint: started, finished: UTCTime(tools.clock.now()) ?? started,
        accounts: capturedAccounts(found), meshFile: ""))
    let failures = found.sorted { $0.key < $1.key }.flatMap { account, errors in
      errors.map {
        RestoreResult.Failure(
          kind: "account", key: account, code: $0.code, message: "can't be read: \($0.message)")
      }
    }
    let unread = found.filter { $0.value.contains { !$0.isHarmless } }.keys
    return CapturedSecondary(
      reader: archive.reader(manifest), folder: folder, failures: failures, unread: Set(unread),
      hidden: hidden.withLock(\.self))
  }

  private func capturedAccounts(_ errors: [String: [CaptureError]]) -> [CapturedAccount] {
    let names = Dictionary(
      job.reader.manifest.details.accounts.map { (job.mapping.accounts[$0.id] ?? $0.id, $0.name) },
      uniquingKeysWith: { first, _ in first })
    return job.sites.keys.sorted().map { id in
      CapturedAccount(
        id: id, name: names[id] ?? "", complete: errors[id] == nil, errors: errors[id] ?? [])
    }
  }
}
