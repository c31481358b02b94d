import MeshModel
import SnapshotStore

/// The secondary as it was captured.
struct CapturedSecondary {
  let reader: SnapshotReader
  let failures: [RestoreResult.Failure]
  /// Accounts of which something is unknown that access depends on.
  let unread: Set<String>
  /// What the restorer may not see, in a sentence, by account.
  let hidden: [String: String]
}
