/// Whether a blob belongs to snapshots, or says something of them: such a blob is in all copies of a
/// store or in none. What else a store keeps, of restores for one, is not what snapshots are read by.
func isOfSnapshots(_ name: String) -> Bool {
  name == "format.json"
    || [
      "packs/", "snapshots/", "signatures/", "heads/", "absent/", "holds/", "claims/", "parts/",
    ].contains(where: name.hasPrefix)
}

/// Whether a blob is kept for as long as a snapshot is: what makes up snapshots.
public func isKept(_ name: String) -> Bool {
  name == "format.json" || ["packs/", "snapshots/", "signatures/"].contains(where: name.hasPrefix)
}

/// Checks a blob by what its name promises: packs and lists of what is absent by the digest in it,
/// manifests by the digest inside, signatures by the key that they name. Other blobs promise nothing.
/// - Throws: `ArchiveError` (`.damaged`).
func checkIntegrity(of name: String, _ bytes: [UInt8]) throws {
  if let digest = packDigest(name) {
    guard SHA256.digest(bytes) == digest else {
      throw ArchiveError.damaged("pack \(digest) does not have the digest in its name")
    }
  } else if let id = SnapshotID.id(ofBlob: name) {
    do { _ = try Manifest(fileBytes: bytes, id: id) } catch let error as ArchiveError
      where error.code == .newerFormat
    {
      // Whole, for all that this version can tell.
      return
    }
  } else if let id = ManifestSignature.id(ofBlob: name) {
    let signature = try ManifestSignature(fileBytes: bytes, id: id)
    guard signature.snapshot == id, signature.isValid else {
      throw ArchiveError.damaged("the signature of \(id) is wrong")
    }
  } else if name.hasPrefix("absent/"), name != "absent/\(SHA256.digest(bytes)).json" {
    throw ArchiveError.damaged("\(name) does not have the digest in its name")
  }
}

/// The digest that is the name of a pack; nil for other blobs.
func packDigest(_ name: String) -> String? {
  let suffix = ".tar.zst"
  guard name.hasPrefix("packs/"), name.hasSuffix(suffix),
    let last = name.dropLast(suffix.count).split(separator: "/").last.map(String.init),
    isDigest(last)
  else { return nil }
  return last
}
