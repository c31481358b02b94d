import CArchive

/// Where the bytes of an archive go, in their order.
protocol ArchiveSink: AnyObject {
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func append(_ piece: UnsafeRawBufferPointer) throws
}

/// A `.tar.zst` that libarchive writes, reproducibly: nothing but names and contents goes into it.
final class TarWriter {
  private let handle: OpaquePointer
  private let entry: OpaquePointer
  private let outlet: Outlet

  /// Part of the format's reproducibility: another level gives packs other names. What stands in a
  /// catalog is so much alike that level 3 takes half as much time again and comes out larger.
  private static let compressionLevel = "1"

  /// - Parameter sink: is given the compressed archive.
  /// - Throws: `ArchiveError` (`.io`).
  init(into sink: any ArchiveSink) throws {
    guard let handle = archive_write_new(), let entry = archive_entry_new() else {
      preconditionFailure("out of memory")
    }
    self.handle = handle
    self.entry = entry
    outlet = Outlet(sink)
    try check(archive_write_set_format_pax_restricted(handle), "choose pax")
    try check(archive_write_add_filter_zstd(handle), "choose zstd")
    try check(
      archive_write_set_filter_option(handle, "zstd", "compression-level", Self.compressionLevel),
      "choose the compression")
    // By default the last block would be filled up with zeros, behind the end of the zstd frame.
    try check(archive_write_set_bytes_in_last_block(handle, 1), "choose the last block")
    let context = Unmanaged.passUnretained(outlet).toOpaque()
    let opened = archive_write_open(handle, context, nil, { Outlet.write($1, $2, $3) }, nil)
    try check(opened, "begin")
  }

  deinit {
    archive_entry_free(entry)
    archive_write_free(handle)
  }

  /// Begins a member, by `archive_write_header`.
  /// - Parameter size: of its content, in bytes: as many are to be written.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func begin(_ name: String, size: Int) throws {
    carchive_describe_file(entry, name, Int64(size))
    try check(archive_write_header(handle, entry), "begin \(name)")
  }

  /// Adds to the content of the member that was begun, by `archive_write_data`.
  /// - Throws: `ArchiveError` (`.io`): the disk is full, or there is more than was announced.
  func write(_ piece: UnsafeRawBufferPointer) throws {
    let written = archive_write_data(handle, piece.baseAddress, piece.count)
    guard written == piece.count else {
      throw failure("write a member", Int32(truncatingIfNeeded: min(written, 0)))
    }
  }

  /// Ends the member, by `archive_write_finish_entry`.
  /// - Throws: `ArchiveError` (`.io`).
  func end(_ name: String) throws {
    try check(archive_write_finish_entry(handle), "end \(name)")
  }

  /// A whole member.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func add(_ name: String, _ content: [UInt8]) throws {
    try begin(name, size: content.count)
    try content.withUnsafeBytes(write)
    try end(name)
  }

  /// Ends the archive, by `archive_write_close`. To be called once.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func finish() throws {
    try check(archive_write_close(handle), "end the archive")
  }

  private func check(_ code: Int32, _ operation: String) throws {
    if code != ARCHIVE_OK { throw failure(operation, code) }
  }

  private func failure(_ operation: String, _ code: Int32) -> ArchiveError {
    outlet.failure as? ArchiveError
      ?? ArchiveError(.io, libraryMessage(handle, "can't \(operation)", code))
  }
}

/// What libarchive calls with its output.
private final class Outlet {
  private let sink: any ArchiveSink
  private(set) var failure: (any Error)?

  init(_ sink: any ArchiveSink) {
    self.sink = sink
  }

  /// libarchive's `archive_write_callback`: -1 makes it fail.
  static func write(
    _ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    guard let context else { return -1 }
    let outlet = Unmanaged<Outlet>.fromOpaque(context).takeUnretainedValue()
    do {
      try outlet.sink.append(UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    } catch {
      outlet.failure = error
      return -1
    }
  }
}

/// What was tried, libarchive's message and its code.
func libraryMessage(_ handle: OpaquePointer, _ operation: String, _ code: Int32) -> String {
  let message = archive_error_string(handle).map { String(cString: $0) } ?? "no reason given"
  return "\(operation): \(message) (libarchive \(code))"
}
