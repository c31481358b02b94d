import AWSAccess
import Capture
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr snapshot`: captures every account of the mesh into a sealed snapshot.
public struct SnapshotOperation: Sendable {
  let context: MeshContext
  let version: String
  /// Whether it measures how far replicas are behind, and keeps that in the manifest.
  let measuresRPO: Bool

  /// The code of an account that nobody tried to capture.
  static let notSelected = "NotSelected"

  /// The code of an account of which `--only` left something out. It is another one: of what was
  /// captured, grants and tags may be missing.
  static let limited = "Limited"

  /// - Parameter version: of this meshdr, for the manifest.
  public init(_ context: MeshContext, version: String, measuresRPO: Bool = false) {
    self.context = context
    self.version = version
    self.measuresRPO = measuresRPO
  }

  /// - Returns: `done`, `partial` where an account could not be captured whole, or `objectiveMissed`
  ///   where it was to be measured how fresh the data is and that is late or unknown.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    let written = try context.meshFile()
    try context.checkKinds(allKinds(written.capture).map(\.kind))
    let archive = try context.archive()
    let mesh = try await context.running(written, archive)
    let session = try context.session()
    defer { session.shutdown() }
    let freshness = try freshness(mesh, archive, session)
    let conditions = try await conditions(mesh, archive, session)
    let previous = try await newest(of: mesh, in: archive)
    let scope = try await context.captureScope(mesh, session, previous: previous)
    return try await context.withScratchDirectory { scratch in
      let start = context.surroundings.clock.seconds()
      let (manifest, packs) = try await take(
        scope, archive, session, scratch, previous: previous.map(archive.reader),
        conditions, only: context.options.only, clock: context.storeClock, freshness)
      report(manifest, packs, seconds: context.surroundings.clock.seconds() - start)
      return manifest.exitCode
    }
  }

  /// Captures the region of a snapshot as it is now, beside the store: to compare with.
  /// - Parameter only: what is captured; nothing for everything.
  /// - Returns: a snapshot that lasts as long as the folder; its manifest says what failed.
  func captureAside(
    in scratch: String, previous: Manifest, only: [Selector]
  ) async throws -> SnapshotReader {
    let mesh = try context.meshFile(orFrom: previous)
    let region = previous.details.region
    return try await captureAside(
      in: scratch,
      mesh: region == mesh.primary ? mesh : mesh.running(in: region, standby: mesh.primary),
      previous: previous, only: only)
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
    let (manifest, _) = try await take(
      scope, archive, session, scratch, previous: nil, Conditions(), only: only)
    return archive.reader(manifest)
  }

  /// What holds for a snapshot besides what is captured.
  struct Conditions: Sendable {
    var signer: (any ManifestSigner)?
    var warnings: [String] = []
  }

  /// Asks, before anything is captured, for what would keep the snapshot from being sealed.
  func conditions(
    _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession
  ) async throws -> Conditions {
    var conditions = Conditions()
    if let mirror = archive.store as? MirroredStore { _ = try await mirror.catchUp() }
    conditions.warnings = try await StoreWarnings.stores(of: archive, in: mesh.primary)
    if let signing = mesh.signing {
      let signer = try await KMSSigner(signing, session)
      try await signer.rehearse()
      conditions.signer = signer
    }
    return conditions
  }

  private func take(
    _ scope: CaptureScope, _ archive: Archive, _ session: AWSSession, _ scratch: String,
    previous: SnapshotReader?, _ conditions: Conditions, only: [Selector],
    clock: StoreClock? = nil, _ freshness: SnapshotFreshness? = nil
  ) async throws -> (Manifest, SnapshotWriter.Packs) {
    let began = context.storeClock.now()
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: began, suffix: context.surroundings.random()),
      scratchDirectory: scratch, clock: clock)
    let limit = CaptureLimit(only, among: allKinds(scope.mesh.capture))
    let capture = try await PartCapture(
      context, version: version, scope: scope, session: session, scratch: scratch, shard: .whole,
      limit: limit)
    let part = try await capture.run(
      into: writer, began: began, previous: limit == nil ? previous?.manifest : nil)
    let manifest = try await Sealing(
      parts: try JoinedParts([part]), sites: capture.sites.entered, previous: previous,
      limit: limit, freshness: freshness
    ).seal(writer, conditions)
    return (manifest, writer.packs)
  }

  /// What measures the data beside a snapshot; nil where that was not asked for.
  /// - Throws: `CommandFailure` (`.usage`).
  func freshness(
    _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession
  ) throws -> SnapshotFreshness? {
    guard measuresRPO else { return nil }
    return try SnapshotFreshness(context, mesh, archive, session, version: version)
  }

  /// The newest complete snapshot of the mesh; nil if the store has none, or a newer one of another.
  func newest(of mesh: MeshFile, in archive: Archive) async throws -> Manifest? {
    do {
      let manifest = try await archive.find("latest")
      let isSame = manifest.details.mesh == mesh.mesh && manifest.details.region == mesh.primary
      return isSame ? manifest : nil
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  func report(_ manifest: Manifest, _ packs: SnapshotWriter.Packs, seconds: Double) {
    let report = SnapshotReport(manifest, packs: packs, seconds: seconds)
    switch context.options.output {
    case .json: context.surroundings.output(report.json.canonicalText)
    case .text: context.surroundings.output(report.text(context.style))
    }
  }
}
