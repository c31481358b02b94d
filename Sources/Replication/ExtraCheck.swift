import AWSAccess
import Capture
import MeshModel

extension BucketSite {
  /// What became of objects that only this side of a comparison has: HeadObject for each that is kept by
  /// name. One that says that it was replicated, or came by replication, was on the other side once, and
  /// was deleted there; one that is PENDING or FAILED never was.
  /// - Throws: `CancellationError`.
  public func extra(_ tally: ListingTally) async throws -> ExtraObjects {
    let found = Guarded(ExtraObjects(count: tally.extra))
    try await forEachConcurrently(tally.extraKeys, limit: 16) { key in
      do {
        guard let version = try await s3.version(bucket, key) else {
          // It has gone meanwhile.
          found.withLock { $0.count -= 1 }
          return
        }
        found.withLock { $0.add(version.replicationStatus, "s3://\(bucket)/\(key)") }
      } catch is AWSFailure {}
    }
    return found.withLock { extra in
      extra.examples.sort()
      return extra
    }
  }
}

extension ExtraObjects {
  private static let mostExamples = 10

  fileprivate mutating func add(_ status: String?, _ uri: String) {
    switch status {
    case "COMPLETED", "REPLICA":
      deleted += 1
      if examples.count < Self.mostExamples { examples.append(uri) }
    case "PENDING", "FAILED": neverArrived += 1
    default: break
    }
  }
}
