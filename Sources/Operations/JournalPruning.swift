import CanonicalJSON
import Foundation
import Restore
import SnapshotStore

// Journals that nobody asks for any more.

extension RunRecords {
  /// For how long every journal is kept, in days. Results are kept for good.
  static let journalDays = 30

  /// Removes the journals of finished restores, failbacks and drills that are older than `journalDays`.
  ///
  /// A restore is finished when it came to its end, or a later one into its region did: then it is not
  /// resumed any more; a failback likewise. A drill is finished when it was undone. The journals of `repoint` stay: `--to primary`
  /// knows from them alone what to undo. What was cut short is finished by the next time.
  /// - Parameters:
  ///   - now: RFC 3339 in UTC.
  ///   - local: the folder in which this machine keeps journals besides those in the store.
  ///   - needed: the ids of runs whose journals stay: a failback asks them what was restored.
  /// - Returns: the ids of the runs, the newest first.
  /// - Throws: `ArchiveError`, the error of the file system.
  func pruneJournals(
    now: String, local: String, dryRun: Bool, keeping needed: Set<String> = []
  ) async throws -> [String] {
    guard let moment = UTCTime(now) else { return [] }
    let limit = moment.adding(-Double(Self.journalDays) * 86_400)
    var restores = try await finished("restore", now) { $0 || $1 }
    restores += try await finished("failback", now) { $0 || $1 }
    let drills = try await finished("drill", now) { isEnded, _ in isEnded }
    let old = (restores + drills).filter { journal in
      guard !needed.contains(journal.run) else { return false }
      return Self.began(journal.run).map { $0 < limit } ?? false
    }
    guard !dryRun else { return old.map(\.run) }
    for journal in old {
      try await journal.remove()
      let path = "\(local)/\(journal.run)\(Self.suffix)"
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
    }
    return old.map(\.run)
  }

  /// - Parameter counts: whether a run is finished that has itself an end, and after which another into its
  ///   region has one.
  private func finished(
    _ command: String, _ now: String, _ counts: (_ isEnded: Bool, _ isFollowed: Bool) -> Bool
  ) async throws -> [KeptJournal] {
    var ended: Set<String> = []
    var found: [KeptJournal] = []
    for journal in try await journals(command, within: nil, of: now) {
      let entries = try await journal.entries()
      guard let region = entries.lazy.compactMap({ $0["region"]?.string }).first else { continue }
      let isEnded = entries.contains { $0["event"]?.string == "end" }
      if counts(isEnded, ended.contains(region)) { found.append(journal) }
      if isEnded { ended.insert(region) }
    }
    return found
  }
}
