import CanonicalJSON
import Foundation
import MeshModel
import Restore
import SnapshotStore

/// The runs that are kept in a store: the result of each, and the journal of each that was begun.
public struct RunRecords: Sendable {
  private let store: any BlobStore

  public init(_ store: any BlobStore) {
    self.store = store
  }

  /// A restore that was interrupted or killed.
  public struct Unfinished: Sendable, Hashable {
    public let run: String
    public let snapshot: String
    public let region: String
    /// What it was limited to, as it was given.
    public let only: [String]
    public let accounts: [String]
  }

  /// Keeps a result. Each is written once: that of a resumed run gets a number behind its name.
  /// - Throws: `ArchiveError`.
  func keep(_ result: RestoreResult) async throws {
    let bytes = Array((result.json.prettyText + "\n").utf8)
    var name = "runs/\(result.run).json"
    var attempt = 1
    while try await store.exists(name) {
      attempt += 1
      name = "runs/\(result.run).\(attempt).json"
    }
    _ = try await store.put(name, .bytes(bytes))
  }

  /// The ids of the runs that have a result, newest first.
  /// - Throws: `ArchiveError`.
  public func ids() async throws -> [String] {
    try await store.list(prefix: "runs/").map(\.name).filter { $0.hasSuffix(".json") }
      .map { String($0.dropFirst(5).dropLast(5)) }
      .sorted { Self.time($0) > Self.time($1) }
  }

  /// Behind the command's name stands the time.
  private static func time(_ id: String) -> String {
    id.split(separator: "-", maxSplits: 1).last.map(String.init) ?? id
  }

  /// The result of a run.
  /// - Parameter reference: its id, the unambiguous start of one, or `latest`.
  /// - Throws: `ArchiveError`.
  public func find(_ reference: String) async throws -> RestoreResult {
    let ids = try await ids()
    let matches =
      reference == "latest" ? Array(ids.prefix(1)) : ids.filter { $0.hasPrefix(reference) }
    guard let id = matches.first(where: { $0 == reference }) ?? matches.first else {
      throw ArchiveError(.notFound, "there is no run “\(reference)”")
    }
    guard matches.count == 1 || id == reference else {
      throw ArchiveError(.ambiguous, "“\(reference)” fits \(matches.count) runs")
    }
    let bytes = try await store.read("runs/\(id).json")
    do {
      return try RestoreResult(json: JSON(parsing: bytes))
    } catch {
      throw ArchiveError(.damaged, "the record of run \(id) can't be read", cause: error)
    }
  }

  /// The journal of a run, to append to.
  /// - Throws: `ArchiveError`, the error of the file system.
  func journal(_ run: String, now: @escaping @Sendable () -> String) throws -> Journal {
    try makeFolder()
    return try Journal(path: "\(try folder())/\(run).journal.ndjson", now: now)
  }

  /// Holds the region until the lock is let go.
  /// - Throws: as `RunLock` does.
  func lock(_ region: String) throws -> RunLock {
    try makeFolder()
    return try RunLock(path: "\(try folder())/\(region).lock", region: region)
  }

  private func makeFolder() throws {
    try FileManager.default.createDirectory(
      atPath: try folder(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
  }

  /// The newest restore whose journal has no end.
  /// - Throws: `ArchiveError` (`.notFound`) where there is none.
  func unfinished() async throws -> Unfinished {
    let suffix = ".journal.ndjson"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder())) ?? []
    for file in files.filter({ $0.hasSuffix(suffix) }).sorted(by: >) {
      let lines = try String(contentsOfFile: "\(try folder())/\(file)", encoding: .utf8)
        .split(separator: "\n")
      // The last line may be cut: the journal ends where the process did.
      let entries = lines.compactMap { try? JSON(parsing: String($0)) }
      if entries.contains(where: { $0["event"]?.string == "end" }) { continue }
      guard let start = entries.first(where: { $0["event"]?.string == "start" }),
        let snapshot = start["snapshot"]?.string, let region = start["region"]?.string
      else { continue }
      return Unfinished(
        run: String(file.dropLast(suffix.count)), snapshot: snapshot, region: region,
        only: start["only"]?.strings ?? [], accounts: start["accounts"]?.strings ?? [])
    }
    throw ArchiveError(.notFound, "no restore was interrupted: there is nothing to resume")
  }

  private func folder() throws -> String {
    guard let store = store as? FolderStore else {
      throw ArchiveError(.invalid, "journals are kept in folders only")
    }
    return store.root + "/runs"
  }
}
