/// Where an archive lives: named blobs that are written once and never changed.
///
/// Names are relative paths of plain ASCII with `/` between their parts, such as
/// `packs/ab/ab12.tar.zst`. Every store passes the same conformance tests. All methods throw
/// `ArchiveError`: `.io` where the medium fails, `.invalid` for a malformed name.
public protocol BlobStore: Sendable {
  /// Writes a blob, whole or not at all, and durably: when this returns, a crash can't undo it.
  /// A name that is taken keeps its blob, so repeating a call is harmless.
  /// - Throws: `.damaged` if the blob already there is of another size.
  func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome

  /// Writes a small blob, whole and durably, if nobody has written one of that name: of any number
  /// of callers at once, on any machine, one is told that it did.
  /// - Returns: true where this very call made it; false where it was there, whatever it holds. A
  ///   call whose answer was lost may have made it and still return false, never the other way
  ///   round: what was written tells.
  func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool

  /// The whole blob: for small ones.
  /// - Throws: `.notFound`.
  func read(_ name: String) async throws -> [UInt8]

  /// Brings a blob to where it can be read without waiting for a network. Stores that are local
  /// already only look whether it is there.
  /// - Throws: `.notFound`.
  func local(_ name: String) async throws -> LocalBlob

  /// All blobs whose names begin with `prefix`, by name. Unfinished ones are not among them.
  func list(prefix: String) async throws -> [BlobInfo]

  /// Removes a blob. One that isn't there counts as removed.
  /// - Throws: `.locked` where the store keeps it before its time.
  func delete(_ name: String) async throws

  func exists(_ name: String) async throws -> Bool

  /// Removes what killed writers left behind, and nothing that a living one is writing.
  /// - Returns: how many things were removed.
  func removeLeftovers() async throws -> Int

  /// Until when the store keeps a blob, whoever wants to remove it; nil for one that can be removed,
  /// or isn't there.
  func lockedUntil(_ name: String) async throws -> UTCTime?

  /// What messages call the store.
  var place: String { get }

  /// The stores behind this one that each hold everything by themselves.
  var copies: [any BlobStore] { get }
}

extension BlobStore {
  /// For stores that have none.
  public func removeLeftovers() async throws -> Int { 0 }

  /// For stores that lock nothing.
  public func lockedUntil(_ name: String) async throws -> UTCTime? { nil }

  /// For stores without a name.
  public var place: String { "the store" }

  /// The store alone.
  public var copies: [any BlobStore] { [self] }
}

/// What a blob is written from.
public enum BlobContent: Sendable {
  case bytes([UInt8])
  case file(ScratchFile)

  /// In bytes.
  public var size: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .file(let file): file.size
    }
  }

  /// Calls `body` with all bytes, in pieces of at most 1 MiB if they come from a file.
  /// - Throws: `ArchiveError` (`.io`) from reading the file, and what `body` throws.
  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch self {
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .file(let file):
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
      defer { piece.deallocate() }
      var offset = 0
      while offset < file.size {
        let count = try file.read(at: offset, into: piece)
        guard count > 0 else { throw ArchiveError(.io, "a temporary file became shorter") }
        try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        offset += count
      }
    }
  }
}

/// What became of a blob that was put.
public enum PutOutcome: Sendable, Hashable {
  case written
  /// A blob of that name and size was there; it was left alone.
  case alreadyThere
}

/// One blob of a listing.
public struct BlobInfo: Sendable, Hashable {
  /// The whole name, with the prefix.
  public let name: String
  /// In bytes.
  public let size: Int

  /// What a store found in listing.
  public init(name: String, size: Int) {
    self.name = name
    self.size = size
  }
}

/// A blob within reach. It is read only when asked for.
public struct LocalBlob: Sendable {
  /// In bytes, when it was looked up.
  public let size: Int
  private let load: @Sendable () throws -> [UInt8]

  /// - Parameter load: reads the whole blob; it may be called any number of times, on any thread.
  public init(size: Int, load: @escaping @Sendable () throws -> [UInt8]) {
    self.size = size
    self.load = load
  }

  /// Reads all of it, anew at every call.
  /// - Throws: `ArchiveError` (`.io`, or `.notFound` if it has gone since).
  public func bytes() throws -> [UInt8] { try load() }
}

/// Checks that a name is one that every store can hold.
/// - Throws: `ArchiveError` (`.invalid`) for empty, hidden or absolute names, `..`, and characters
///   outside of `A-Z a-z 0-9 . _ - /`.
public func checkBlobName(_ name: String) throws {
  let parts = name.split(separator: "/", omittingEmptySubsequences: false)
  let safe = parts.allSatisfy { part in
    !part.isEmpty && !part.hasPrefix(".") && part.utf8.count <= 255
      && part.utf8.allSatisfy(isPlain)
  }
  guard safe else { throw ArchiveError(.invalid, "“\(name)” is no name for a blob") }
}

/// Letters, digits, `.`, `_` and `-`: what every file system and URL takes as it is.
func isPlain(_ byte: UInt8) -> Bool {
  switch Unicode.Scalar(byte) {
  case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
  default: false
  }
}
