#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A store in a folder. Folders have mode 0700, files 0600.
///
/// A blob is written to a file under `.tmp`, synced, and given its name by `link`, which never
/// overwrites; then the folder is synced. Any number of processes may write at once. The name
/// does not begin to exist before the blob is whole.
public struct FolderStore: BlobStore {
  /// The folder's absolute path.
  public let root: String

  /// - Parameter root: an absolute path. It need not exist: the first `put` makes it.
  public init(root: String) {
    self.root = root
  }

  /// The folder.
  public var place: String { root }

  private var temporaries: String { "\(root)/.tmp" }

  /// By `mkstemp`, `write`, `fsync` and `link`, and `fsync` of the folder.
  public func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    let path = try self.path(name)
    if let size = try sizeOfFile(path) { return try alreadyThere(name, size, content) }
    if let size = try write(content, to: path, name) {
      return try alreadyThere(name, size, content)
    }
    return .written
  }

  /// By `mkstemp`, `write`, `fsync` and `link`, and `fsync` of the folder.
  public func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    let path = try self.path(name)
    guard try sizeOfFile(path) == nil else { return false }
    return try write(.bytes(bytes), to: path, name) == nil
  }

  /// - Returns: nil where it was written, the size of what has the name already.
  private func write(_ content: BlobContent, to path: String, _ name: String) throws -> Int? {
    let folder = parent(of: path)
    try makeFolder(folder)
    let temporary = try TemporaryFile(in: temporaries)
    defer { temporary.remove() }
    try content.forEachPiece { try writeAll($0, to: temporary.descriptor, name) }
    guard fsync(temporary.descriptor) == 0 else { throw ArchiveError.system("sync \(name)") }
    guard link(temporary.path, path) == 0 else {
      guard errno == EEXIST, let size = try sizeOfFile(path) else {
        throw ArchiveError.system("name \(path)")
      }
      return size
    }
    try syncFolder(folder)
    return nil
  }

  private func alreadyThere(_ name: String, _ size: Int, _ content: BlobContent) throws
    -> PutOutcome
  {
    guard size == content.size else {
      throw ArchiveError.damaged(
        "\(name) is there with \(size) bytes, but should have \(content.size)")
    }
    return .alreadyThere
  }

  /// By `open` and `read`. Links are refused.
  public func read(_ name: String) async throws -> [UInt8] {
    try readFile(path(name), name)
  }

  /// By `lstat`; the bytes are read in place.
  public func local(_ name: String) async throws -> LocalBlob {
    let path = try self.path(name)
    guard let size = try sizeOfFile(path) else {
      throw ArchiveError(.notFound, "\(name) is not in the store")
    }
    return LocalBlob(size: size) { try readFile(path, name) }
  }

  /// By `readdir`. Links and hidden names are passed over.
  public func list(prefix: String) async throws -> [BlobInfo] {
    let folder = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    var found: [BlobInfo] = []
    try collect(folder.joined(separator: "/"), &found)
    return found.filter { $0.name.hasPrefix(prefix) }.sorted { $0.name < $1.name }
  }

  private func collect(_ folder: String, _ found: inout [BlobInfo]) throws {
    for entry in try namesIn(folder.isEmpty ? root : "\(root)/\(folder)") {
      let name = folder.isEmpty ? entry : "\(folder)/\(entry)"
      if entry.hasPrefix(".") { continue }
      switch try statusOf("\(root)/\(name)") {
      case .file(let size): found.append(BlobInfo(name: name, size: size))
      case .folder: try collect(name, &found)
      case .missing, .other: continue
      }
    }
  }

  /// By `unlink`, and `fsync` of the folder.
  public func delete(_ name: String) async throws {
    let path = try self.path(name)
    guard unlink(path) == 0 else {
      if errno == ENOENT { return }
      throw ArchiveError.system("remove \(path)")
    }
    try syncFolder(parent(of: path))
  }

  /// By `lstat`.
  public func exists(_ name: String) async throws -> Bool {
    try sizeOfFile(path(name)) != nil
  }

  /// Removes the files under `.tmp` on which `flock` finds no living writer.
  public func removeLeftovers() async throws -> Int {
    var count = 0
    for name in try namesIn(temporaries)
    where name != "." && name != ".." && TemporaryFile.removeIfAbandoned("\(temporaries)/\(name)") {
      count += 1
    }
    return count
  }

  private func path(_ name: String) throws -> String {
    try checkBlobName(name)
    return "\(root)/\(name)"
  }
}

/// A file that is being written, locked by `flock` for as long as its writer lives.
private final class TemporaryFile {
  let descriptor: Int32
  let path: String

  init(in folder: String) throws {
    try makeFolder(folder)
    while true {
      let (opened, path) = try makeTemporaryFile(in: folder)
      var status = stat()
      // Between being made and being locked it may have been taken for a leftover.
      if flock(opened, LOCK_EX) == 0, fstat(opened, &status) == 0, status.st_nlink > 0 {
        descriptor = opened
        self.path = path
        return
      }
      close(opened)
    }
  }

  /// Takes away the name under which it was written; one given by `link` stays.
  func remove() {
    unlink(path)
  }

  deinit {
    close(descriptor)
  }

  static func removeIfAbandoned(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0
  }
}
