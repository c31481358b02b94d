import MeshModel
import SnapshotStore

extension MeshContext {
  /// A kind that is misspelt would leave everything out.
  /// - Throws: `CommandFailure` with exit code 2.
  func checkKinds(_ kinds: [Kind]) throws {
    for case .kind(let name) in options.only where !kinds.contains(where: { $0.name == name }) {
      let names = Set(kinds.map(\.name)).sorted().joined(separator: ", ")
      throw CommandFailure(.usage, "--only kind:\(name): the kinds are \(names)")
    }
  }
}

extension Selector {
  /// Whether the database that a selector names is among packs; true for one that names a kind.
  func isFound(in packs: [ManifestPack]) -> Bool {
    switch self {
    case .kind: true
    case .database(let name), .table(let name, _): packs.contains { $0.group.database == name }
    }
  }
}
