import CArchive

/// Reads a `.tar.zst` in memory with libarchive. It is given bytes whose digest was right, and
/// still takes every surprise for damage.
final class TarReader {
  private let handle: OpaquePointer
  private let bytes: UnsafeMutableBufferPointer<UInt8>?

  /// - Throws: `ArchiveError` (`.damaged`) if it is no such archive.
  init(_ content: [UInt8]) throws {
    guard let handle = archive_read_new() else { preconditionFailure("out of memory") }
    self.handle = handle
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(content.count, 1))
    _ = bytes.update(fromContentsOf: content)
    self.bytes = bytes
    try chooseFormat()
    try check(archive_read_open_memory(handle, bytes.baseAddress, content.count), "open it")
  }

  /// Reads a file from its beginning to its end.
  /// - Throws: `ArchiveError` (`.damaged`) if it is no such archive.
  init(path: String) throws {
    guard let handle = archive_read_new() else { preconditionFailure("out of memory") }
    self.handle = handle
    bytes = nil
    try chooseFormat()
    try check(archive_read_open_filename(handle, path, 1 << 18), "open it")
  }

  private func chooseFormat() throws {
    try check(archive_read_support_format_tar(handle), "choose tar")
    try check(archive_read_support_filter_zstd(handle), "choose zstd")
  }

  deinit {
    archive_read_free(handle)
    bytes?.deallocate()
  }

  /// Goes on to the next member, by `archive_read_next_header`.
  /// - Returns: nil at the end of the archive.
  /// - Throws: `ArchiveError` (`.damaged`), also for members that are no plain files.
  func nextMember() throws -> (name: String, size: Int)? {
    var entry: OpaquePointer?
    let code = archive_read_next_header(handle, &entry)
    if code == ARCHIVE_EOF { return nil }
    try check(code, "find the next member")
    guard let entry, let name = archive_entry_pathname(entry) else {
      throw ArchiveError.damaged("a member has no name")
    }
    guard carchive_is_plain_file(entry) else {
      throw ArchiveError.damaged("member \(String(cString: name)) is no plain file")
    }
    return (String(cString: name), Int(archive_entry_size(entry)))
  }

  /// Reads on in the member, by `archive_read_data`.
  /// - Returns: how many bytes; 0 at the member's end.
  /// - Throws: `ArchiveError` (`.damaged`).
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
    if count < 0 { try check(Int32(truncatingIfNeeded: count), "read on") }
    return count
  }

  /// A warning is a failure too: what we write gives no cause for one.
  private func check(_ code: Int32, _ operation: String) throws {
    guard code == ARCHIVE_OK else {
      throw ArchiveError.damaged(libraryMessage(handle, "can't \(operation)", code))
    }
  }
}
