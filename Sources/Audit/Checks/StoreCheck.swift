import MeshModel

/// The archive outlives the region that it is of, and whoever means it harm.
struct StoreCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let isInPrimary = facts.stores.map { $0.bucket?.region.value == facts.primary }
    let isOneElsewhere = isInPrimary.contains(false)
    return facts.stores.flatMap { store -> [Finding] in
      guard let bucket = store.bucket else { return [Self.folder(store)] }
      return Self.region(store, bucket, facts.primary, isOneElsewhere)
        + Self.versions(store, bucket) + Self.locking(store, bucket)
    }
  }

  private static func folder(_ store: StoreFacts) -> Finding {
    Finding(
      .note, "store-is-folder", store.place,
      "nothing keeps whoever may write to the folder from removing what is in it, and nobody can be "
        + "asked whether it is lost with the primary",
      remedy: "a second store in S3, in another region and account, with Object Lock")
  }

  private static func region(
    _ store: StoreFacts, _ bucket: StoreFacts.Bucket, _ primary: String, _ isOneElsewhere: Bool
  ) -> [Finding] {
    switch bucket.region {
    case .known(primary):
      return [
        Finding(
          isOneElsewhere ? .warning : .blocker, "store-in-primary", store.place,
          "the store is in \(primary), the region that is backed up: it is lost with it",
          remedy: "a bucket in another region: name it in `store:` beside this one, and the next "
            + "snapshot copies everything")
      ]
    case .known: return []
    case .unknown(let reason): return [unknown(store, "which region the bucket is in", reason)]
    }
  }

  private static func versions(_ store: StoreFacts, _ bucket: StoreFacts.Bucket) -> [Finding] {
    switch bucket.isVersioned {
    case .known(true): return []
    case .known(false):
      return [
        Finding(
          .warning, "store-not-versioned", store.place,
          "the bucket keeps no versions: what is deleted there is gone",
          remedy: "aws s3api put-bucket-versioning --bucket \(store.bucketName) "
            + "--versioning-configuration Status=Enabled")
      ]
    case .unknown(let reason): return [unknown(store, "whether the bucket keeps versions", reason)]
    }
  }

  private static func locking(_ store: StoreFacts, _ bucket: StoreFacts.Bucket) -> [Finding] {
    let remedy =
      "aws s3api put-object-lock-configuration --bucket \(store.bucketName) "
      + "--object-lock-configuration ObjectLockEnabled=Enabled"
    switch bucket.locking {
    case .known(.byDefault): return []
    case .known(.possible):
      guard !bucket.isToLock else { return [] }
      return [
        Finding(
          .warning, "store-not-locked", store.place,
          "the bucket has Object Lock, and nothing is retained: whoever has the rights can remove "
            + "all versions",
          remedy: "`lock: {mode: compliance, for: 30d}` for the store in the mesh file")
      ]
    case .known(.off):
      guard bucket.isToLock else {
        return [
          Finding(
            .warning, "store-not-locked", store.place,
            "the bucket has no Object Lock: whoever has the rights can remove the archive for good",
            remedy: remedy + ", then `lock:` for the store in the mesh file")
        ]
      }
      return [
        Finding(
          .blocker, "store-cannot-lock", store.place,
          "the mesh file wants what is written to be locked, and the bucket has no Object Lock: no "
            + "snapshot can be written",
          remedy: remedy)
      ]
    case .unknown(let reason): return [unknown(store, "whether the bucket locks", reason)]
    }
  }

  private static func unknown(_ store: StoreFacts, _ what: String, _ reason: String) -> Finding {
    Finding(
      .note, "store-unknown", store.place, "\(what) is unknown: \(reason)",
      remedy: "s3:GetBucketVersioning and s3:GetBucketObjectLockConfiguration for whoever runs this"
    )
  }
}

extension StoreFacts {
  /// `s3://bucket/prefix` without all but the bucket.
  fileprivate var bucketName: String {
    String(place.dropFirst("s3://".count).prefix { $0 != "/" })
  }
}
