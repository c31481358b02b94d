#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A `.tar.zst` that is written into a file, which has its name only when it is whole.
final class ExportFile {
  private let output: Output
  private let archive: TarWriter

  /// - Parameter path: where there is no file yet.
  /// - Throws: `ArchiveError` (`.invalid` if there is one, `.io`).
  init(path: String) throws {
    guard case .missing = try statusOf(path) else {
      throw ArchiveError(.invalid, "\(path) is there already, and is not overwritten")
    }
    output = try Output(path: path)
    archive = try TarWriter(into: output)
  }

  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func add(_ name: String, _ content: [UInt8]) throws { try archive.add(name, content) }

  /// Ends the archive and gives the file its name, durably.
  /// - Returns: its size in bytes.
  /// - Throws: `ArchiveError` (`.invalid` if somebody else has made a file of that name, `.io`).
  func finish() throws -> Int {
    try archive.finish()
    return try output.finish()
  }
}

/// A file beside the one that is to be, which goes if it is not finished.
private final class Output: ArchiveSink {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var size = 0

  init(path: String) throws {
    self.path = path
    (descriptor, temporary) = try makeTemporaryFile(in: parent(of: path))
  }

  deinit {
    unlink(temporary)
    close(descriptor)
  }

  func append(_ piece: UnsafeRawBufferPointer) throws {
    try writeAll(piece, to: descriptor, path)
    size += piece.count
  }

  func finish() throws -> Int {
    guard fsync(descriptor) == 0 else { throw ArchiveError.system("sync \(path)") }
    guard link(temporary, path) == 0 else {
      if errno == EEXIST {
        throw ArchiveError(.invalid, "\(path) is there already, and is not overwritten")
      }
      throw ArchiveError.system("name \(path)")
    }
    try syncFolder(parent(of: path))
    return size
  }
}
