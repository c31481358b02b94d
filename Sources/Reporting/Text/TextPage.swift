/// Lines of text, each wrapped to the width of its style.
struct TextPage {
  let style: TextStyle
  private(set) var lines: [String] = []

  init(_ style: TextStyle) {
    self.style = style
  }

  var text: String { lines.joined(separator: "\n") }

  /// An empty line, unless there is one already or nothing above.
  mutating func gap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// A heading with an empty line above.
  mutating func heading(_ title: String, _ rest: Ink...) {
    gap()
    add([Ink(title, .strong)] + rest)
  }

  mutating func add(_ pieces: Ink..., indent: Int = 0, hanging: Int = 2) {
    add(pieces, indent: indent, hanging: hanging)
  }

  /// Adds pieces that follow one another.
  /// - Parameter hanging: how much further than the first line the others are indented.
  mutating func add(_ pieces: [Ink], indent: Int = 0, hanging: Int = 2) {
    var rest = pieces.flatMap { piece in piece.text.map { Glyph($0, piece.tone) } }[...]
    var margin = min(indent, style.width / 2)
    repeat {
      let line = rest.takeLine(of: style.width - margin)
      lines.append(String(repeating: " ", count: margin) + paint(line))
      margin = min(indent + hanging, style.width / 2)
    } while !rest.isEmpty
  }

  /// Adds text that is to be copied: its lines are neither wrapped nor cut.
  mutating func addVerbatim(_ text: String, indent: Int) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append(String(repeating: " ", count: indent) + Printable.clean(String(line)))
    }
  }

  private func paint(_ glyphs: ArraySlice<Glyph>) -> String {
    var pieces: [Ink] = []
    for glyph in glyphs {
      if pieces.last?.tone == glyph.tone {
        pieces[pieces.count - 1].text.append(glyph.shown)
      } else {
        pieces.append(Ink(String(glyph.shown), glyph.tone))
      }
    }
    return pieces.map { $0.painted(in: style) }.joined()
  }
}

/// One character with its tone and its width.
private struct Glyph {
  let character: Character
  let tone: Tone
  let columns: Int
  /// Whether a line may be broken here. A no-break space is none, though it is shown as one.
  let isBlank: Bool

  init(_ character: Character, _ tone: Tone) {
    self.character = character
    isBlank = character == " "
    self.tone = tone
    columns = Printable.columns(character)
  }

  var shown: Character { character == "\u{A0}" ? " " : character }

  /// Whether a long word may be broken behind it.
  var endsPart: Bool { "/.:,_-=".contains(character) }
}

extension ArraySlice<Glyph> {
  /// Removes and returns the glyphs of the next line, without the blanks at its end.
  fileprivate mutating func takeLine(of width: Int) -> ArraySlice<Glyph> {
    var end = startIndex
    var used = 0
    while end < endIndex, used + self[end].columns <= width {
      used += self[end].columns
      end += 1
    }
    if end < endIndex { end = breakPoint(before: Swift.max(end, startIndex + 1)) }
    var line = self[startIndex..<end]
    while line.last?.isBlank == true { line.removeLast() }
    self = self[end...].drop { $0.isBlank }
    return line
  }

  /// Where to break a line that is full at `end`: at a blank, within a long word behind one of its
  /// parts, or else right there.
  private func breakPoint(before end: Int) -> Int {
    guard !self[end].isBlank else { return end }
    let middle = startIndex + (end - startIndex) / 2
    let head = self[startIndex..<end]
    let blank = head.lastIndex { $0.isBlank }
    if let blank, blank >= middle { return blank + 1 }
    if let part = head.lastIndex(where: \.endsPart), part >= middle { return part + 1 }
    return blank.map { $0 > startIndex ? $0 + 1 : end } ?? end
  }
}
