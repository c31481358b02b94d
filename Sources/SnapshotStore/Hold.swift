import CanonicalJSON

/// Word in the store that a snapshot is not to be pruned.
public struct Hold: Sendable, Hashable {
  /// The snapshot's id.
  public let snapshot: String
  /// Since when; nil where what stands in the store can't be read. It holds all the same.
  public let since: UTCTime?
  /// Why, in the words of whoever put it on hold.
  public let reason: String?
  /// Whether meshdr put it on hold by itself. Such a hold stands beside one that a person put: neither
  /// goes with the other.
  public let isAutomatic: Bool

  private static let prefix = "holds/"
  private static let automaticPrefix = "holds/automatic/"

  static func blobName(_ id: String, isAutomatic: Bool = false) -> String {
    (isAutomatic ? automaticPrefix : prefix) + "\(id).json"
  }

  /// What holds a blob stands for, by its name; nil for other blobs.
  static func named(_ name: String) -> (id: String, isAutomatic: Bool)? {
    let isAutomatic = name.hasPrefix(automaticPrefix)
    let file = name.dropFirst((isAutomatic ? automaticPrefix : prefix).count)
    guard file.hasSuffix(".json") else { return nil }
    let id = String(file.dropLast(".json".count))
    return SnapshotID.isValid(id) ? (id, isAutomatic) : nil
  }

  fileprivate var fileBytes: [UInt8] {
    var json: JSON = ["snapshot": .string(snapshot)]
    if let since { json["since"] = .string(since.description) }
    if let reason { json["reason"] = .string(reason) }
    return json.canonicalBytes + [UInt8(ascii: "\n")]
  }

  /// That the blob is there is what counts, whatever is in it.
  fileprivate init(_ snapshot: String, isAutomatic: Bool, fileBytes: [UInt8]) {
    let json = try? JSON(parsing: fileBytes)
    self.init(
      snapshot: snapshot, since: json?["since"]?.string.flatMap { UTCTime($0) },
      reason: json?["reason"]?.string, isAutomatic: isAutomatic)
  }

  init(snapshot: String, since: UTCTime?, reason: String?, isAutomatic: Bool = false) {
    self.snapshot = snapshot
    self.since = since
    self.reason = reason
    self.isAutomatic = isAutomatic
  }
}

extension Archive {
  /// Keeps a snapshot from being pruned until it is released. One that is on hold stays so, with the
  /// reason that it has.
  /// - Parameters:
  ///   - now: the time of day.
  ///   - isAutomatic: whether nobody asked for it. It stands beside what people put on hold.
  /// - Returns: the hold that is there now.
  /// - Throws: `ArchiveError` (`.notFound` also if the snapshot was pruned meanwhile, `.io`).
  public func hold(
    _ id: String, reason: String?, now: UTCTime, isAutomatic: Bool = false
  ) async throws -> Hold {
    if let there = try await hold(of: id, isAutomatic: isAutomatic) { return there }
    let hold = Hold(snapshot: id, since: now, reason: reason, isAutomatic: isAutomatic)
    let name = Hold.blobName(id, isAutomatic: isAutomatic)
    _ = try await store.put(name, .bytes(hold.fileBytes))
    guard try await store.exists(SnapshotID.blobName(id)) else {
      try await store.delete(name)
      throw ArchiveError(.notFound, "there is no snapshot \(id): it was pruned meanwhile")
    }
    return hold
  }

  /// Lets a snapshot be pruned again, as far as one sort of hold goes.
  /// - Returns: whether it was on hold so.
  /// - Throws: `ArchiveError` (`.io`).
  public func release(_ id: String, isAutomatic: Bool = false) async throws -> Bool {
    let name = Hold.blobName(id, isAutomatic: isAutomatic)
    guard try await store.exists(name) else { return false }
    try await store.delete(name)
    return true
  }

  /// The ids of the snapshots that meshdr put on hold by itself, in order.
  /// - Throws: `ArchiveError` (`.io`).
  public func automaticHolds() async throws -> [String] {
    try await heldNames().filter(\.isAutomatic).map(\.id).sorted()
  }

  /// One sort of hold of a snapshot; nil if there is none.
  private func hold(of id: String, isAutomatic: Bool) async throws -> Hold? {
    do {
      let bytes = try await store.read(Hold.blobName(id, isAutomatic: isAutomatic))
      return Hold(id, isAutomatic: isAutomatic, fileBytes: bytes)
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  /// The hold of one snapshot, that of a person first; nil if there is none.
  func hold(of id: String) async throws -> Hold? {
    if let hold = try await hold(of: id, isAutomatic: false) { return hold }
    return try await hold(of: id, isAutomatic: true)
  }

  /// All holds by the ids of their snapshots, those of people first.
  func holds() async throws -> [String: Hold] {
    let ids = try await heldIDs().sorted()
    let holds = try await mapConcurrently(ids) { id in
      (id, try await hold(of: id))
    }
    return Dictionary(holds.compactMap { id, hold in hold.map { (id, $0) } }) { first, _ in first }
  }

  /// The ids of the snapshots that are on hold, as the store lists them now.
  func heldIDs() async throws -> Set<String> { Set(try await heldNames().map(\.id)) }

  private func heldNames() async throws -> [(id: String, isAutomatic: Bool)] {
    try await store.list(prefix: "holds/").compactMap { Hold.named($0.name) }
  }
}
