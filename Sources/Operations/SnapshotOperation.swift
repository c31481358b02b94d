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
    try context.checkKinds(allKinds(mesh.capture).map(\.kind))
    let archive = try context.archive()
    let session = try context.session()
    defer { session.shutdown() }
    let conditions = try await conditions(mesh, archive, session)
    let previous = try await newest(of: mesh, in: archive)
    let scope = try await context.captureScope(mesh, session, previous: previous)
    return try await context.withScratchDirectory { scratch in
      let start = context.surroundings.clock.seconds()
      let taken = try await take(
        scope, archive, session, scratch, previous: previous.map(archive.reader),
        conditions, only: context.options.only, clock: context.storeClock)
      let seconds = context.surroundings.clock.seconds() - start
      report(taken.manifest, taken.packs, seconds: seconds)
      return taken.isWhole ? .done : .partial
    }
  }

  /// Captures the primary as it is now, beside the store: to compare with.
  /// - Parameter only: what is captured; nothing for everything.
  /// - Returns: a snapshot that lasts as long as the folder; its manifest says what failed.
  func captureAside(
    in scratch: String, previous: Manifest, only: [Selector]
  ) async throws -> SnapshotReader {
    try await captureAside(
      in: scratch, mesh: try context.meshFile(orFrom: previous), previous: previous, only: only)
  }

  /// The same by a mesh file that is at hand.
  /// - Parameter previous: the snapshot before, if there is one.
  func captureAside(
    in scratch: String, mesh: MeshFile, previous: Manifest? = nil, only: [Selector] = []
  ) async throws -> SnapshotReader {
    let archive = Archive(store: FolderStore(root: "\(scratch)/live"))
    let session = try context.session()
    defer { session.shutdown() }
    let scope = try await context.captureScope(mesh, session, previous: previous)
    let taken = try await take(
      scope, archive, session, scratch, previous: nil, Conditions(), only: only)
    return archive.reader(taken.manifest)
  }

  private struct Taken: Sendable {
    let manifest: Manifest
    let packs: SnapshotWriter.Packs
    /// Whether every account that was asked for could be captured.
    let isWhole: Bool
  }

  /// What holds for a snapshot besides what is captured.
  private struct Conditions: Sendable {
    var signer: (any ManifestSigner)?
    var warnings: [String] = []
  }

  /// Asks, before anything is captured, for what would keep the snapshot from being sealed.
  private func conditions(
    _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession
  ) async throws -> Conditions {
    var conditions = Conditions()
    if let mirror = archive.store as? MirroredStore { _ = try await mirror.catchUp() }
    conditions.warnings = try await StoreWarnings.stores(of: archive, in: mesh.primary)
    if let signing = mesh.signing { conditions.signer = try await KMSSigner(signing, session) }
    return conditions
  }

  private func take(
    _ scope: CaptureScope, _ archive: Archive, _ session: AWSSession, _ scratch: String,
    previous: SnapshotReader?, _ conditions: Conditions, only: [Selector],
    clock storeClock: StoreClock? = nil
  ) async throws -> Taken {
    let clock = context.surroundings.clock
    let mesh = scope.mesh
    let began = UTCTime(clock.now()) ?? UTCTime(milliseconds: 0)
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: began, suffix: context.surroundings.random()),
      scratchDirectory: scratch, clock: storeClock)
    let kinds = allKinds(mesh.capture)
    let limit = CaptureLimit(only, among: kinds)
    let selected = Set(scope.selected.map(\.id))
    let progress = CaptureProgress(
      context, accounts: scope.names.filter { selected.contains($0.key) },
      expected: limit == nil ? previous.map { Self.records(in: $0.manifest, of: selected) } : nil)
    let sites = try await Sites(
      scope.selected.map(\.id), role: mesh.accounts.readerRole, region: mesh.primary,
      session: session)
    var captured = try await capture(
      kinds, sites, session, writer, scratch, progress, limit)
    progress.finish()
    guard captured.contains(where: \.reached) else {
      throw CommandFailure(.failed, nothingCaptured(captured))
    }
    var details = SnapshotDetails(
      meshdrVersion: version, mesh: mesh.mesh, region: mesh.primary, recoveryPoint: began,
      finished: UTCTime(clock.now()) ?? began, accounts: [], meshFile: mesh.text)
    let findings = try await Disappearances(
      before: previous, now: writer.reader(details),
      sites: sites.entered.filter { site in captured.contains { $0.id == site.key && $0.listed } },
      names: scope.names, limit: limit
    ).findings()
    details.warnings =
      conditions.warnings + scope.warnings + findings.warnings
      + MovingWarnings.of(captured.map(\.site))
    for index in captured.indices { captured[index].note(findings) }
    let isWhole = captured.allSatisfy(\.errors.isEmpty)
    if let limit {
      details.warnings.insert(Self.warning(of: limit), at: 0)
      details.warnings += limit.selectors.filter { !$0.isFound(in: writer.manifestPacks) }.map {
        "--only \($0): there is no such database in the accounts that were captured"
      }
      for index in captured.indices { captured[index].note(limit) }
    }
    details.accounts = describe(captured, scope)
    let manifest = try await writer.seal(details, signer: conditions.signer)
    return Taken(manifest: manifest, packs: writer.packs, isWhole: isWhole)
  }

  private static func records(in manifest: Manifest, of accounts: Set<String>) -> Int {
    ManifestPack.recordCounts(manifest.packs).reduce(0) { sum, count in
      accounts.contains(count.key.account) ? sum + count.value : sum
    }
  }

  /// Every account of the mesh: also those that were left out.
  private func describe(_ captured: [Captured], _ scope: CaptureScope) -> [CapturedAccount] {
    scope.accounts.map { account in
      captured.first { $0.id == account.id }?.description(name: account.name)
        ?? CapturedAccount(
          id: account.id, name: account.name, complete: false,
          errors: [CaptureError(code: Self.notSelected, message: "left out by --account")])
    }
  }

  /// The code of an account that nobody tried to capture.
  static let notSelected = "NotSelected"

  /// The code of an account of which `--only` left something out. It is another one: of what was
  /// captured, grants and tags may be missing.
  static let limited = "Limited"

  private static func warning(of limit: CaptureLimit) -> String {
    let only = limit.selectors.map(\.description).joined(separator: ", ")
    return "this snapshot is limited by --only to \(only): it is not complete, and is never taken "
      + "for the latest one"
  }

  /// What one account came to.
  private struct Captured: Sendable {
    let id: String
    let reached: Bool
    /// Whether every listing came to its end. What is missing otherwise is explained by that.
    var listed = false
    var errors: [CaptureError]
    var site = SiteCapture()

    func description(name: String) -> CapturedAccount {
      CapturedAccount(
        id: id, name: name, complete: errors.isEmpty, errors: errors, databases: site.databases,
        moving: site.moving)
    }

    /// An account of which only a part was asked for is not captured whole.
    mutating func note(_ limit: CaptureLimit) {
      guard reached else { return }
      let only = limit.selectors.map(\.description).joined(separator: ", ")
      errors.append(
        CaptureError(
          code: SnapshotOperation.limited, message: "left out by --only: all but \(only)"))
    }

    /// What is known to be there and was not listed makes a capture incomplete.
    mutating func note(_ findings: Disappearances.Findings) {
      guard let count = findings.hidden[id] else { return }
      errors.append(
        CaptureError(
          code: "HiddenFromReader",
          message: "\(count) databases or tables are there and not listed (see the warnings)"))
    }
  }

  private func capture(
    _ kinds: [any CapturedKind], _ sites: Sites, _ session: AWSSession, _ writer: SnapshotWriter,
    _ scratch: String, _ progress: CaptureProgress, _ limit: CaptureLimit?
  ) async throws -> [Captured] {
    let clock = context.surroundings.clock
    let engine = CaptureEngine(
      kinds: kinds, scratchDirectory: scratch, observer: progress,
      relisting: Relisting { UTCTime(clock.now()) ?? UTCTime(milliseconds: 0) },
      limit: limit, hasRoom: { session.hasRoom })
    let results = Guarded<[Captured]>([])
    let refused = sites.refused.map { Captured(id: $0.key, reached: false, errors: [$0.value]) }
    results.withLock { $0 += refused }
    for account in refused { progress.refused(account.id) }
    try await forEachConcurrently(sites.entered.values, limit: max(sites.entered.count, 1)) {
      site in
      let rights = try await Self.rightsError(at: site)
      let capture = try await engine.capture(site, into: writer)
      let captured = Captured(
        id: site.account, reached: true, listed: capture.errors.isEmpty,
        errors: rights + capture.errors, site: capture)
      results.withLock { $0.append(captured) }
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
