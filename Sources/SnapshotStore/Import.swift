/// What an import did.
public struct ImportReport: Sendable, Hashable {
  public let snapshot: String
  public let complete: Bool
  public let records: Int
  public let packs: SnapshotWriter.Packs
  /// Whether the store had the snapshot before.
  public let wasThere: Bool
  /// The ARN of the key that signed the snapshot; nil for one that is not signed.
  public let signedBy: String?
}

extension Archive {
  /// Takes a snapshot out of a file that `export` has written. All of the file is read and checked
  /// before anything is written, its signature too, and the manifest is written last: until then nobody
  /// sees a snapshot. Importing again changes nothing, and brings back packs that have gone since.
  /// - Parameter clock: for the claim on the packs.
  /// - Throws: `ArchiveError` (`.damaged` for a file that is damaged or no export, or whose signature is
  ///   wrong or missing although one is demanded; `.newerFormat`; `.conflict` if there is another
  ///   snapshot of that id; `.notFound` and `.io` for the file), `CancellationError`.
  public func importSnapshot(
    from path: String, clock: StoreClock
  ) async throws -> ImportReport {
    let (manifest, signature) = try ExportReader(path).check()
    try refuseWrong(signature, of: manifest)
    if let there = try await sealed(manifest.id), there != manifest {
      throw ArchiveError(.conflict, "there is another snapshot \(manifest.id)")
    }
    if try await store.put(Self.formatBlob, .bytes(Self.formatBytes)) == .alreadyThere {
      try await checkFormat()
    }
    let claim = try await Claim.take(.snapshot(manifest.id), in: store, clock: clock)
    try await claim.waitForPrunes()
    let packs = try await putPacks(of: manifest, from: path, claim)
    try await recordAbsent(before: manifest)
    try await claim.renew(always: true)
    try await claim.waitForPrunes()
    let present = try await store.packSizes()
    guard manifest.packs.allSatisfy({ present[$0.blobName] == $0.bytes }) else {
      throw ArchiveError(.conflict, "packs have gone from the store meanwhile: import it again")
    }
    if let signature { try await bringSignature(signature, of: manifest) }
    let outcome = try await store.put(SnapshotID.blobName(manifest.id), .bytes(manifest.fileBytes))
    try await recordHead(of: manifest)
    try await claim.release()
    return ImportReport(
      snapshot: manifest.id, complete: manifest.complete, records: manifest.records, packs: packs,
      wasThere: outcome == .alreadyThere, signedBy: signature?.key)
  }

  private func putPacks(
    of manifest: Manifest, from path: String, _ claim: Claim
  ) async throws -> SnapshotWriter.Packs {
    var packs = SnapshotWriter.Packs()
    // Who changes the file meanwhile gets nothing in: packs are known by their digests.
    let reader = try ExportReader(path)
    _ = try reader.readHead()
    while let (pack, bytes) = try reader.nextPack() {
      try await claim.renew()
      switch try await store.put(pack.blobName, .bytes(bytes)) {
      case .written:
        packs.written += 1
        packs.bytes += bytes.count
      case .alreadyThere:
        packs.reused += 1
        guard try await store.local(pack.blobName).bytes() == bytes else {
          throw ArchiveError.damaged("pack \(pack.digest) in the store is damaged")
        }
      }
    }
    return packs
  }

  /// The snapshot before is missed in this store unless it says that it was never here.
  private func recordAbsent(before manifest: Manifest) async throws {
    guard let absent = AbsentSnapshot(before: manifest),
      try await sealed(absent.snapshot)?.digest != absent.digest
    else { return }
    try await recordAbsent([absent])
  }
}
