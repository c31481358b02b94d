import Capture
import MeshModel
import SnapshotStore

extension RestoreRun {
  /// Whether a restore reads a pack of its snapshot.
  ///
  /// Of the accounts that are restored it reads all but the bulk of what nobody asks for: access to what is
  /// asked for depends on the tags, grants and databases of all. Of other accounts it reads what
  /// belongs to no database: buckets and keys are mapped by them.
  /// - Parameters:
  ///   - kinds: those that are restored.
  ///   - accounts: those that are restored, by their ids in the snapshot.
  ///   - only: what is asked for; empty for everything.
  public static func reads(
    _ pack: ManifestPack, of kinds: [any CapturedKind], in accounts: Set<String>, only: [Selector]
  ) -> Bool {
    guard pack.group.database != nil else { return true }
    guard accounts.contains(pack.group.account) else { return false }
    return pack.members.contains { member in
      guard let kind = kinds.first(where: { $0.kind == member.kind }),
        kind.restorability != .descriptive
      else { return false }
      return !kind.isBulk || member.maySelect(only, in: pack.group)
    }
  }
}
