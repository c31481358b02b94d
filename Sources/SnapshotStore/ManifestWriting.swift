import CanonicalJSON

extension Manifest {
  /// Seals what was captured: counts it, puts it into order and computes the digest.
  /// - Throws: `ArchiveError` (`.conflict`) if the packs of two groups overlap.
  init(id: String, details: SnapshotDetails, packs: [ManifestPack], previous: ManifestLink?)
    throws
  {
    let packs = packs.sorted { $0.members[0].firstKey < $1.members[0].firstKey }
    try checkDisjoint(packs)
    let counts = countRecords(packs)
    let complete = details.accounts.allSatisfy(\.complete)
    let digestless = manifestJSON(id, details, complete, counts, packs, previous)
    self.init(
      id: id, details: details, complete: complete, counts: counts, packs: packs,
      previous: previous, digest: SHA256.digest(digestless.canonicalBytes))
  }

  /// The manifest as it lies in the store: canonical JSON and a line feed.
  public var fileBytes: [UInt8] {
    var json = manifestJSON(id, details, complete, counts, packs, previous)
    json["digest"] = .string(digest)
    return json.canonicalBytes + [UInt8(ascii: "\n")]
  }
}

/// The number of records by the kind's name.
func countRecords(_ packs: [ManifestPack]) -> [String: Int] {
  var counts: [String: Int] = [:]
  for member in packs.lazy.flatMap(\.members) {
    counts[member.kind.name, default: 0] += member.records
  }
  return counts
}

/// Checks that no key can be in two members.
func checkDisjoint(_ packs: [ManifestPack]) throws {
  let members = packs.flatMap(\.members).sorted { $0.firstKey < $1.firstKey }
  for (member, following) in zip(members, members.dropFirst())
  where !(member.lastKey < following.firstKey) {
    throw ArchiveError(.conflict, "\(member.path) and \(following.path) overlap in their keys")
  }
}

private func manifestJSON(
  _ id: String, _ details: SnapshotDetails, _ complete: Bool, _ counts: [String: Int],
  _ packs: [ManifestPack], _ previous: ManifestLink?
) -> JSON {
  var json: JSON = [
    "format": JSON(Manifest.formatVersion),
    "meshdr": .string(details.meshdrVersion),
    "snapshot": .string(id),
    "mesh": .string(details.mesh),
    "region": .string(details.region),
    "recoveryPoint": .string(details.recoveryPoint.description),
    "finished": .string(details.finished.description),
    "complete": .bool(complete),
    "accounts": .array(details.accounts.map(\.json)),
    "counts": .object(counts.mapValues { JSON($0) }),
    "packs": .array(packs.map(\.json)),
    "meshFile": .string(details.meshFile),
    "warnings": JSON(details.warnings),
    "previous": previous?.json ?? .null,
  ]
  if let rpo = details.rpo { json["rpo"] = rpo }
  return json
}

extension CapturedAccount {
  var json: JSON {
    var json: JSON = [
      "id": .string(id), "name": .string(name), "complete": .bool(complete),
      "errors": .array(errors.map(\.json)),
    ]
    if let databases { json["databases"] = .array(databases.map(\.json)) }
    if let moving { json["moving"] = JSON(moving.map(\.text)) }
    return json
  }
}

extension ListedDatabase {
  var json: JSON {
    [
      "name": .string(name), "began": .string(began.description),
      "ended": .string(ended.description),
    ]
  }
}

extension CaptureError {
  var json: JSON {
    var json: JSON = ["code": .string(code), "message": .string(message)]
    if let operation { json["operation"] = .string(operation) }
    return json
  }
}

extension ManifestPack {
  var json: JSON {
    var groupJSON: JSON = ["account": .string(group.account)]
    if let database = group.database { groupJSON["database"] = .string(database) }
    return [
      "name": .string(digest), "bytes": JSON(bytes), "group": groupJSON,
      "members": .array(members.map(\.json)),
    ]
  }
}

extension ManifestMember {
  var json: JSON {
    [
      "path": .string(path), "kind": .string(kind.description), "records": JSON(records),
      "bytes": JSON(bytes), "sha256": .string(digest), "firstKey": .string(firstKey.text),
      "lastKey": .string(lastKey.text),
    ]
  }
}

extension ManifestLink {
  var json: JSON { ["snapshot": .string(snapshot), "digest": .string(digest)] }
}
