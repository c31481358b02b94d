extension CommandTable {
  /// The help that `--help` prints, ending in a line feed.
  ///
  /// - Parameters:
  ///   - command: a command of the table; nil, or a name that is none, for the program's own.
  ///   - width: in characters, at least 40.
  public func help(for command: String?, width: Int = 80) -> String {
    let layout = TextLayout(width: width)
    let blocks =
      command.flatMap(self.command(named:)).map { page(of: $0, layout) } ?? page(layout)
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  /// The command with its arguments, as it is typed: `meshdr show SNAPSHOT [KIND [KEY]]`.
  func usage(of command: Command) -> String {
    let required = command.options.filter(\.required).map(\.usage)
    let arguments = command.arguments.reversed().reduce("") { rest, argument in
      let rest = rest.isEmpty ? "" : " \(rest)"
      return switch argument.count {
      case .required: argument.name + rest
      case .optional: "[\(argument.name)\(rest)]"
      case .repeating(let least): least > 0 ? "\(argument.name)…" : "[\(argument.name)…]"
      }
    }
    return ([name, command.name] + required + [arguments, "[options]"])
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func page(_ layout: TextLayout) -> [[String]] {
    let groups = grouped(commands) { $0.group ?? "commands" }
      .map { ($0.heading, $0.elements.map { ($0.name, $0.summary) }) }
    return [layout.wrap("\(name): \(summary)"), ["usage: \(name) COMMAND [options]"]]
      + [layout.paragraphs(details)] + layout.tables(groups) + optionBlocks(of: nil, layout)
      + [layout.wrap("'\(name) help COMMAND' tells more about a command.")]
  }

  private func page(of command: Command, _ layout: TextLayout) -> [[String]] {
    let arguments = command.arguments.map { ($0.name, summary(of: $0)) }
    return [
      layout.wrap("\(name) \(command.name): \(command.summary)"),
      hanging("usage: \(usage(of: command))", layout),
      layout.paragraphs(command.details),
    ] + (arguments.isEmpty ? [] : layout.tables([("arguments", arguments)]))
      + optionBlocks(of: command, layout)
  }

  private func hanging(_ text: String, _ layout: TextLayout) -> [String] {
    let lines = layout.wrap(text, indent: 7)
    return lines.prefix(1) + lines.dropFirst().map { "       \($0)" }
  }

  private func optionBlocks(of command: Command?, _ layout: TextLayout) -> [[String]] {
    let groups = optionGroups(of: command)
    return layout.tables(
      groups.map { ($0.heading, $0.elements.map { (heading(of: $0), summary(of: $0)) }) })
  }

  /// A command's options under their headings, the common ones last, `--help` among them.
  func optionGroups(of command: Command?) -> [(heading: String, elements: [Option])] {
    let help = Option("help", short: "h", summary: "show this help")
    let version = Option("version", summary: "show the version")
    let common = commonOptions + [help] + (command == nil ? [version] : [])
    return grouped(command?.options ?? []) { $0.group ?? "options" }
      + grouped(common) { $0.group ?? "common options" }
  }

  /// `-o, --output text|json`, long names aligned.
  private func heading(of option: Option) -> String {
    (option.short.map { "-\($0), " } ?? "    ") + option.usage
  }

  /// The summary, and what the table knows beyond it.
  func summary(of option: Option) -> String {
    var notes: [String] = []
    if let fallback = option.fallback { notes.append("default: \(fallback)") }
    if option.repeatable { notes.append("repeatable") }
    return ([option.summary] + (notes.isEmpty ? [] : ["(\(notes.joined(separator: "; ")))"]))
      .joined(separator: " ")
  }

  func summary(of argument: Argument) -> String {
    guard case .choice(let words) = argument.shape else { return argument.summary }
    let choices = words.joined(separator: "|")
    return argument.name == choices ? argument.summary : "\(argument.summary) (\(choices))"
  }
}
