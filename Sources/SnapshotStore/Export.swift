/// What an export wrote.
public struct ExportReport: Sendable, Hashable {
  public let snapshot: String
  public let packs: Int
  public let records: Int
  /// The file's size.
  public let bytes: Int
  /// The ARN of the key that signed the snapshot; nil for one that is not signed.
  public let signedBy: String?
}

extension Archive {
  /// Writes one snapshot into a file, to be carried where there is no network, with its signature if
  /// it has one. Every pack is read and checked on the way.
  ///
  /// The file is a `.tar.zst` of a store that holds this snapshot alone: unpacked, it is one.
  /// - Parameter path: where there is no file yet. It appears when it is whole.
  /// - Throws: `ArchiveError` (`.damaged` naming pack and member, or for a snapshot whose signature is
  ///   wrong or missing although one is demanded; `.invalid` if there is a file; `.io`).
  public func export(_ manifest: Manifest, to path: String) async throws -> ExportReport {
    let signature = try await signature(of: manifest.id)
    try refuseWrong(signature, of: manifest)
    let file = try ExportFile(path: path)
    let contents = ExportContents(manifest, signature)
    for (name, bytes) in contents.head { try file.add(name, bytes) }
    for pack in contents.packs {
      let blob: LocalBlob
      do { blob = try await store.local(pack.blobName) } catch let error as ArchiveError
        where error.code == .notFound
      {
        throw ArchiveError.damaged("pack \(pack.digest) is missing", cause: error)
      }
      try file.add(pack.blobName, try pack.checked(blob))
    }
    return ExportReport(
      snapshot: manifest.id, packs: contents.packs.count, records: manifest.records,
      bytes: try file.finish(), signedBy: signature?.key)
  }
}

/// The members of an export, in their order: all but the packs follow from the manifest and its
/// signature.
struct ExportContents {
  private let manifest: Manifest
  private let signature: ManifestSignature?
  /// Each once.
  let packs: [ManifestPack]

  init(_ manifest: Manifest, _ signature: ManifestSignature? = nil) {
    self.manifest = manifest
    self.signature = signature
    var seen: Set<String> = []
    packs = manifest.packs.filter { seen.insert($0.digest).inserted }
  }

  /// What comes before the packs: what they are checked by.
  var head: [(name: String, bytes: [UInt8])] {
    let start = [
      (Archive.formatBlob, Archive.formatBytes),
      (SnapshotID.blobName(manifest.id), manifest.fileBytes),
    ]
    let signed = signature.map { [(ManifestSignature.blobName(manifest.id), $0.fileBytes)] } ?? []
    let absent = AbsentSnapshot(before: manifest).map { [AbsentSnapshots.file([$0])] } ?? []
    return start + signed + absent
  }
}

extension AbsentSnapshot {
  /// The snapshot before one that was taken elsewhere without it; nil if there is none.
  init?(before manifest: Manifest) {
    guard let link = manifest.previous else { return nil }
    self.init(snapshot: link.snapshot, digest: link.digest, reason: .elsewhere, previous: nil)
  }
}

extension ManifestPack {
  /// A pack's bytes, once all of it was read and found to be what the manifest says.
  /// - Throws: `ArchiveError` (`.damaged` naming pack and member, `.io`).
  func checked(_ blob: LocalBlob) throws -> [UInt8] {
    let bytes = try blob.bytes()
    let read = LocalBlob(size: bytes.count) { bytes }
    let reader = try PackReader(self, read, depth: .everything)
    for index in members.indices {
      try reader.open(index)
      while try reader.next() != nil {}
    }
    return bytes
  }
}
