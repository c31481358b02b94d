import MeshModel
import SnapshotStore

// The primary as a failback found it.

extension FailbackOperation {
  /// A capture of the primary, and the folder that it is in.
  struct Before: Sendable {
    let reader: SnapshotReader
    let folder: String
  }

  /// The primary before anything was changed. Whoever resumes has it from the store: what is there now
  /// is half done.
  /// - Throws: `ArchiveError`.
  func primaryBefore(_ work: FailbackWork, _ sides: Sides) async throws -> Before {
    guard work.isResumed else {
      return Before(reader: sides.primaryLook.reader, folder: sides.primaryLook.folder)
    }
    let folder = "\(work.place.scratch)/before"
    return Before(
      reader: try await work.runs.primary(before: work.id, in: folder), folder: folder)
  }
}

extension RunRecords {
  private static let failbacks = "failbacks/"

  /// Keeps the primary as it is before a failback changes it, as an archive of its own: `failbacks/RUN`
  /// as it came back, `failbacks/RUN.2` and so on as whoever went on with the run found it.
  /// - Parameter folder: of the archive.
  /// - Returns: where it is in the store.
  /// - Throws: `ArchiveError`.
  func keepPrimary(_ folder: String, of run: String) async throws -> String {
    let captured = FolderStore(root: folder)
    // Manifests last: what has one is whole.
    let blobs = try await captured.list(prefix: "").map(\.name).sorted { left, right in
      let places = [left, right].map { $0.hasPrefix("snapshots/") ? 1 : 0 }
      return (places[0], left) < (places[1], right)
    }
    var (place, attempt) = (Self.failbacks + run, 1)
    while try await !store.list(prefix: place + "/snapshots/").isEmpty {
      attempt += 1
      place = "\(Self.failbacks)\(run).\(attempt)"
    }
    for name in blobs {
      _ = try await store.put("\(place)/\(name)", .bytes(try await captured.read(name)))
    }
    return place
  }

  /// The primary as a failback found it that was begun.
  /// - Parameter folder: where it is brought to.
  /// - Throws: `ArchiveError` (`.notFound`).
  func primary(before run: String, in folder: String) async throws -> SnapshotReader {
    let prefix = "\(Self.failbacks)\(run)/"
    let kept = FolderStore(root: folder)
    for blob in try await store.list(prefix: prefix) {
      let name = String(blob.name.dropFirst(prefix.count))
      _ = try await kept.put(name, .bytes(try await store.read(blob.name)))
    }
    let archive = Archive(store: kept)
    guard let id = try await archive.snapshots().first?.id else {
      throw ArchiveError(.notFound, "the primary as \(run) found it is not in the store")
    }
    return archive.reader(try await archive.find(id))
  }
}
