#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Cuts the member that an archive stands at into lines.
final class LineReader {
  private let archive: TarReader
  private let size: Int
  private let running: SHA256?
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// What was read and not given out yet.
  private var filled = 0..<0
  private var total = 0
  /// The digest of the whole member, once it was read to its end.
  private(set) var digest: String?

  init(_ archive: TarReader, size: Int, digesting: Bool) {
    self.archive = archive
    self.size = size
    running = digesting ? SHA256() : nil
  }

  deinit {
    buffer.deallocate()
  }

  /// Calls `body` with the next line, without its line feed.
  /// - Returns: nil at the end of the member.
  /// - Throws: `ArchiveError` (`.damaged`) for a last line without line feed and for a member of
  ///   another size than its header said.
  func next<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
    var searched = 0
    while true {
      if let length = lineLength(from: searched) {
        let line = UnsafeRawBufferPointer(
          rebasing: buffer[filled.lowerBound..<(filled.lowerBound + length)])
        filled = (filled.lowerBound + length + 1)..<filled.upperBound
        return try body(line)
      }
      searched = filled.count
      if try fill() == 0 {
        guard filled.isEmpty else { throw ArchiveError.damaged("its last line has no end") }
        return nil
      }
    }
  }

  /// What was read already and lies behind the line that was given out last.
  var ahead: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[filled]) }

  /// Passes over so many bytes of that, which are whole lines.
  func skip(_ count: Int) {
    filled = (filled.lowerBound + count)..<filled.upperBound
  }

  private func lineLength(from searched: Int) -> Int? {
    guard let base = buffer.baseAddress, searched < filled.count else { return nil }
    let start = base + filled.lowerBound
    let feed = Int32(UInt8(ascii: "\n"))
    guard let found = memchr(start + searched, feed, filled.count - searched) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }

  /// Reads on behind what is there.
  private func fill() throws -> Int {
    makeRoom()
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled.upperBound...])
    let count = try archive.read(into: room)
    total += count
    guard total <= size, count > 0 || total == size else {
      throw ArchiveError.damaged("\(total) bytes were read of \(size)")
    }
    running?.update(UnsafeRawBufferPointer(rebasing: room[..<count]))
    filled = filled.lowerBound..<(filled.upperBound + count)
    if count == 0, digest == nil { digest = running?.finish() }
    return count
  }

  private func makeRoom() {
    if filled.lowerBound > 0, let base = buffer.baseAddress {
      memmove(base, base + filled.lowerBound, filled.count)
      filled = 0..<filled.count
    }
    guard filled.count == buffer.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: buffer.count * 2, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
    buffer.deallocate()
    buffer = larger
  }
}
