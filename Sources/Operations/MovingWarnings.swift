import MeshModel
import SnapshotStore

/// What a reader of a snapshot should know of tables that never came to rest.
enum MovingWarnings {
  /// Names shown of one database, and databases shown of one account. The manifest has all.
  private static let most = 5

  /// A sentence for each database in which something still moved.
  static func of(_ captures: [SnapshotPart.Account]) -> [String] {
    captures.flatMap { capture in
      let moving = Dictionary(grouping: capture.moving ?? []) { $0.path.first ?? "" }
      let names = moving.keys.sorted()
      var sentences = names.prefix(most).map { name in
        sentence(name, moving[name] ?? [], capture.databases?.first { $0.name == name })
      }
      if names.count > most, let account = capture.moving?.first?.account {
        sentences.append(
          "account \(account): \(names.count - most) more databases changed without end; the manifest names what moved"
        )
      }
      return sentences
    }.sorted()
  }

  private static func sentence(
    _ database: String, _ keys: [RecordKey], _ listed: ListedDatabase?
  ) -> String {
    let place = PackGroup(account: keys.first?.account ?? "", database: database)
    let names = keys.prefix(most).map(\.name).joined(separator: ", ")
    let more = keys.count > most ? " and \(keys.count - most) more" : ""
    let state =
      listed.map { "it is archived as it was between \($0.began) and \($0.ended)" }
      ?? "it was gone in the end and is not archived"
    return "\(place) was still changing when it was last listed (\(names)\(more)): \(state)"
  }
}
