/// Text in the form of ``Command/details``, cut into paragraphs.
enum Paragraph: Equatable {
  /// Words that may be wrapped.
  case flowing(String)
  /// Lines that stay as they are.
  case verbatim([String])

  static func all(in text: String) -> [Paragraph] {
    var paragraphs: [Paragraph] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let isBlank = line.allSatisfy(\.isWhitespace)
      switch (paragraphs.last, line.first?.isWhitespace == true) {
      case _ where isBlank: paragraphs.append(.flowing(""))
      case (.verbatim(let lines), true):
        paragraphs[paragraphs.count - 1] = .verbatim(lines + [line])
      case (_, true): paragraphs.append(.verbatim([line]))
      case (.flowing(let start), false) where !start.isEmpty:
        paragraphs[paragraphs.count - 1] = .flowing("\(start) \(line)")
      default: paragraphs.append(.flowing(line))
      }
    }
    return paragraphs.filter { $0 != .flowing("") }
  }
}

/// Lays out text in lines of limited width.
struct TextLayout {
  /// The widest name that a summary stands beside; behind wider ones it starts a new line.
  private static let widestName = 26

  let width: Int

  /// - Parameter width: in characters; less than 40 is taken for 40.
  init(width: Int) {
    self.width = max(40, width)
  }

  /// Words in lines, the first of which begins at a column that is already reached.
  func wrap(_ text: String, indent: Int = 0) -> [String] {
    let room = max(16, width - indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty && line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// Paragraphs parted by blank lines.
  func paragraphs(_ text: String) -> [String] {
    let blocks = Paragraph.all(in: text).map { paragraph in
      switch paragraph {
      case .flowing(let words): wrap(words)
      case .verbatim(let lines): lines
      }
    }
    return Array(blocks.joined(separator: [""]))
  }

  /// Blocks of names on the left, their summaries wrapped beside them in one column.
  func tables(
    _ blocks: [(heading: String, rows: [(name: String, summary: String)])]
  ) -> [[String]] {
    let names = blocks.flatMap { $0.rows.map(\.name.count) }.filter { $0 <= Self.widestName }
    let indent = (names.max() ?? 6) + 4
    return blocks.map { block in
      ["\(block.heading):"] + block.rows.flatMap { row($0.name, $0.summary, indent) }
    }
  }

  private func row(_ name: String, _ summary: String, _ indent: Int) -> [String] {
    let start = "  " + name
    let wrapped = wrap(summary, indent: indent)
    let padding = String(repeating: " ", count: indent)
    guard start.count + 2 <= indent, let first = wrapped.first else {
      return [start] + wrapped.map { padding + $0 }
    }
    let gap = String(repeating: " ", count: indent - start.count)
    return [start + gap + first] + wrapped.dropFirst().map { padding + $0 }
  }
}

/// The elements under their headings, headings in the order in which they first appear.
func grouped<Element>(
  _ elements: [Element], by heading: (Element) -> String
) -> [(heading: String, elements: [Element])] {
  var groups: [(heading: String, elements: [Element])] = []
  for element in elements {
    if let index = groups.firstIndex(where: { $0.heading == heading(element) }) {
      groups[index].elements.append(element)
    } else {
      groups.append((heading(element), [element]))
    }
  }
  return groups
}
