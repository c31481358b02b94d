#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads an export from its beginning to its end. The manifest comes first, then its signature if it has
/// one, and from then on there is one right name and size for each member: anything else is damage.
final class ExportReader {
  private let path: String
  private let archive: TarReader
  private var packs: [ManifestPack] = []
  private var following = 0
  /// A member that was looked at and not taken; nil for none, or for the end of the file.
  private var ahead: Member??

  private typealias Member = (name: String, size: Int)

  /// A larger manifest would be one of some hundred million partitions.
  private static let mostOfManifest = 1 << 27
  private static let mostOfSignature = 1 << 16

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
  func check() throws -> (manifest: Manifest, signature: ManifestSignature?) {
    let head = try readHead()
    while let (pack, bytes) = try nextPack() {
      try Self.locating(path) {
        _ = try pack.checked(LocalBlob(size: bytes.count) { bytes })
      }
    }
    return head
  }

  /// Reads what stands before the packs. Whether the signature is right is for the caller to check.
  func readHead() throws -> (manifest: Manifest, signature: ManifestSignature?) {
    try Self.locating(path) {
      guard let (name, size) = try nextMember(), name == Archive.formatBlob else {
        throw ArchiveError.damaged("it does not begin as an export does")
      }
      try Archive.checkFormat(try content(name, size, most: 1 << 16))
      guard let (manifestName, manifestSize) = try nextMember(),
        let id = SnapshotID.id(ofBlob: manifestName)
      else { throw ArchiveError.damaged("it has no manifest where it should have one") }
      let bytes = try content(manifestName, manifestSize, most: Self.mostOfManifest)
      let manifest = try Manifest(fileBytes: bytes, id: id)
      let signature = try signature(of: id)
      let contents = ExportContents(manifest, signature)
      for (name, expected) in contents.head.dropFirst(signature == nil ? 2 : 3) {
        guard try next(name, expected.count) == expected else {
          throw ArchiveError.damaged("\(name) is not what the manifest calls for")
        }
      }
      packs = contents.packs
      return (manifest, signature)
    }
  }

  private func nextMember() throws -> Member? {
    if let ahead {
      self.ahead = nil
      return ahead
    }
    return try archive.nextMember()
  }

  /// The signature, if it comes now. Another member is left for whoever reads on.
  private func signature(of id: String) throws -> ManifestSignature? {
    let member = try nextMember()
    let blob = ManifestSignature.blobName(id)
    guard let member, member.name == blob else {
      ahead = .some(member)
      return nil
    }
    let bytes = try content(member.name, member.size, most: Self.mostOfSignature)
    let signature = try ManifestSignature(fileBytes: bytes, id: id)
    guard signature.fileBytes == bytes else {
      throw ArchiveError.damaged("\(blob) is not in canonical form")
    }
    return signature
  }

  /// - Returns: a pack whose digest is right; nil when there are no more, in the manifest and in the
  ///   file.
  func nextPack() throws -> (ManifestPack, [UInt8])? {
    try Self.locating(path) {
      guard following < packs.count else {
        if let (name, _) = try nextMember() {
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
    guard let (name, size) = try nextMember() else {
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
