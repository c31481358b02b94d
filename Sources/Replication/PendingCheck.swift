import AWSAccess
import Capture

/// What HeadObject says of objects that a listing of the replica lacked, or that were chosen as a
/// sample.
public struct PendingCheck: Sendable {
  /// Objects that the replica has not: the listing's oldest, asked for again, oldest first.
  public var pending: [Confirmed] = []
  /// How many of those that were asked for had arrived or gone in the meantime.
  public var settled = 0
  /// The unclear ones that have turned out to be the same version.
  public var proven = 0
  /// How many unclear ones were asked for.
  public var asked = 0
  /// Of the youngest objects of the source: how many have each replication status; an empty one for
  /// none.
  public var statuses: [String: Int] = [:]
  /// The oldest of the youngest objects that are PENDING or FAILED: when it was written.
  public var oldestUnreplicated: Confirmed?
  /// Why something could not be asked.
  public var problem: String?

  public init() {}

  /// An object that is not in the replica.
  public struct Confirmed: Sendable, Hashable {
    public var key: String
    /// Bytes.
    public var size: Int
    /// Seconds since 1970.
    public var modified: Double
    /// As the source says: `PENDING`, `FAILED`, `COMPLETED`; nil where no rule covers it, or it
    /// could not be asked.
    public var status: String?
    /// Whether the source was asked.
    public var isAsked: Bool
  }
}

extension BucketSite {
  /// HeadObject at both sides for what a comparison found, and at the source for its youngest
  /// objects: at most some eighty calls.
  /// - Parameter replica: nil where it can't be reached.
  public func check(_ tally: ListingTally, against replica: BucketSite?) async throws
    -> PendingCheck
  {
    let check = Guarded(PendingCheck())
    let objects = tally.oldest + tally.oldestUnclear
    try await forEachConcurrently(objects, limit: 8) { object in
      let found = try await self.state(of: object, at: replica)
      check.withLock { $0.add(found, object) }
    }
    try await forEachConcurrently(tally.youngest, limit: 8) { object in
      do {
        guard let version = try await s3.version(bucket, object.key) else { return }
        check.withLock { $0.count(version, object) }
      } catch let failure as AWSFailure {
        check.withLock { $0.problem = $0.problem ?? failure.description }
      }
    }
    return check.withLock { check in
      check.pending.sort { ($0.modified, $0.key) < ($1.modified, $1.key) }
      return check
    }
  }

  enum ObjectState: Sendable {
    case pending(status: String?, modified: Double?)
    case same
    case settled
    case unknown(String)
  }

  private func state(of object: PendingObject, at replica: BucketSite?) async throws -> ObjectState
  {
    do {
      guard let own = try await s3.version(bucket, object.key) else { return .settled }
      guard let other = try await replica?.s3.version(replica?.bucket ?? "", object.key) else {
        return .pending(status: own.replicationStatus, modified: own.modified)
      }
      // A replica has the version id of its source.
      if let id = own.id, id != "null", id == other.id { return .same }
      if own.size == other.size, own.etag == other.etag || own.modified == other.modified {
        return .same
      }
      return .pending(status: own.replicationStatus, modified: own.modified)
    } catch let failure as AWSFailure {
      return .unknown(failure.description)
    }
  }
}

extension PendingCheck {
  fileprivate mutating func add(_ state: BucketSite.ObjectState, _ object: PendingObject) {
    let isUnclear = object.kind == .unclear
    if isUnclear { asked += 1 }
    var confirmed = Confirmed(
      key: object.key, size: object.size, modified: object.modified, status: nil, isAsked: true)
    switch state {
    case .settled: settled += isUnclear ? 0 : 1
    case .same:
      if isUnclear { proven += 1 } else { settled += 1 }
    case .pending(let status, let modified):
      confirmed.status = status
      confirmed.modified = modified ?? object.modified
      pending.append(confirmed)
    case .unknown(let why):
      problem = problem ?? why
      confirmed.isAsked = false
      if isUnclear { asked -= 1 } else { pending.append(confirmed) }
    }
  }

  fileprivate mutating func count(_ version: S3.Version, _ object: PendingObject) {
    statuses[version.replicationStatus ?? "", default: 0] += 1
    guard ["PENDING", "FAILED"].contains(version.replicationStatus) else { return }
    let modified = version.modified ?? object.modified
    if let oldest = oldestUnreplicated, oldest.modified <= modified { return }
    oldestUnreplicated = Confirmed(
      key: object.key, size: object.size, modified: modified, status: version.replicationStatus,
      isAsked: true)
  }
}
