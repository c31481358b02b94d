/// Who shares what with whom: a picture, and the same as a table.
struct SharingSection {
  private let picture: SharingPicture
  /// A picture of more can't be read; a table can.
  private static let most = 60
  private static let mostRows = 300

  init(_ picture: SharingPicture) {
    self.picture = picture
  }

  var html: HTML {
    guard !picture.edges.isEmpty else {
      return .section("Sharing", "<p>No account shares anything with another.</p>")
    }
    let sharing = Set(picture.edges.flatMap { [$0.owner, $0.user] })
    let all = picture.order.joined().filter(sharing.contains)
    let nodes = Array(all.prefix(Self.most))
    let rest = all.count - nodes.count
    let more: HTML =
      rest > 0 ? "<p class=\"faint\">\(rest) more are in the table only.</p>" : .nothing
    return .section(
      "Sharing",
      """
      <p>Owners stand above those that they share with, which is the order in which a restore \
      works. The thicker an arc, the more is shared.</p>
      <figure>
      \(SharingSVG(picture, nodes: nodes, size: .wide).svg)
      \(SharingSVG(picture, nodes: nodes, size: .narrow).svg)
      </figure>
      \(more)\(circles)
      <details><summary>The same as a table</summary>
      \(table)
      </details>
      """)
  }

  private var circles: HTML {
    let circles = picture.order.filter { $0.count > 1 }
    guard !circles.isEmpty else { return .nothing }
    let items = circles.map { circle -> HTML in
      let names = circle.map { Words.account($0, picture.names) }.joined(separator: ", ")
      return "<li>\(names) share in a circle.</li>"
    }
    return "<ul class=\"notes warning\">\n\(items)\n</ul>"
  }

  private var table: HTML {
    let rows = picture.edges.prefix(Self.mostRows).map { edge -> [HTML] in
      [
        "\(Words.account(edge.owner, picture.names))",
        "\(Words.account(edge.user, picture.names))",
        HTML.breakable(Words.first(6, of: edge.resources)),
        HTML.breakable(Words.first(6, of: edge.links)),
      ]
    }
    return .table(
      "What each owner shares with each user", ["Owner", "User", "Shared", "Links"], rows)
  }
}
