import CanonicalJSON
import Foundation
import Restore
import SnapshotStore

// The journals of runs that change a region: a file, in the store where that is a folder, and in
// every other store a copy in chunks, from which any machine can resume.

extension RunRecords {
  /// A run that was interrupted or killed.
  public struct Unfinished: Sendable, Hashable {
    public let run: String
    public let snapshot: String
    public let region: String
    /// What it was limited to, as it was given.
    public let only: [String]
    public let accounts: [String]
    /// Everything that its first entry says.
    public let start: JSON
  }

  /// Seconds between two chunks of a journal in a store that is no folder.
  private static let interval = 2.0

  /// Does `body` with the journal of a run, to which it appends, and brings what it wrote to the
  /// store meanwhile.
  /// - Parameter start: what whoever resumes the run has to know; `run`, `snapshot` and `region` at
  ///   least. It is in the store before `body` is called.
  /// - Throws: `ArchiveError`, the error of the file system, what `body` throws.
  func withJournal<Result: Sendable>(
    _ run: String, start: [String: JSON], _ context: MeshContext,
    _ body: @escaping @Sendable (Journal) async throws -> Result
  ) async throws -> Result {
    let now = context.surroundings.clock.now
    let folder = try makeFolder(context)
    let path = "\(folder)/\(run)\(Self.suffix)"
    guard !(store is FolderStore) else {
      let journal = try Journal(path: path, now: now)
      try journal.write("start", start)
      let result = try await body(journal)
      try journal.finish()
      return result
    }
    let nonce = String(context.surroundings.random(), radix: 16)
    let mirror = try await JournalMirror(run, in: store, nonce: nonce)
    let journal = try Journal(path: path, now: now, mirror: mirror)
    try journal.write("start", start)
    try await mirror.flush()
    let copying = Task { await Self.copy(mirror, context) }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(journal)) } catch { result = .failure(error) }
    copying.cancel()
    await copying.value
    do { try await mirror.flush() } catch {
      context.tell("the journal is whole in \(path), but not in the store: \(error)")
    }
    try journal.finish()
    return try result.get()
  }

  private static func copy(_ mirror: JournalMirror, _ context: MeshContext) async {
    var isFailing = false
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(interval)) } catch { return }
      do {
        try await mirror.flush()
        isFailing = false
      } catch {
        if !isFailing { context.tell("the journal can't be written to the store now: \(error)") }
        isFailing = true
      }
    }
  }

  /// Holds the region until the lock is let go.
  /// - Throws: as `RunLock` does.
  func lock(_ region: String, _ context: MeshContext) throws -> RunLock {
    try RunLock(path: "\(try makeFolder(context))/\(region).lock", region: region)
  }

  private func makeFolder(_ context: MeshContext) throws -> String {
    let folder = folder(context)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder
  }

  /// Beside the results where the store is a folder, else where programs keep their state.
  func folder(_ context: MeshContext) -> String {
    if let store = store as? FolderStore { return store.root + "/runs" }
    let environment = context.surroundings.environment
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return "\(state)/meshdr/runs"
    }
    if let home = environment["HOME"], home.hasPrefix("/") {
      return "\(home)/.local/state/meshdr/runs"
    }
    return "\(environment["TMPDIR"] ?? "/tmp")/meshdr-runs"
  }

  static let suffix = ".journal.ndjson"
}

// MARK: - What was not finished

extension RunRecords {
  /// For how long a run can be resumed, in days. What is wanted of it is a new restore by then.
  private static let days = 7

  /// The newest run of a command whose journal has no end, and after which no other run into its
  /// region was begun that has one.
  /// - Parameters:
  ///   - command: what run ids begin with: `restore`.
  ///   - now: RFC 3339 in UTC.
  /// - Throws: `ArchiveError` (`.notFound`) where there is none.
  func unfinished(_ command: String, now: String) async throws -> Unfinished {
    var ended: Set<String> = []
    for journal in try await journals(command, within: Self.days, of: now) {
      let entries = try await journal.entries()
      guard let start = entries.first(where: { $0["event"]?.string == "start" }),
        let snapshot = start["snapshot"]?.string, let region = start["region"]?.string
      else { continue }
      if entries.contains(where: { $0["event"]?.string == "end" }) {
        ended.insert(region)
      } else if !ended.contains(region) {
        return Unfinished(
          run: journal.run, snapshot: snapshot, region: region,
          only: start["only"]?.strings ?? [], accounts: start["accounts"]?.strings ?? [],
          start: start)
      }
    }
    throw ArchiveError(
      .notFound, "no \(command) was interrupted: there is nothing to resume")
  }

  /// A journal that is kept, in a file or in chunks.
  struct KeptJournal: Sendable {
    let run: String
    /// Those that begin and end the run.
    let entries: @Sendable () async throws -> [JSON]
    let remove: @Sendable () async throws -> Void
  }

  /// The journals of a command's runs, newest first.
  /// - Parameter days: how many days before `now` are looked at; nil for all.
  /// - Throws: `ArchiveError`.
  func journals(
    _ command: String, within days: Int?, of now: String
  ) async throws -> [KeptJournal] {
    if let folder = store as? FolderStore { return Self.files(command, folder.root + "/runs") }
    guard let days else {
      return chunked(try await store.list(prefix: "journals/\(command)-"))
    }
    guard let today = UTCTime(now) else { return [] }
    var blobs: [BlobInfo] = []
    for day in 0...days {
      let date = today.adding(Double(-day) * 86_400).description.prefix(10).split(separator: "-")
      blobs += try await store.list(prefix: "journals/\(command)-\(date.joined())")
    }
    return chunked(blobs)
  }

  private func chunked(_ blobs: [BlobInfo]) -> [KeptJournal] {
    var chunks: [String: [String]] = [:]
    for blob in blobs {
      let parts = blob.name.split(separator: "/")
      if parts.count == 3 { chunks[String(parts[1]), default: []].append(blob.name) }
    }
    return chunks.sorted { $0.key > $1.key }.map { [store] run, names in
      let names = names.sorted()
      return KeptJournal(
        run: run,
        entries: {
          // The first chunk has the start, the last one the end.
          var entries: [JSON] = []
          for name in Set([names[0], names[names.count - 1]]).sorted() {
            entries += Self.marks(try await store.read(name))
          }
          return entries
        },
        // The last first: what is left of one whose removal was cut short still has its start.
        remove: { for name in names.reversed() { try await store.delete(name) } })
    }
  }

  private static func files(_ command: String, _ folder: String) -> [KeptJournal] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let journals = files.filter { $0.hasPrefix(command + "-") && $0.hasSuffix(suffix) }
    return journals.sorted(by: >).map { file in
      let path = "\(folder)/\(file)"
      return KeptJournal(
        run: String(file.dropLast(suffix.count)),
        entries: { marks(Array(try Data(contentsOf: URL(filePath: path)))) },
        remove: { try FileManager.default.removeItem(atPath: path) })
    }
  }

  /// The entries that begin and end a run, and at most one that does neither. The last line may be cut: a journal ends where the process
  /// did.
  private static func marks(_ bytes: [UInt8]) -> [JSON] {
    // They are the first line, and the last.
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let ends = lines.count > 1 ? [lines[0], lines[lines.count - 1]] : lines
    return ends.compactMap { try? JSON(parsing: Array($0)) }
  }
}
