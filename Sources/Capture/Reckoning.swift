/// Reckons how many databases may be open at once. An open one holds its records until it is packed,
/// and what doesn't fit into memory then is written to disk and read again.
final class Reckoning: Sendable {
  private struct Ended {
    var count = 0
    var bytes = 0
  }

  private let ended = Guarded(Ended())

  /// So many may be open whatever they take: a large database is listed no faster alone.
  private static let least = 4

  /// Counts a database that was packed.
  func count(_ bytes: Int) {
    ended.withLock { ended in
      ended.count += 1
      ended.bytes += bytes
    }
  }

  /// Whether another database may be begun beside those that are open. Few are begun before any has
  /// ended; then it is reckoned that those that are open grow half as large again as those that ended
  /// were on average, and the next one whole.
  /// - Parameters:
  ///   - held: what records take in memory, in bytes.
  ///   - limit: what they may take.
  func admits(another open: Int, held: Int, limit: Int) -> Bool {
    if open < Self.least { return true }
    let ended = ended.withLock(\.self)
    guard ended.count > 0 else { return open < 4 * Self.least && held < limit / 4 }
    let average = ended.bytes / ended.count
    return held + average * (open + 2) / 2 <= limit
  }
}
