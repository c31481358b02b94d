import CArchive

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A `.tar.zst` that is written into a file, which has its name only when it is whole.
final class ExportFile {
  private let handle: OpaquePointer
  private let entry: OpaquePointer
  private let output: Output

  /// What lies in it is compressed already.
  private static let compressionLevel = "1"

  /// - Parameter path: where there is no file yet.
  /// - Throws: `ArchiveError` (`.invalid` if there is one, `.io`).
  init(path: String) throws {
    guard case .missing = try statusOf(path) else {
      throw ArchiveError(.invalid, "\(path) is there already, and is not overwritten")
    }
    guard let handle = archive_write_new(), let entry = archive_entry_new() else {
      preconditionFailure("out of memory")
    }
    self.handle = handle
    self.entry = entry
    output = try Output(path: path)
    try check(archive_write_set_format_pax_restricted(handle), "choose pax")
    try check(archive_write_add_filter_zstd(handle), "choose zstd")
    try check(
      archive_write_set_filter_option(handle, "zstd", "compression-level", Self.compressionLevel),
      "choose the compression")
    try check(archive_write_set_bytes_in_last_block(handle, 1), "choose the last block")
    let context = Unmanaged.passUnretained(output).toOpaque()
    let opened = archive_write_open(handle, context, nil, { Output.write($1, $2, $3) }, nil)
    try check(opened, "begin")
  }

  deinit {
    archive_entry_free(entry)
    archive_write_free(handle)
  }

  /// By `archive_write_header` and `archive_write_data`.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func add(_ name: String, _ content: [UInt8]) throws {
    carchive_describe_file(entry, name, Int64(content.count))
    try check(archive_write_header(handle, entry), "begin \(name)")
    let written = content.withUnsafeBytes {
      archive_write_data(handle, $0.baseAddress, $0.count)
    }
    guard written == content.count else {
      throw failure("write \(name)", Int32(truncatingIfNeeded: min(written, 0)))
    }
    try check(archive_write_finish_entry(handle), "end \(name)")
  }

  /// Ends the archive and gives the file its name, durably.
  /// - Returns: its size in bytes.
  /// - Throws: `ArchiveError` (`.invalid` if somebody else has made a file of that name, `.io`).
  func finish() throws -> Int {
    try check(archive_write_close(handle), "end the file")
    return try output.finish()
  }

  private func check(_ code: Int32, _ operation: String) throws {
    if code != ARCHIVE_OK { throw failure(operation, code) }
  }

  private func failure(_ operation: String, _ code: Int32) -> ArchiveError {
    output.failure as? ArchiveError
      ?? ArchiveError(.io, libraryMessage(handle, "can't \(operation)", code))
  }
}

/// A file beside the one that is to be, which goes if it is not finished.
private final class Output {
  var failure: (any Error)?
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

  /// libarchive's `archive_write_callback`: -1 makes it fail.
  static func write(
    _ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    guard let context else { return -1 }
    let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
    do {
      try writeAll(
        UnsafeRawBufferPointer(start: bytes, count: count), to: output.descriptor, output.path)
      output.size += count
      return count
    } catch {
      output.failure = error
      return -1
    }
  }
}
