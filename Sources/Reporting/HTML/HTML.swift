/// A piece of HTML or SVG. What is interpolated into its literal is escaped, unless it is HTML
/// itself: so no text from elsewhere can become markup.
struct HTML: Sendable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral value: String) {
    source = value
  }

  init(stringInterpolation: StringInterpolation) {
    source = stringInterpolation.source
  }

  /// Pieces that follow one another, a line each.
  init(_ pieces: [HTML]) {
    source = pieces.map(\.source).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  static let nothing: HTML = ""

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ html: HTML) { source += html.source }
    mutating func appendInterpolation(_ pieces: [HTML]) { source += HTML(pieces).source }
    mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }

    /// Text whose line feeds stay.
    mutating func appendInterpolation(lines text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      source += lines.map { HTML.escaped(String($0)) }.joined(separator: "\n")
    }

    mutating func appendInterpolation(_ count: Int) { source += Figures.count(count) }

    /// A coordinate, with one decimal at most.
    mutating func appendInterpolation(_ value: Double) { source += Figures.decimal(value) }
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in Printable.clean(text).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension HTML {
  /// A whole page that asks nobody for anything, and runs nothing.
  /// - Parameter styles: beside those that every page has.
  static func page(title: String, styles: [HTML], _ body: HTML) -> String {
    let styles =
      [Stylesheet.css, Stylesheet.verdict, Stylesheet.body, Stylesheet.picture] + styles
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(styles)
      </style>
      </head>
      <body>
      <main>
      \(body)
      </main>
      </body>
      </html>

      """
    return page.source
  }

  /// One of the facts below a verdict.
  static func fact(
    _ name: String, _ value: String, _ tone: Tone, _ remark: String, picture: HTML = .nothing
  ) -> HTML {
    """
    <div class="\(tone.name)"><dt>\(name)</dt>\
    <dd><b class="tone">\(value)</b>\(picture)<span>\(remark)</span></dd></div>
    """
  }

  /// A drawing in a circle, in the colour of the text around it.
  static func icon(_ path: HTML) -> HTML {
    """
    <svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="3" \
    stroke-linecap="round"><circle cx="24" cy="24" r="21"/>\(path)</svg>
    """
  }

  /// A part of the page under a heading of its own.
  static func section(_ title: String, _ body: HTML...) -> HTML {
    """
    <section>
    <h2>\(title)</h2>
    \(body)
    </section>
    """
  }

  /// A table. One of more than two columns becomes a list of blocks on a narrow screen; the
  /// roles keep it a table for those who hear it.
  /// - Parameters:
  ///   - numbers: which columns hold numbers.
  ///   - rows: their cells, one for each title.
  static func table(
    _ caption: String, _ titles: [String], numbers: Set<Int> = [], _ rows: [[HTML]]
  ) -> HTML {
    let heads = titles.enumerated().map { index, title -> HTML in
      "<th role=\"columnheader\" scope=\"col\"\(number(index, numbers))>\(title)</th>"
    }
    let lines = rows.map { row(titles, numbers, $0) }
    let kind: HTML = titles.count > 2 ? " class=\"broad\"" : ""
    return """
      <table role="table"\(kind)>
      <caption>\(caption)</caption>
      <thead role="rowgroup"><tr role="row">\(heads)</tr></thead>
      <tbody role="rowgroup">
      \(lines)
      </tbody>
      </table>
      """
  }

  private static func row(_ titles: [String], _ numbers: Set<Int>, _ cells: [HTML]) -> HTML {
    let cells = cells.enumerated().map { index, cell -> HTML in
      if index == 0 { return "<th role=\"rowheader\" scope=\"row\">\(cell)</th>" }
      let label = titles[index]
      return """
        <td role="cell" data-label="\(label)"\(number(index, numbers))>\(cell)</td>
        """
    }
    return "<tr role=\"row\">\(cells)</tr>"
  }

  private static func number(_ index: Int, _ numbers: Set<Int>) -> HTML {
    numbers.contains(index) ? " class=\"number\"" : ""
  }

  /// A name that is not broken at its hyphens.
  static func whole(_ name: String) -> HTML { "<span class=\"whole\">\(name)</span>" }

  /// A key, in the type of code.
  static func code(_ text: String) -> HTML { "<code>\(breakable(text))</code>" }

  /// Text whose long words may be broken between their parts: `a/b.c`, `NotFoundException`.
  static func breakable(_ text: String) -> HTML {
    var parts = [""]
    var last: Character = " "
    for character in text {
      let isHump = last.isLowercase && character.isUppercase
      if isHump || ("/.:_-,=".contains(last) && character != " ") { parts.append("") }
      parts[parts.count - 1].append(character)
      last = character
    }
    var html = HTML.nothing
    html.source = parts.map { ("\($0)" as HTML).source }.joined(separator: "<wbr>")
    return html
  }

  /// Keys, each on a line of its own; of very many the first.
  static func keys(_ keys: [String], limit: Int = 200) -> HTML {
    let items = keys.prefix(limit).map { "<li>\(HTML.code($0))</li>" as HTML }
    let rest = keys.count - limit
    let more: HTML = rest > 0 ? "<li>and \(rest) more</li>" : .nothing
    return "<ul class=\"keys\">\n\(items + [more])\n</ul>"
  }
}
