import MeshFile
import SnapshotStore

/// Keeps what a failback will need for as long as a mesh runs elsewhere than in its primary: the
/// snapshot that both sides began with, and the journal of the restore that brought it there.
struct FailbackHold: Sendable {
  private let archive: Archive

  init(_ archive: Archive) {
    self.archive = archive
  }

  /// What an active side rests on.
  struct Needs: Sendable, Hashable {
    /// The restore that had brought it where it could be switched to.
    var run: String
    /// What that restored.
    var snapshot: String
  }

  /// What is needed to go home from an active side; nil in the primary, and where no run is known.
  /// - Throws: `ArchiveError` where the store can't be read.
  func needs(_ side: ActiveSide, of mesh: MeshFile) async throws -> Needs? {
    guard side.region != mesh.primary, let run = side.run else { return nil }
    do {
      let result = try await RunRecords(archive.store).find(run)
      return Needs(run: run, snapshot: result.snapshot)
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  /// Puts the snapshot on hold; one that is on hold so already stays it. A hold of a person's is
  /// another thing, and stays as it is.
  /// - Throws: `ArchiveError` (`.notFound` where the snapshot is gone).
  func put(_ snapshot: String, region: String, run: String?, now: UTCTime) async throws {
    let cause = run.map { ", restored by \($0)" } ?? ""
    _ = try await archive.hold(
      snapshot, reason: "a failback from \(region) begins with it\(cause)", now: now,
      isAutomatic: true)
  }

  /// Lets go of all that was put on hold by itself: the mesh runs in its primary again.
  /// - Returns: the ids of the snapshots.
  /// - Throws: `ArchiveError`.
  func release() async throws -> [String] {
    var released: [String] = []
    for id in try await archive.automaticHolds() {
      if try await archive.release(id, isAutomatic: true) { released.append(id) }
    }
    return released
  }
}
