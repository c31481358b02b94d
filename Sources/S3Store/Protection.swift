import AWSAccess
import SnapshotStore

extension S3Store {
  /// Whether the bucket keeps versions: `GetBucketVersioning`.
  /// - Throws: `ArchiveError` (`.io`).
  public func isVersioned() async throws -> Bool {
    try await talking("look for versions") { s3 in try await s3.isVersioned(self.bucket) }
  }

  /// What Object Lock does in the bucket: `GetObjectLockConfiguration`.
  /// - Throws: `ArchiveError` (`.io`).
  public func objectLock() async throws -> S3.ObjectLock {
    try await talking("look for Object Lock") { s3 in try await s3.objectLock(of: self.bucket) }
  }

  /// Whether the store itself retains what belongs to snapshots.
  public var isLocking: Bool { options.lock != nil }
}
