import CanonicalJSON
import Foundation
import Restore
import SnapshotStore

// What runs have done, read back from their journals as a whole.

extension RunRecords {
  /// What the runs of some commands have done to a region and not undone.
  /// - Throws: `ArchiveError`, the error of the file system.
  func former(in region: String, of commands: [String]) async throws -> FormerState {
    var former = FormerState()
    for (_, entries) in try await wholeJournals(of: commands) {
      guard let start = entries.first(where: { $0["event"]?.string == "start" }),
        start["region"]?.string == region
      else { continue }
      let isUndoing = start["to"]?.string == "primary"
      if isUndoing {
        former.addOwnAccess(journal: entries)
      } else {
        former.add(journal: entries)
      }
      if isUndoing, entries.contains(where: { $0["event"]?.string == "end" }) { former.forget() }
    }
    return former
  }

  /// All entries of the journals of some commands, by the ids of their runs, the oldest first.
  /// - Throws: `ArchiveError`, the error of the file system.
  func wholeJournals(of commands: [String]) async throws -> [(run: String, entries: [JSON])] {
    let journals =
      if let folder = store as? FolderStore {
        try Self.files(commands, folder.root + "/runs")
      } else {
        try await chunks(commands)
      }
    return journals.sorted { Self.time($0.run) < Self.time($1.run) }
  }

  /// What the journal of a run begins with; nil where it is not in the store.
  /// - Throws: `ArchiveError`, the error of the file system.
  func start(of run: String) async throws -> JSON? {
    let bytes: [UInt8]
    if let folder = store as? FolderStore {
      let path = "\(folder.root)/runs/\(run).journal.ndjson"
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      bytes = Array(try Data(contentsOf: URL(filePath: path)))
    } else {
      let chunks = try await store.list(prefix: "journals/\(run)/").map(\.name)
      guard let first = chunks.min() else { return nil }
      bytes = try await store.read(first)
    }
    return Self.entries(bytes).first { $0["event"]?.string == "start" }
  }

  private static func files(
    _ commands: [String], _ folder: String
  ) throws -> [(run: String, entries: [JSON])] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let suffix = ".journal.ndjson"
    return try files.filter { file in
      file.hasSuffix(suffix) && commands.contains { file.hasPrefix("\($0)-") }
    }.map { file in
      let bytes = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
      return (String(file.dropLast(suffix.count)), entries(bytes))
    }
  }

  private func chunks(_ commands: [String]) async throws -> [(run: String, entries: [JSON])] {
    var bytes: [String: [UInt8]] = [:]
    for command in commands {
      for blob in try await store.list(prefix: "journals/\(command)-").sorted(by: {
        $0.name < $1.name
      }) {
        let parts = blob.name.split(separator: "/")
        guard parts.count == 3 else { continue }
        bytes[String(parts[1]), default: []] += try await store.read(blob.name)
      }
    }
    return bytes.map { ($0.key, Self.entries($0.value)) }
  }

  /// The last line may be cut: a journal ends where the process did.
  private static func entries(_ bytes: [UInt8]) -> [JSON] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: Array($0)) }
  }
}
