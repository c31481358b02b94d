import CanonicalJSON
import MeshModel

/// Reads one pack from its beginning to its end, and gives nothing out before the digest of the
/// whole was found right. Every error is an `ArchiveError` (`.damaged`) that names pack and member.
final class PackReader {
  private let pack: ManifestPack
  private let archive: TarReader
  /// How much is checked that the pack's digest vouches for already.
  private let depth: CheckDepth
  /// The member that is being read, counted from 0; -1 before the first.
  private(set) var position = -1
  private var member: MemberReader?
  private var ended = false

  enum CheckDepth {
    case structure
    case everything
    /// Everything but the pack's size and digest: to find out what of a damaged pack is whole.
    case salvage
  }

  init(_ pack: ManifestPack, _ blob: LocalBlob, depth: CheckDepth = .structure) throws {
    self.pack = pack
    self.depth = depth
    let bytes = try locating(pack, nil) {
      guard blob.size == pack.bytes || depth == .salvage else {
        throw ArchiveError.damaged("it has \(blob.size) bytes instead of \(pack.bytes)")
      }
      let bytes = try blob.bytes()
      guard depth == .salvage || SHA256.digest(bytes) == pack.digest else {
        throw ArchiveError.damaged("it does not have the digest in its name")
      }
      return bytes
    }
    archive = try locating(pack, nil) { try TarReader(bytes) }
  }

  /// Goes on to a member, past those before it.
  func open(_ index: Int) throws {
    while position < index {
      position += 1
      let expected = pack.members[position]
      try locating(pack, expected) {
        guard let (name, size) = try archive.nextMember() else {
          throw ArchiveError.damaged("the archive ends before it")
        }
        guard name == expected.path else {
          throw ArchiveError.damaged("member \(safeForMessage(name)) stands in its place")
        }
        guard size == expected.bytes else {
          throw ArchiveError.damaged("it has \(size) bytes instead of \(expected.bytes)")
        }
        member = MemberReader(expected, pack.group, archive, depth)
      }
    }
  }

  /// The member's next record; nil when all its records were given out and the end was right.
  func next() throws -> Record? {
    guard let member else { return nil }
    if let record = try locating(pack, pack.members[position], { try member.next() }) {
      return record
    }
    if position == pack.members.count - 1 { try expectEnd() }
    return nil
  }

  /// The same as the line that it is; not to be mixed with `next`.
  /// - Returns: what is good until the next call.
  func nextLine() throws -> RawLine? {
    guard let member else { return nil }
    if let line = try locating(pack, pack.members[position], { try member.nextLine() }) {
      return line
    }
    if position == pack.members.count - 1 { try expectEnd() }
    return nil
  }

  /// What was read already behind the line that `nextLine` gave out; empty where there was none.
  var ahead: UnsafeRawBufferPointer {
    member?.ahead ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Passes over lines of that.
  func skip(_ passed: CommonLines) throws {
    try locating(pack, pack.members[position]) { try member?.skip(passed) }
  }

  /// Checks that nothing stands behind the last member.
  private func expectEnd() throws {
    if ended { return }
    ended = true
    try locating(pack, nil) {
      if let (name, _) = try archive.nextMember() {
        throw ArchiveError.damaged("member \(safeForMessage(name)) is unknown")
      }
    }
  }
}

/// Runs `body` and adds to its error where it happened.
private func locating<Result>(
  _ pack: ManifestPack, _ member: ManifestMember?, _ body: () throws -> Result
) throws -> Result {
  do { return try body() } catch let error as ArchiveError {
    let place = member.map { "member \($0.path) of pack" } ?? "pack"
    throw ArchiveError(
      error.code, "\(place) \(pack.digest): \(error.message)", cause: error.cause)
  }
}

/// Names in a hostile archive do not get to the terminal as they are.
func safeForMessage(_ name: String) -> String {
  let text = String(name.prefix(120))
  return JSON.string(text).canonicalText
}
