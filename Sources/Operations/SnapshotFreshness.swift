import AWSAccess
import CanonicalJSON
import MeshFile
import MeshModel
import SnapshotStore

/// Measures, between capturing and sealing, how fresh the data is beside the snapshot.
struct SnapshotFreshness: Sendable {
  private let operation: RPOOperation
  private let mesh: MeshFile
  private let archive: Archive
  private let session: AWSSession

  /// - Throws: `CommandFailure` (`.usage`) where the mesh file lacks what it is measured against.
  init(
    _ context: MeshContext, _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession,
    version: String
  ) throws {
    guard mesh.secondary != nil, mesh.objectives.rpo != nil else {
      throw CommandFailure(
        .usage, "--rpo needs the mesh file to say `secondary:` and `objectives: {rpo: 15m}`")
    }
    operation = RPOOperation(context, RPOOptions(), version: version)
    self.mesh = mesh
    self.archive = archive
    self.session = session
  }

  /// Keeps the measurement as a run. What keeps it from being made keeps no snapshot from being
  /// sealed: it is said, and is not a pass.
  /// - Parameter reader: the snapshot, whose records are all written.
  /// - Throws: `CancellationError`.
  func summary(of reader: SnapshotReader) async throws -> RPOSummary {
    do {
      let result = try await operation.measured(beside: reader, mesh, archive, session)
      try await RunRecords(archive.store).keep(result)
      return RPOSummary(result)
    } catch let error as CancellationError {
      throw error
    } catch let failure as CommandFailure {
      return RPOSummary(problem: failure.message)
    } catch {
      return RPOSummary(problem: "\(error)")
    }
  }
}

extension Manifest {
  /// What was measured beside it; nil where nothing was.
  var rpo: RPOSummary? { details.rpo.map(RPOSummary.init(json:)) }

  /// What `meshdr snapshot` ends with.
  var exitCode: ExitCode {
    var codes: [ExitCode] = []
    if !isWhole { codes.append(.partial) }
    if rpo?.met == false { codes.append(.objectiveMissed) }
    return .first(of: codes)
  }
}
