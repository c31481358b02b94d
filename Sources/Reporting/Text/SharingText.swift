/// Draws who shares with whom, as a tree.
public struct SharingText: Sendable {
  private let style: TextStyle
  /// Account names by id.
  private let names: [String: String]
  /// How many resources are named at each edge.
  private let limit: Int
  private let edges: [String: [SharingPicture.Edge]]
  private let order: [[String]]

  /// - Parameter verbose: names every resource.
  public init(_ picture: SharingPicture, style: TextStyle, verbose: Bool) {
    edges = Dictionary(grouping: picture.edges, by: \.owner)
    order = picture.order
    names = picture.names
    self.style = style
    limit = verbose ? Int.max : 3
  }

  public var text: String {
    var page = TextPage(style)
    guard !edges.isEmpty else {
      page.add("no account shares anything with another")
      return page.text
    }
    let users = Set(edges.values.joined().map(\.user))
    var drawn: Set<String> = []
    // What nobody shares with is a root; of a circle that nothing leads to, its first account is.
    for circle in order {
      for node in circle where edges[node] != nil && !drawn.contains(node) {
        guard !users.contains(node) || circle.count > 1 else { continue }
        page.gap()
        page.add(Ink(name(node), .strong))
        draw(node, prefix: "", path: [node], into: &page, &drawn)
      }
    }
    let circles = order.filter { $0.count > 1 }
    if !circles.isEmpty { page.heading("Circles") }
    for circle in circles {
      page.add(Ink("↻ ", .warning), Ink(circle.map(name).joined(separator: ", ")), indent: 2)
    }
    return page.text
  }

  private func name(_ node: String) -> String { Words.account(node, names) }

  private func draw(
    _ owner: String, prefix: String, path: Set<String>, into page: inout TextPage,
    _ drawn: inout Set<String>
  ) {
    let isKnown = !drawn.insert(owner).inserted
    let children = edges[owner] ?? []
    for (index, edge) in children.enumerated() {
      let isLast = index == children.count - 1
      let below = prefix + (isLast ? "   " : "│  ")
      page.add(
        Ink(prefix + (isLast ? "└─ " : "├─ "), .faint), Ink(name(edge.user), .strong),
        Ink(path.contains(edge.user) ? "  ↻" : "", .warning), hanging: below.count)
      let what = edge.resources.map { Ink($0) } + edge.links.map { Ink("link \($0)", .faint) }
      for piece in what.prefix(limit) {
        page.add(Ink("\(below)  ", .faint), piece, hanging: below.count + 4)
      }
      if what.count > limit {
        page.add(Ink("\(below)  and \(Figures.count(what.count - limit)) more", .faint))
      }
      // Each account's own sharing is drawn once.
      guard !path.contains(edge.user), !drawn.contains(edge.user), !isKnown else { continue }
      draw(
        edge.user, prefix: below, path: path.union([edge.user]), into: &page, &drawn)
    }
  }
}
