/// What keys begin with, without those that stand below another. Bounded: where there are too many,
/// they are folded into what they have in common, and more is looked at than was asked for.
struct PrefixFold: Sendable, Hashable {
  /// Nothing is folded further than this.
  let root: String
  let limit: Int
  private var prefixes: Set<String> = []

  init(root: String, limit: Int = 1024) {
    self.root = root
    self.limit = limit
  }

  /// - Parameter prefix: begins with the root; empty, or ending in `/`.
  mutating func insert(_ prefix: String) {
    guard !covers(prefix) else { return }
    prefixes.insert(prefix)
    while prefixes.count > limit { fold() }
  }

  /// Whether the prefix or one above it is there.
  func covers(_ prefix: String) -> Bool {
    guard !prefixes.isEmpty else { return false }
    var rest = prefix[...]
    while true {
      if prefixes.contains(String(rest)) { return true }
      guard !rest.isEmpty else { return false }
      rest = Self.parent(of: rest)
    }
  }

  /// In order, none below another.
  var all: [String] {
    var result: [String] = []
    for prefix in prefixes.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let last = result.last, prefix.utf8.starts(with: last.utf8) { continue }
      result.append(prefix)
    }
    return result
  }

  /// `a/b/` of `a/b/c/`.
  static func parent(of prefix: Substring) -> Substring {
    let body = prefix.hasSuffix("/") ? prefix.dropLast() : prefix
    return body.lastIndex(of: "/").map { body[...$0] } ?? ""
  }

  /// The deepest ones become the folders that they are in.
  private mutating func fold() {
    func depth(_ prefix: String) -> Int { prefix.utf8.count { $0 == UInt8(ascii: "/") } }
    let deepest = prefixes.map(depth).max() ?? 0
    prefixes = Set(
      prefixes.map { prefix in
        guard depth(prefix) == deepest else { return prefix }
        let parent = Self.parent(of: prefix[...])
        return parent.utf8.count < root.utf8.count ? root : String(parent)
      })
    if deepest == 0 || prefixes == [root] { prefixes = [root] }
  }
}
