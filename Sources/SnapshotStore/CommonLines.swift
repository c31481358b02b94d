#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The lines with which two texts begin alike.
struct CommonLines {
  /// Of all of them, with their line feeds.
  let bytes: Int
  let count: Int
  /// Where the last of them lies, without its line feed.
  let last: Range<Int>

  private static let block = 4096
  private static let feed = Int32(UInt8(ascii: "\n"))

  /// Nil where the first line is not the same, or not there to its end.
  init?(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) {
    let same = Self.same(left, right)
    guard same > 0, let base = left.baseAddress else { return nil }
    var (count, start, end) = (0, 0, 0)
    while let found = memchr(base + end, Self.feed, same - end) {
      count += 1
      start = end
      end = UnsafeRawPointer(found) - base + 1
    }
    guard count > 0 else { return nil }
    self.count = count
    last = start..<(end - 1)
    bytes = end
  }

  /// How many bytes are the same in both.
  private static func same(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Int {
    guard let one = left.baseAddress, let other = right.baseAddress else { return 0 }
    let most = min(left.count, right.count)
    var same = 0
    while same < most {
      let size = min(block, most - same)
      guard memcmp(one + same, other + same, size) == 0 else { break }
      same += size
    }
    while same < most, left[same] == right[same] { same += 1 }
    return same
  }
}
