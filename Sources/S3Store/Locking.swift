import AWSAccess
import SnapshotStore

extension S3Store {
  /// The retention that a blob has to have from now on; nil where none is asked for, or it belongs to
  /// no snapshot.
  ///
  /// Packs are kept a day longer than manifests: they are written before, and must not be the first
  /// to go.
  func lock(for name: String) -> S3.Lock? {
    guard let lock = options.lock, isKept(name) else { return nil }
    let margin: Double = name.hasPrefix("snapshots/") ? 0 : 86_400
    return S3.Lock(mode: lock.mode, until: clock.wallTime() + lock.seconds + margin)
  }

  /// Makes the retention of a blob that is there long enough for another snapshot that needs it:
  /// `PutObjectRetention`. It never becomes shorter or less strict.
  func extend(_ name: String, _ head: S3.Head, _ s3: S3) async throws {
    guard var wanted = lock(for: name) else { return }
    // A snapshot takes a while, and so do two of them.
    if let lock = head.lock, lock.until > wanted.until - 3600, lock.mode >= wanted.mode { return }
    if let lock = head.lock {
      wanted.until = max(wanted.until, lock.until)
      wanted.mode = max(wanted.mode, lock.mode)
    }
    try await s3.retain(bucket, key(name), wanted)
  }

  /// By `HeadObject`. What belongs to no snapshot is not asked for: a lock that the bucket puts on
  /// everything must not keep claims and leases from ending.
  public func lockedUntil(_ name: String) async throws -> UTCTime? {
    try checkBlobName(name)
    return try await talking("look for a lock on \(name)") { s3 in
      try await self.lockedUntil(name, s3)
    }
  }

  func lockedUntil(_ name: String, _ s3: S3) async throws -> UTCTime? {
    guard isKept(name), let lock = try await s3.head(bucket, key(name))?.lock,
      lock.until > clock.wallTime()
    else { return nil }
    return UTCTime(milliseconds: Int64(lock.until * 1000))
  }
}
