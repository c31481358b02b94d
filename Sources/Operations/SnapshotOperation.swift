import AWSAccess
import Capture
import GrantSnapshot
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr snapshot`: captures every account of the mesh into a sealed snapshot.
public struct SnapshotOperation: Sendable {
  private let context: MeshContext
  private let version: String

  /// - Parameter version: of this meshdr, for the manifest.
  public init(_ context: MeshContext, version: String) {
    self.context = context
    self.version = version
  }

  /// - Returns: `done`, or `partial` where an account could not be captured whole.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let mesh = try context.meshFile()
    let selected = try context.selectedAccounts(mesh)
    let archive = try context.archive()
    let session = try context.session()
    defer { session.shutdown() }
    return try await context.withScratchDirectory { scratch in
      try await run(mesh, selected, archive, session, scratch)
    }
  }

  /// Captures the primary as it is now, beside the store: to compare with.
  func captureAside(in scratch: String) async throws -> SnapshotReader {
    let mesh = try context.meshFile()
    let archive = Archive(store: FolderStore(root: "\(scratch)/live"))
    let session = try context.session()
    defer { session.shutdown() }
    let taken = try await take(
      mesh, try context.selectedAccounts(mesh), archive, session, scratch, previous: nil)
    let errors = taken.manifest.details.accounts.flatMap(\.errors).filter {
      $0.code != "NotSelected"
    }
    if let error = errors.first { throw CommandFailure(.failed, error.message) }
    return archive.reader(taken.manifest)
  }

  private func run(
    _ mesh: MeshFile, _ selected: [MeshFile.Account], _ archive: Archive, _ session: AWSSession,
    _ scratch: String
  ) async throws -> ExitCode {
    let start = context.surroundings.clock.seconds()
    let taken = try await take(
      mesh, selected, archive, session, scratch, previous: try await newest(of: mesh, in: archive))
    let seconds = context.surroundings.clock.seconds() - start
    report(taken.manifest, taken.packs, seconds: seconds)
    return taken.isWhole ? .done : .partial
  }

  private struct Taken: Sendable {
    let manifest: Manifest
    let packs: SnapshotWriter.Packs
    /// Whether every account that was asked for could be captured.
    let isWhole: Bool
  }

  private func take(
    _ mesh: MeshFile, _ selected: [MeshFile.Account], _ archive: Archive, _ session: AWSSession,
    _ scratch: String, previous: Manifest?
  ) async throws -> Taken {
    let clock = context.surroundings.clock
    let began = UTCTime(clock.now()) ?? UTCTime(milliseconds: 0)
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: began, suffix: context.surroundings.random()),
      scratchDirectory: scratch)
    let names = Dictionary(
      mesh.accounts.listed.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let progress = CaptureProgress(context, accounts: names)
    let captured = try await capture(selected, mesh, session, writer, scratch, progress)
    progress.finish()
    guard captured.contains(where: \.reached) else {
      throw CommandFailure(.failed, nothingCaptured(captured))
    }
    var details = SnapshotDetails(
      meshdrVersion: version, mesh: mesh.mesh, region: mesh.primary, recoveryPoint: began,
      finished: UTCTime(clock.now()) ?? began, accounts: describe(captured, mesh),
      meshFile: mesh.text)
    let selectedIDs = Set(selected.map(\.id))
    details.warnings = disappeared(writer, since: previous, in: selectedIDs, names: names)
    let manifest = try await writer.seal(details)
    return Taken(
      manifest: manifest, packs: writer.packs, isWhole: captured.allSatisfy(\.errors.isEmpty))
  }

  /// Every account of the mesh: also those that were left out.
  private func describe(_ captured: [Captured], _ mesh: MeshFile) -> [CapturedAccount] {
    mesh.accounts.listed.map { account in
      captured.first { $0.id == account.id }?.description(name: account.name)
        ?? CapturedAccount(
          id: account.id, name: account.name, complete: false,
          errors: [CaptureError(code: "NotSelected", message: "left out by --account")])
    }
  }

  /// What one account came to.
  private struct Captured: Sendable {
    let id: String
    let reached: Bool
    let errors: [CaptureError]

    func description(name: String) -> CapturedAccount {
      CapturedAccount(id: id, name: name, complete: errors.isEmpty, errors: errors)
    }
  }

  private func capture(
    _ accounts: [MeshFile.Account], _ mesh: MeshFile, _ session: AWSSession,
    _ writer: SnapshotWriter, _ scratch: String, _ progress: CaptureProgress
  ) async throws -> [Captured] {
    let sites = try await Sites(
      accounts.map(\.id), role: mesh.accounts.readerRole, region: mesh.primary, session: session)
    let engine = CaptureEngine(
      kinds: allKinds(mesh.capture), scratchDirectory: scratch, observer: progress)
    let results = Guarded<[Captured]>([])
    let refused = sites.refused.map { Captured(id: $0.key, reached: false, errors: [$0.value]) }
    results.withLock { $0 += refused }
    for account in refused { progress.refused(account.id) }
    try await forEachConcurrently(sites.entered.values, limit: max(sites.entered.count, 1)) {
      site in
      let rights = try await Self.rightsError(at: site)
      let errors = rights + (try await engine.capture(site, into: writer))
      results.withLock { $0.append(Captured(id: site.account, reached: true, errors: errors)) }
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

  private func newest(of mesh: MeshFile, in archive: Archive) async throws -> Manifest? {
    do {
      let manifest = try await archive.find("latest")
      let isSame = manifest.details.mesh == mesh.mesh && manifest.details.region == mesh.primary
      return isSame ? manifest : nil
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  private func nothingCaptured(_ captured: [Captured]) -> String {
    let reasons = captured.sorted { $0.id < $1.id }.flatMap { account in
      account.errors.map { "\n  \(account.id): \($0.code): \($0.message)" }
    }
    return "no account could be captured, so there is no snapshot:" + reasons.joined()
  }

  private func report(_ manifest: Manifest, _ packs: SnapshotWriter.Packs, seconds: Double) {
    let report = SnapshotReport(manifest, packs: packs, seconds: seconds)
    switch context.options.output {
    case .json: context.surroundings.output(report.json.canonicalText)
    case .text: context.surroundings.output(report.text(context.style))
    }
  }
}

extension SnapshotOperation {
  /// Kinds of which an account had records in an earlier snapshot and has none in this one. A
  /// right that was lost looks just like that.
  private func disappeared(
    _ writer: SnapshotWriter, since previous: Manifest?, in accounts: Set<String>,
    names: [String: String]
  ) -> [String] {
    guard let previous else { return [] }
    let now = ManifestPack.recordCounts(writer.manifestPacks)
    let before = ManifestPack.recordCounts(previous.packs)
    return before.sorted { $0.key < $1.key }.compactMap { place, count in
      guard accounts.contains(place.account), now[place] == nil else { return nil }
      let name = names[place.account].map { " \($0)" } ?? ""
      return "account \(place.account)\(name) has no \(place.kind) any more, where the snapshot "
        + "before had \(count): if nobody removed them, the reader may no longer see them"
    }
  }
}
