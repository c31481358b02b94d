import CanonicalJSON
import MeshModel

extension Manifest {
  /// Reads a manifest from its file.
  /// - Parameter expectedID: what the file's name says.
  /// - Throws: `ArchiveError` (`.newerFormat`, or `.damaged` for everything that does not fit
  ///   together: digest, form, id, order, counts).
  public init(fileBytes: [UInt8], id expectedID: String) throws {
    let json: JSON
    do { json = try JSON(parsing: fileBytes) } catch {
      throw ArchiveError.damaged("the manifest of \(expectedID) is no JSON", cause: error)
    }
    let fields = Fields(json, "the manifest of \(expectedID)")
    try checkFormat(fields)
    guard json.canonicalBytes + [UInt8(ascii: "\n")] == fileBytes else {
      throw ArchiveError.damaged("the manifest of \(expectedID) is not in canonical form")
    }
    try self.init(fields, digest: checkDigest(json, fields))
    guard id == expectedID else {
      throw ArchiveError.damaged("the manifest of \(expectedID) is that of \(id)")
    }
  }

  private init(_ fields: Fields, digest: String) throws {
    let packs = try fields.objects("packs").map(ManifestPack.init)
    let counts = try fields.counts("counts")
    self.init(
      id: try fields.string("snapshot"), details: try SnapshotDetails(fields),
      complete: try fields.bool("complete"), counts: counts, packs: packs,
      previous: try fields.optionalObject("previous").map(ManifestLink.init), digest: digest)
    guard counts == countRecords(packs) else {
      throw ArchiveError.damaged("the counts of \(id) are not those of its packs")
    }
    do { try checkDisjoint(packs) } catch {
      throw ArchiveError.damaged("the packs of \(id) do not fit together", cause: error)
    }
  }
}

/// Checks the version before anything else is looked at.
private func checkFormat(_ fields: Fields) throws {
  let format = try fields.count("format")
  guard format <= Manifest.formatVersion else {
    throw ArchiveError(
      .newerFormat,
      "\(fields.place) has format \(format); this meshdr reads up to format "
        + "\(Manifest.formatVersion)")
  }
}

private func checkDigest(_ json: JSON, _ fields: Fields) throws -> String {
  let digest = try fields.digest("digest")
  var rest = json
  rest["digest"] = nil
  guard SHA256.digest(rest.canonicalBytes) == digest else {
    throw ArchiveError.damaged("\(fields.place) does not have the digest that it names")
  }
  return digest
}

extension SnapshotDetails {
  init(_ fields: Fields) throws {
    self.init(
      meshdrVersion: try fields.string("meshdr"), mesh: try fields.string("mesh"),
      region: try fields.string("region"), recoveryPoint: try fields.time("recoveryPoint"),
      finished: try fields.time("finished"),
      accounts: try fields.objects("accounts").map(CapturedAccount.init),
      meshFile: try fields.string("meshFile"), warnings: try fields.strings("warnings"))
    rpo = try fields.optionalObject("rpo")?.json
  }
}

extension CapturedAccount {
  init(_ fields: Fields) throws {
    self.init(
      id: try fields.string("id"), name: try fields.string("name"),
      complete: try fields.bool("complete"),
      errors: try fields.objects("errors").map(CaptureError.init),
      databases: fields.has("databases")
        ? try fields.objects("databases").map(ListedDatabase.init) : nil,
      moving: fields.has("moving") ? try fields.keys("moving") : nil)
  }
}

extension ListedDatabase {
  init(_ fields: Fields) throws {
    self.init(
      name: try fields.string("name"), began: try fields.time("began"),
      ended: try fields.time("ended"))
  }
}

extension CaptureError {
  init(_ fields: Fields) throws {
    self.init(
      operation: fields.optionalString("operation"), code: try fields.string("code"),
      message: try fields.string("message"))
  }
}

extension ManifestPack {
  init(_ fields: Fields) throws {
    let groupFields = try fields.object("group")
    let group = PackGroup(
      account: try groupFields.string("account"),
      database: groupFields.optionalString("database"))
    let members = try fields.objects("members").map { try ManifestMember($0, group) }
    guard !members.isEmpty else { throw fields.wrong("members") }
    for (member, following) in zip(members, members.dropFirst())
    where !(member.lastKey < following.firstKey) {
      throw fields.wrong("members")
    }
    self.init(
      digest: try fields.digest("name"), bytes: try fields.count("bytes"), group: group,
      members: members)
  }
}

extension ManifestMember {
  init(_ fields: Fields, _ group: PackGroup) throws {
    let kindParts = try fields.string("kind").split(
      separator: "/", omittingEmptySubsequences: false
    ).map(String.init)
    guard kindParts.count == 2 else { throw fields.wrong("kind") }
    self.init(
      path: try fields.string("path"), kind: Kind(kindParts[0], kindParts[1]),
      records: try fields.count("records"), bytes: try fields.count("bytes"),
      digest: try fields.digest("sha256"), firstKey: try fields.key("firstKey"),
      lastKey: try fields.key("lastKey"))
    guard records > 0, !(lastKey < firstKey) else { throw fields.wrong("records") }
    let prefix = group.keyPrefix(service: kind.service, kind: kind.name)
    guard isWithin(firstKey.text, prefix), isWithin(lastKey.text, prefix) else {
      throw fields.wrong("firstKey")
    }
    // One rule for names, so that no name can lead a reader out of its folder.
    let expected = group.memberPath(
      service: kind.service, kind: kind.name, firstKey: firstKey.text)
    guard path == expected else { throw fields.wrong("path") }
  }
}

extension ManifestLink {
  init(_ fields: Fields) throws {
    self.init(
      snapshot: try fields.string("snapshot"), digest: try fields.digest("digest"))
  }
}
