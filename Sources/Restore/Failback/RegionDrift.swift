import Capture
import MeshModel
import SnapshotStore

/// What became of a region between two looks at it.
public struct RegionDrift: Sendable {
  private let kinds: [Kind: any CapturedKind]
  private let restorers: Set<String>

  /// - Parameters:
  ///   - kinds: those that count; descriptive ones do not.
  ///   - restorers: what they hold to work with is nobody's change.
  public init(kinds: [any CapturedKind], restorers: Set<String>) {
    self.kinds = Dictionary(
      kinds.filter { $0.restorability != .descriptive }.map { ($0.kind, $0) },
      uniquingKeysWith: { first, _ in first })
    self.restorers = restorers
  }

  /// What differs, by the region's own keys, in their order.
  /// - Parameter accounts: those that are compared; both looks have to have seen them whole.
  /// - Throws: `ArchiveError`, `JSONError`.
  public func changes(
    from old: SnapshotReader, to new: SnapshotReader, accounts: Set<String>
  ) async throws -> [FailbackReport.Change] {
    var found: [(key: RecordKey, change: FailbackReport.Change)] = []
    try await old.compare(to: new, accounts: accounts) { old, new in
      guard let key = (new ?? old)?.key,
        let kind = kinds[Kind(key.service, key.kindName)]
      else { return }
      let (was, now) = (try old?.value(), try new?.value())
      guard let body = now ?? was else { return }
      if let principal = kind.principal(of: body), restorers.contains(principal) { return }
      let fields = was.flatMap { was in
        now.map { kind.comparable($0).changes(from: kind.comparable(was)).map(\.path) }
      }
      guard fields?.isEmpty != true else { return }
      let what: FailbackReport.What = was == nil ? .added : now == nil ? .removed : .changed
      found.append(
        (
          key,
          FailbackReport.Change(
            kind: key.kindName, key: key.text, what: what, fields: fields ?? [])
        ))
    }
    return found.sorted { $0.key < $1.key }.map(\.change)
  }
}
