import CanonicalJSON

/// Word in the store that a snapshot is not to be pruned.
public struct Hold: Sendable, Hashable {
  /// The snapshot's id.
  public let snapshot: String
  /// Since when; nil where what stands in the store can't be read. It holds all the same.
  public let since: UTCTime?
  /// Why, in the words of whoever put it on hold.
  public let reason: String?

  static func blobName(_ id: String) -> String { "holds/\(id).json" }

  fileprivate var fileBytes: [UInt8] {
    var json: JSON = ["snapshot": .string(snapshot)]
    if let since { json["since"] = .string(since.description) }
    if let reason { json["reason"] = .string(reason) }
    return json.canonicalBytes + [UInt8(ascii: "\n")]
  }

  /// That the blob is there is what counts, whatever is in it.
  fileprivate init(_ snapshot: String, fileBytes: [UInt8]) {
    let json = try? JSON(parsing: fileBytes)
    self.init(
      snapshot: snapshot, since: json?["since"]?.string.flatMap { UTCTime($0) },
      reason: json?["reason"]?.string)
  }

  init(snapshot: String, since: UTCTime?, reason: String?) {
    self.snapshot = snapshot
    self.since = since
    self.reason = reason
  }
}

extension Archive {
  /// Keeps a snapshot from being pruned until it is released. One that is on hold stays so, with the
  /// reason that it has.
  /// - Parameter now: the time of day.
  /// - Returns: the hold that is there now.
  /// - Throws: `ArchiveError` (`.notFound` also if the snapshot was pruned meanwhile, `.io`).
  public func hold(_ id: String, reason: String?, now: UTCTime) async throws -> Hold {
    if let there = try await hold(of: id) { return there }
    let hold = Hold(snapshot: id, since: now, reason: reason)
    _ = try await store.put(Hold.blobName(id), .bytes(hold.fileBytes))
    guard try await store.exists(SnapshotID.blobName(id)) else {
      try await store.delete(Hold.blobName(id))
      throw ArchiveError(.notFound, "there is no snapshot \(id): it was pruned meanwhile")
    }
    return hold
  }

  /// Lets a snapshot be pruned again.
  /// - Returns: whether it was on hold.
  /// - Throws: `ArchiveError` (`.io`).
  public func release(_ id: String) async throws -> Bool {
    guard try await store.exists(Hold.blobName(id)) else { return false }
    try await store.delete(Hold.blobName(id))
    return true
  }

  /// The hold of one snapshot; nil if there is none.
  func hold(of id: String) async throws -> Hold? {
    do {
      return Hold(id, fileBytes: try await store.read(Hold.blobName(id)))
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  /// All holds by the ids of their snapshots.
  func holds() async throws -> [String: Hold] {
    let ids = try await heldIDs().sorted()
    let holds = try await mapConcurrently(ids) { id in
      (id, try await hold(of: id))
    }
    return Dictionary(holds.compactMap { id, hold in hold.map { (id, $0) } }) { first, _ in first }
  }

  /// The ids of the snapshots that are on hold, as the store lists them now.
  func heldIDs() async throws -> Set<String> {
    Set(
      try await store.list(prefix: "holds/").compactMap { blob in
        let name = blob.name.dropFirst("holds/".count)
        guard name.hasSuffix(".json") else { return nil }
        let id = String(name.dropLast(".json".count))
        return SnapshotID.isValid(id) ? id : nil
      })
  }
}
