import CanonicalJSON

/// A snapshot that another names as the one before it, and of which it is known why it is not in the
/// store.
struct AbsentSnapshot: Sendable, Hashable {
  enum Reason: String, Sendable {
    /// The retention policy did not keep it.
    case pruned
    /// The one that names it was imported without it.
    case elsewhere
    /// Nobody knows, and somebody has taken note of it.
    case lost
  }

  let snapshot: String
  /// The digest that its manifest has, or had, inside.
  let digest: String
  let reason: Reason
  /// The one before it; nil for the first, and where it is not known.
  let previous: ManifestLink?
  /// Who took note of a loss; nil where nothing was lost.
  var acknowledgement: Acknowledgement?
}

/// All that is known of absent snapshots: what makes of the manifests that are left one chain.
///
/// Each blob below `absent/` is a list, named by its own digest. Whoever adds to it writes one list
/// of all and then removes those that are in it, so that there are few.
struct AbsentSnapshots: Sendable {
  private(set) var snapshots: Set<AbsentSnapshot> = []
  /// The names of the lists that were read.
  private(set) var blobs: [String] = []
  /// Lists that are not what was written.
  private(set) var damage: [Damage] = []

  /// Whether `link` is to one of them.
  func contains(_ link: ManifestLink) -> Bool {
    snapshots.contains { $0.snapshot == link.snapshot && $0.digest == link.digest }
  }

  fileprivate mutating func add(_ bytes: [UInt8], of blob: String) {
    do {
      snapshots.formUnion(try Self.read(bytes, blob))
      blobs.append(blob)
    } catch {
      damage.append(Damage(what: "\(blob): \((error as? ArchiveError)?.message ?? "\(error)")"))
    }
  }

  private static func read(_ bytes: [UInt8], _ blob: String) throws -> [AbsentSnapshot] {
    guard blob == blobName(bytes) else {
      throw ArchiveError.damaged("it does not have the digest in its name")
    }
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch {
      throw ArchiveError.damaged("it is no JSON", cause: error)
    }
    return try Fields(json, "the list").objects("absent").map { fields in
      guard let reason = AbsentSnapshot.Reason(rawValue: try fields.string("reason")) else {
        throw fields.wrong("reason")
      }
      return AbsentSnapshot(
        snapshot: try fields.string("snapshot"), digest: try fields.digest("digest"),
        reason: reason, previous: try fields.optionalObject("previous").map(ManifestLink.init),
        acknowledgement: reason == .lost ? try Acknowledgement(fields.object("acknowledged")) : nil)
    }
  }

  /// A list as it lies in the store.
  static func file(_ snapshots: Set<AbsentSnapshot>) -> (name: String, bytes: [UInt8]) {
    let bytes = fileBytes(snapshots)
    return (blobName(bytes), bytes)
  }

  private static func blobName(_ bytes: [UInt8]) -> String {
    "absent/\(SHA256.digest(bytes)).json"
  }

  private static func fileBytes(_ snapshots: Set<AbsentSnapshot>) -> [UInt8] {
    let sorted = snapshots.sorted {
      ($0.snapshot, $0.digest, $0.reason.rawValue, $0.acknowledgement?.json.canonicalText ?? "")
        < ($1.snapshot, $1.digest, $1.reason.rawValue, $1.acknowledgement?.json.canonicalText ?? "")
    }
    let list = sorted.map { absent -> JSON in
      var json: JSON = [
        "snapshot": .string(absent.snapshot), "digest": .string(absent.digest),
        "reason": .string(absent.reason.rawValue), "previous": absent.previous?.json ?? .null,
      ]
      if let acknowledgement = absent.acknowledgement {
        json["acknowledged"] = acknowledgement.json
      }
      return json
    }
    return JSON.object(["absent": .array(list)]).canonicalBytes + [UInt8(ascii: "\n")]
  }
}

extension Archive {
  /// What the store says of absent snapshots. Lists that are damaged are said to be so.
  /// - Throws: `ArchiveError` (`.io`).
  func absentSnapshots() async throws -> AbsentSnapshots {
    while true {
      let names = try await store.list(prefix: "absent/").map(\.name)
      let lists = try await mapConcurrently(names) { name in try await readIfThere(name) }
      // One that has gone meanwhile is in a list that another process has just written.
      if lists.contains(where: { $0 == nil }) { continue }
      var absent = AbsentSnapshots()
      for (name, bytes) in zip(names, lists) { absent.add(bytes ?? [], of: name) }
      return absent
    }
  }

  /// - Returns: nil for a blob that has gone since it was listed.
  func readIfThere(_ name: String) async throws -> [UInt8]? {
    do { return try await store.read(name) } catch let error as ArchiveError
      where error.code == .notFound
    { return nil }
  }

  /// Writes down that snapshots are absent, durably, before they are. What is written down already
  /// stays. Repeating it changes nothing.
  /// - Throws: `ArchiveError` (`.io`).
  func recordAbsent(_ snapshots: [AbsentSnapshot]) async throws {
    let known = try await absentSnapshots()
    let all = known.snapshots.union(snapshots)
    guard all != known.snapshots || known.blobs.count > 1 else { return }
    let (name, bytes) = AbsentSnapshots.file(all)
    _ = try await store.put(name, .bytes(bytes))
    for blob in known.blobs where blob != name { try await store.delete(blob) }
  }
}
