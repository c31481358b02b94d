extension CommandTable {
  /// The manual page in roff's man macros, section 1, for `man -l` or a package.
  ///
  /// - Parameter date: what the page's foot gives as its date; may be empty.
  public func manPage(date: String = "") -> String {
    var page = RoffPage()
    let source = version.isEmpty ? name : "\(name) \(version)"
    page.request("TH", [name.uppercased(), "1", date, source, "User Commands"])
    page.section("NAME")
    page.line("\(RoffPage.escaped(name)) \\- \(RoffPage.escaped(summary))")
    page.section("SYNOPSIS")
    page.line("\\fB\(RoffPage.escaped(name))\\fR \\fICOMMAND\\fR [\\fIoptions\\fR]")
    if !details.isEmpty {
      page.section("DESCRIPTION")
      page.paragraphs(details)
    }
    for group in grouped(commands, by: { $0.group ?? "commands" }) {
      page.section(group.heading.uppercased())
      for command in group.elements { write(command, to: &page) }
    }
    for group in optionGroups(of: nil) {
      page.section(group.heading.uppercased())
      for option in group.elements { write(option, to: &page) }
    }
    for section in sections {
      page.section(section.title.uppercased())
      page.paragraphs(section.text)
    }
    return page.text
  }

  private func write(_ command: Command, to page: inout RoffPage) {
    page.request("SS", [usage(of: command)])
    page.paragraphs(command.summary.capitalizedSentence)
    page.paragraphs(command.details)
    for argument in command.arguments {
      page.tagged("\\fI\(RoffPage.escaped(argument.name))\\fR", summary(of: argument))
    }
    for option in command.options { write(option, to: &page) }
  }

  private func write(_ option: Option, to page: inout RoffPage) {
    let short = option.short.map { "\\fB\\-\(RoffPage.escaped(String($0)))\\fR, " } ?? ""
    var tag = "\(short)\\fB\\-\\-\(RoffPage.escaped(option.long))\\fR"
    if case .required(let name, _) = option.value { tag += " \\fI\(RoffPage.escaped(name))\\fR" }
    page.tagged(tag, summary(of: option))
  }
}

/// Lines of roff.
private struct RoffPage {
  private(set) var text = ""

  /// A text in which roff finds no requests, escapes or hyphens to turn into dashes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&\(result)" : result
  }

  mutating func line(_ line: String) {
    text += line + "\n"
  }

  mutating func request(_ name: String, _ arguments: [String]) {
    let quoted = arguments.map { argument in
      let inner = Self.escaped(argument).split(separator: "\"", omittingEmptySubsequences: false)
      return "\"\(inner.joined(separator: "\\(dq"))\""
    }
    line(".\(name) \(quoted.joined(separator: " "))")
  }

  mutating func section(_ title: String) {
    request("SH", [title])
  }

  mutating func tagged(_ tag: String, _ text: String) {
    line(".TP")
    line(tag)
    line(Self.escaped(text))
  }

  mutating func paragraphs(_ text: String) {
    for paragraph in Paragraph.all(in: text) {
      line(".PP")
      switch paragraph {
      case .flowing(let words):
        line(Self.escaped(words))
      case .verbatim(let lines):
        line(".nf")
        for verbatim in lines { line(Self.escaped(verbatim)) }
        line(".fi")
      }
    }
  }
}

extension String {
  /// With a capital at its beginning and a full stop at its end.
  fileprivate var capitalizedSentence: String {
    let sentence = prefix(1).uppercased() + dropFirst()
    return sentence.last.map { ".!?".contains($0) } == false ? sentence + "." : sentence
  }
}
