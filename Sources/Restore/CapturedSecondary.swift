import MeshModel
import SnapshotStore

/// The secondary as it was captured.
struct CapturedSecondary {
  let reader: SnapshotReader
  /// The folder of the archive that it is in.
  let folder: String
  let failures: [RestoreResult.Failure]
  /// Accounts of which something is unknown that access depends on.
  var unread: Set<String>
  /// What the restorer may not see, in a sentence, by account.
  let hidden: [String: String]
}
