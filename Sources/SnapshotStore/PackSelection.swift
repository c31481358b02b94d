/// Which packs a check reads: all, or a share of them, so that a store that is large is read in the
/// course of several nights.
public enum PackSelection: Sendable, Hashable {
  case all
  /// One share of several. The shares are disjoint and together are all packs; a pack stays in its
  /// share for as long as the number of shares is the same.
  case share(Int, of: Int)
  /// So much of them, of 1, drawn by a seed: another seed draws others.
  case fraction(Double, seed: UInt32)

  /// Reads `3/16`, from `1/16` to `16/16`, and `5%`.
  /// - Returns: nil for any other text.
  public init?(_ text: String, seed: UInt32) {
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), percent > 0, percent <= 100 else { return nil }
      self = .fraction(percent / 100, seed: seed)
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], number > 0,
      number <= count
    else { return nil }
    self = .share(number, of: count)
  }

  /// The packs that are read, at least one where there is any.
  /// - Parameter digests: the packs' names.
  func taken(of digests: [String]) -> Set<String> {
    switch self {
    case .all: return Set(digests)
    case .share(let number, let count):
      // The first of a digest's digits are spread evenly.
      return Set(
        digests.filter { UInt64($0.prefix(15), radix: 16).map { Int($0) % count + 1 } == number })
    case .fraction(let fraction, let seed):
      let wanted = max((Double(digests.count) * fraction).rounded(), 1)
      let drawn = digests.map { ($0, SHA256.digest(Array("\(seed) \($0)".utf8))) }
        .sorted { $0.1 < $1.1 }
      return Set(drawn.prefix(Int(wanted)).map(\.0))
    }
  }
}
