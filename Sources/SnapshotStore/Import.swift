#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an import did.
public struct ImportReport: Sendable, Hashable {
  public let snapshot: String
  public let complete: Bool
  public let records: Int
  public let packs: SnapshotWriter.Packs
  /// Whether the store had the snapshot before.
  public let wasThere: Bool
}

extension Archive {
  /// Takes a snapshot out of a file that `export` has written. All of the file is read and checked
  /// before anything is written, and the manifest is written last: until then nobody sees a snapshot.
  /// Importing again changes nothing, and brings back packs that have gone since.
  /// - Parameter clock: for the claim on the packs.
  /// - Throws: `ArchiveError` (`.damaged` for a file that is damaged or no export, `.newerFormat`,
  ///   `.conflict` if there is another snapshot of that id, `.notFound` and `.io` for the file),
  ///   `CancellationError`.
  public func importSnapshot(
    from path: String, clock: StoreClock
  ) async throws -> ImportReport {
    let manifest = try ExportReader(path).check()
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
    let outcome = try await store.put(SnapshotID.blobName(manifest.id), .bytes(manifest.fileBytes))
    try await claim.release()
    return ImportReport(
      snapshot: manifest.id, complete: manifest.complete, records: manifest.records, packs: packs,
      wasThere: outcome == .alreadyThere)
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

/// Reads an export from its beginning to its end. The manifest comes first, and from then on there is
/// one right name and size for each member: anything else is damage.
final class ExportReader {
  private let path: String
  private let archive: TarReader
  private var packs: [ManifestPack] = []
  private var following = 0

  /// A larger manifest would be one of some hundred million partitions.
  private static let mostOfManifest = 1 << 27

  /// - Throws: `ArchiveError` (`.notFound`, `.io`, `.damaged`).
  init(_ path: String) throws {
    self.path = path
    archive = try Self.locating(path) {
      guard access(path, R_OK) == 0 else {
        if errno == ENOENT { throw ArchiveError(.notFound, "there is no such file") }
        throw ArchiveError.system("read it")
      }
      return try TarReader(path: path)
    }
  }

  /// Reads everything.
  func check() throws -> Manifest {
    let manifest = try readHead()
    while let (pack, bytes) = try nextPack() {
      try Self.locating(path) {
        _ = try pack.checked(LocalBlob(size: bytes.count) { bytes })
      }
    }
    return manifest
  }

  /// Reads what stands before the packs.
  func readHead() throws -> Manifest {
    try Self.locating(path) {
      guard let (name, size) = try archive.nextMember(), name == Archive.formatBlob else {
        throw ArchiveError.damaged("it does not begin as an export does")
      }
      try Archive.checkFormat(try content(name, size, most: 1 << 16))
      guard let (manifestName, manifestSize) = try archive.nextMember(),
        let id = SnapshotID.id(ofBlob: manifestName)
      else { throw ArchiveError.damaged("it has no manifest where it should have one") }
      let bytes = try content(manifestName, manifestSize, most: Self.mostOfManifest)
      let manifest = try Manifest(fileBytes: bytes, id: id)
      let contents = ExportContents(manifest)
      for (name, expected) in contents.head.dropFirst(2) {
        guard try next(name, expected.count) == expected else {
          throw ArchiveError.damaged("\(name) is not what the manifest calls for")
        }
      }
      packs = contents.packs
      return manifest
    }
  }

  /// - Returns: a pack whose digest is right; nil when there are no more, in the manifest and in the
  ///   file.
  func nextPack() throws -> (ManifestPack, [UInt8])? {
    try Self.locating(path) {
      guard following < packs.count else {
        if let (name, _) = try archive.nextMember() {
          throw ArchiveError.damaged("member \(safeForMessage(name)) is unknown")
        }
        return nil
      }
      let pack = packs[following]
      following += 1
      let bytes = try next(pack.blobName, pack.bytes)
      guard SHA256.digest(bytes) == pack.digest else {
        throw ArchiveError.damaged("pack \(pack.digest) does not have the digest in its name")
      }
      return (pack, bytes)
    }
  }

  /// The member that has to come now.
  private func next(_ expected: String, _ bytes: Int) throws -> [UInt8] {
    guard let (name, size) = try archive.nextMember() else {
      throw ArchiveError.damaged("it ends before \(expected)")
    }
    guard name == expected else {
      throw ArchiveError.damaged(
        "member \(safeForMessage(name)) stands in the place of \(expected)")
    }
    guard size == bytes else {
      throw ArchiveError.damaged("\(expected) has \(size) bytes instead of \(bytes)")
    }
    return try content(name, size, most: bytes)
  }

  /// Reads a member piece by piece: what its header promises is not believed before it is there.
  private func content(_ name: String, _ size: Int, most: Int) throws -> [UInt8] {
    guard size >= 0, size <= most else {
      throw ArchiveError.damaged("\(safeForMessage(name)) has \(size) bytes")
    }
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = try archive.read(into: piece)
      if count == 0 { break }
      bytes += UnsafeRawBufferPointer(rebasing: piece[..<count])
      guard bytes.count <= size else { break }
    }
    guard bytes.count == size else {
      throw ArchiveError.damaged(
        "\(safeForMessage(name)): \(bytes.count) bytes were read of \(size)")
    }
    return bytes
  }

  private static func locating<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let error as ArchiveError {
      throw ArchiveError(error.code, "\(path): \(error.message)", cause: error.cause)
    }
  }
}
