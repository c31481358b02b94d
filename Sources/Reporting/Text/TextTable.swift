/// A table that fits the width of its page: in columns where they fit, else each row as a block.
struct TextTable {
  struct Column {
    let title: String
    var right = false
  }

  let columns: [Column]
  var rows: [[Ink]] = []

  init(_ columns: Column...) { self.init(columns: columns) }

  init(columns: [Column]) { self.columns = columns }

  /// - Parameter cells: one for each column.
  mutating func row(_ cells: Ink...) { rows.append(cells) }

  func add(to page: inout TextPage, indent: Int = 2) {
    let widths = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0[index].text }).map(Printable.columns).max() ?? 0
    }
    let total = widths.reduce(indent, +) + 2 * (columns.count - 1)
    if total <= page.style.width {
      addColumns(widths, to: &page, indent)
    } else {
      addBlocks(to: &page, indent)
    }
  }

  private func addColumns(_ widths: [Int], to page: inout TextPage, _ indent: Int) {
    let titles = columns.map { Ink($0.title, .faint) }
    let hasTitles = columns.contains { !$0.title.isEmpty }
    for cells in (hasTitles ? [titles] : []) + rows {
      var line: [Ink] = []
      for (index, cell) in cells.enumerated() {
        let padded = Printable.pad(cell.text, to: widths[index], right: columns[index].right)
        line += [Ink(padded, cell.tone), Ink("  ")]
      }
      page.add(line.dropLast(), indent: indent)
    }
  }

  private func addBlocks(to page: inout TextPage, _ indent: Int) {
    for cells in rows {
      guard let head = cells.first else { continue }
      page.add([head], indent: indent)
      var line: [Ink] = []
      for (column, cell) in zip(columns, cells).dropFirst() where !cell.text.isEmpty {
        if !line.isEmpty { line.append("  ") }
        if !column.title.isEmpty { line.append(Ink("\(column.title) ", .faint)) }
        line.append(cell)
      }
      if !line.isEmpty { page.add(line, indent: indent + 2) }
    }
  }
}

extension TextPage {
  fileprivate mutating func add(_ pieces: ArraySlice<Ink>, indent: Int) {
    add(Array(pieces), indent: indent)
  }
}
