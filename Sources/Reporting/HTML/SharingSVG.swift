/// Draws who shares with whom: accounts below one another, owners before their users, and an arc
/// from each owner to each user. What leads upwards closes a circle.
struct SharingSVG {
  /// The two pictures that a page has: for wide and for narrow screens.
  struct Size: Sendable {
    let name: String
    let width: Double
    /// What the arcs have, left of the names.
    let arcs: Double
    let font: Double

    static let wide = Size(name: "wide", width: 880, arcs: 240, font: 13)
    static let narrow = Size(name: "narrow", width: 340, arcs: 108, font: 12)

    /// How many columns of text stand right of the arcs.
    var columns: Int { Int((width - arcs - 12) / (font * 0.58)) }
  }

  private static let step = 40.0
  private static let top = 22.0

  private let picture: SharingPicture
  private let size: Size
  private let nodes: [String]
  private let places: [String: Int]
  private let shared: [String: [SharingPicture.Edge]]

  /// - Parameter nodes: those that are drawn, in order.
  init(_ picture: SharingPicture, nodes: [String], size: Size) {
    self.picture = picture
    self.size = size
    self.nodes = nodes
    places = Dictionary(
      nodes.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    shared = Dictionary(grouping: picture.edges, by: \.owner)
  }

  var svg: HTML {
    let name = "sharing-\(size.name)"
    let height = Self.top * 2 + Double(max(nodes.count - 1, 0)) * Self.step
    let edges = picture.edges.filter { places[$0.owner] != nil && places[$0.user] != nil }
    return """
      <svg class="gantt sharing \(size.name)" viewBox="0 0 \(size.width) \(height)" \
      font-size="\(size.font)" role="img" aria-labelledby="\(name)-title \(name)-desc">
      <title id="\(name)-title">Who shares what with whom</title>
      <desc id="\(name)-desc">\(description(edges))</desc>
      \(edges.sorted { span($0) > span($1) }.map(arc))
      \(nodes.map(node))
      </svg>
      """
  }

  private func description(_ edges: [SharingPicture.Edge]) -> String {
    let pairs = edges.map { "\(title($0.owner)) with \(title($0.user))" }
    return "An arc leads from each owner to each user. " + Words.first(40, of: pairs) + "."
  }

  private func title(_ node: String) -> String { picture.names[node] ?? node }

  private func span(_ edge: SharingPicture.Edge) -> Int {
    abs((places[edge.owner] ?? 0) - (places[edge.user] ?? 0))
  }

  private func y(_ node: String) -> Double { Self.top + Double(places[node] ?? 0) * Self.step }
}

// MARK: - Parts

extension SharingSVG {
  private func arc(_ edge: SharingPicture.Edge) -> HTML {
    let isUp = (places[edge.owner] ?? 0) > (places[edge.user] ?? 0)
    // Arcs leave a name below its middle where they lead down, and arrive above it.
    let shift = isUp ? -5.0 : 5.0
    let (from, to) = (y(edge.owner) + shift, y(edge.user) - shift)
    let end = size.arcs - 10
    let widest = max(Double(nodes.count - 1), 8)
    let depth = 18 + (size.arcs - 34) * (Double(span(edge)) / widest).squareRoot()
    let bend = end - depth * 4 / 3
    let what = edge.resources.count + edge.links.count
    let width = min(1.2 + Double(what).squareRoot() * 0.35, 4)
    let names = Words.first(5, of: edge.resources + edge.links.map { "link \($0)" })
    let kind = isUp ? "up" : "down"
    return """
      <g class="\(kind)"><title>\(title(edge.owner)) shares with \(title(edge.user)): \(names)</title>\
      <path class="arc" stroke-width="\(width)" \
      d="M \(end) \(from) C \(bend) \(from) \(bend) \(to) \(end - 4) \(to)"/>\
      <path class="tip" d="M \(end) \(to) L \(end - 8) \(to - 3.5) L \(end - 8) \(to + 3.5) Z"/></g>
      """
  }

  private func node(_ node: String) -> HTML {
    let (x, y) = (size.arcs + 2, y(node))
    let name = picture.names[node]
    let id: HTML =
      name == nil ? .nothing : "<tspan class=\"faint\" dx=\"6\">\(node)</tspan>"
    let text = Printable.cut(name ?? node, to: size.columns - (name == nil ? 0 : 14))
    return """
      <circle cx="\(size.arcs - 4)" cy="\(y)" r="3.5"/>\
      <text x="\(x + 4)" y="\(y + 1)"><tspan class="heading">\(text)</tspan>\(id)</text>\
      <text class="faint" x="\(x + 4)" y="\(y + 15)">\(note(node))</text>
      """
  }

  private func note(_ node: String) -> String {
    let users = (shared[node] ?? []).map { title($0.user) }
    guard !users.isEmpty else { return "" }
    let all = "shares with " + users.joined(separator: ", ")
    return all.count <= size.columns
      ? all : "shares with \(Words.count(users.count, "account"))"
  }
}
