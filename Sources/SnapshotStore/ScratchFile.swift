#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A temporary file without a name: it is gone when the last reference to it or the process is,
/// also after `kill -9`. Written by one, then read by any number of threads.
public final class ScratchFile: @unchecked Sendable {
  // Changed only by `append`, which the one writer calls before anyone reads.
  private let descriptor: Int32
  /// Bytes written so far.
  public private(set) var size = 0

  /// - Parameter directory: where there is room; it must exist.
  /// - Throws: `ArchiveError` (`.io`) from `mkstemp`.
  public init(in directory: String) throws {
    let (descriptor, path) = try makeTemporaryFile(in: directory)
    self.descriptor = descriptor
    unlink(path)
  }

  deinit {
    close(descriptor)
  }

  /// Appends all bytes, by `write`.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes, to: descriptor, "a temporary file")
    size += bytes.count
  }

  /// Reads up to `buffer.count` bytes from `offset` on, by `pread`; fewer only at the end.
  /// - Returns: how many.
  /// - Throws: `ArchiveError` (`.io`).
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var count = 0
    while count < buffer.count, let base = buffer.baseAddress {
      let got = pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
      if got == 0 { break }
      if got > 0 {
        count += got
      } else if errno != EINTR {
        throw ArchiveError.system("read a temporary file")
      }
    }
    return count
  }
}

/// Writes every byte, by `write`.
/// - Throws: `ArchiveError` (`.io`).
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ name: String) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let count = write(descriptor, part.baseAddress, part.count)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      throw ArchiveError.system("write \(name)")
    }
  }
}
