import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// `meshdr diff`: what became of the records between two snapshots, or a snapshot and now.
public struct DiffOperation: Sendable {
  private let context: MeshContext
  private let version: String

  public init(_ context: MeshContext, version: String) {
    self.context = context
    self.version = version
  }

  /// - Parameters:
  ///   - old: a snapshot.
  ///   - new: another, or `live`.
  public func run(old: String, new: String) async throws -> ExitCode {
    let archive = try context.archive()
    let left = archive.reader(try await archive.find(old))
    guard new == "live" else {
      let right = archive.reader(try await archive.find(new))
      return try await compare(left, right)
    }
    return try await context.withScratchDirectory { scratch in
      let live = try await SnapshotOperation(context, version: version).captureAside(in: scratch)
      return try await compare(left, live)
    }
  }

  private func compare(_ old: SnapshotReader, _ new: SnapshotReader) async throws -> ExitCode {
    var changes: [RecordChange] = []
    var pairs = RecordPairs(old: try await old.records(), new: try await new.records())
    while let (old, new) = try pairs.next() {
      guard let key = (new ?? old)?.key, isSelected(key) else { continue }
      switch (old, new) {
      case (nil, _): changes.append(RecordChange(.added, key))
      case (_, nil): changes.append(RecordChange(.removed, key))
      case (let old?, let new?) where old.body != new.body:
        let fields = try new.value().differences(from: old.value())
        changes.append(RecordChange(.changed, key, fields: fields))
      default: break
      }
    }
    context.show(changes)
    return changes.isEmpty ? .done : .differences
  }

  private func isSelected(_ key: RecordKey) -> Bool {
    let accounts = context.options.accounts
    let only = context.options.only
    return (accounts.isEmpty || accounts.contains(key.account))
      && (only.isEmpty || only.contains { $0.matches(key, scope: key.path) })
  }
}

extension MeshContext {
  /// Prints changes: as lines for people, as one document for scripts.
  func show(_ changes: [RecordChange]) {
    switch options.output {
    case .json:
      var document: [String: JSON] = [:]
      for what in RecordChange.What.allCases {
        document[what.rawValue] = .array(
          changes.filter { $0.what == what }.map {
            [
              "kind": .string($0.key.kindName), "key": .string($0.key.text),
              "fields": JSON($0.fields),
            ]
          })
      }
      surroundings.output(JSON.object(document).canonicalText)
    case .text:
      guard !changes.isEmpty else {
        surroundings.output("no differences")
        return
      }
      for change in changes {
        let sign = ["added": "+", "removed": "-", "changed": "~"][change.what.rawValue] ?? " "
        let fields = change.fields.isEmpty ? "" : "  " + change.fields.joined(separator: ", ")
        surroundings.output("\(sign) \(change.key)\(fields)")
      }
    }
  }
}
