import CanonicalJSON
import MeshModel
import SnapshotStore

/// A digest of what a plan was made of: every record of both sides, as far as they are compared.
final class PlanBasis {
  private let digest = SHA256()

  /// Takes over a record; nil where a side has none.
  func add(_ key: RecordKey, _ live: JSON?, _ desired: JSON?) {
    for text in [key.text, live?.canonicalText ?? "", desired?.canonicalText ?? ""] {
      // JSON on one line and keys have no line feed, so the parts can't be mistaken.
      Array((text + "\n").utf8).withUnsafeBytes { digest.update($0) }
    }
  }

  /// 64 hexadecimal digits. To be asked for once.
  func finish() -> String { digest.finish() }
}
