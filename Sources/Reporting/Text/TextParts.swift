import MeshModel

extension TextPage {
  mutating func add(_ table: TextTable) { table.add(to: &self) }

  /// Texts, each on a line of its own, and how many more there are.
  mutating func list(_ texts: [String], limit: Int, indent: Int = 2) {
    for text in texts.prefix(limit) { add(Ink(text), indent: indent) }
    if texts.count > limit {
      add(Ink("and \(Figures.count(texts.count - limit)) more", .faint), indent: indent)
    }
  }

  mutating func warnings(_ warnings: [String]) {
    guard !warnings.isEmpty else { return }
    heading("Warnings")
    for warning in warnings { add(Ink("! ", .warning), Ink(warning), indent: 2) }
  }

  /// What is left for a person.
  /// - Parameter commands: of how many steps the commands are told.
  mutating func manual(_ steps: [ManualStep], accounts: [String: String], commands: Int) {
    guard !steps.isEmpty else { return }
    heading("Left for a person", Ink(": \(Words.count(steps.count, "record"))", .warning))
    for (index, step) in steps.enumerated() {
      add(
        Ink("! ", .warning), Ink("\(Words.kind(step.key.kindName)) \(step.key.name)"),
        Ink(" (\(Words.account(step.key.account, accounts)))", .faint), Ink(": \(step.reason)"),
        indent: 2, hanging: 4)
      guard index < commands else { continue }
      for command in step.commands { addVerbatim(command, indent: 4) }
    }
  }

  /// A failure with what names it and what AWS said.
  mutating func add(_ failure: RestoreResult.Failure, accounts: [String: String]) {
    let name = failure.kind == "account" ? Words.account(failure.key, accounts) : failure.key
    add(
      Ink("✗ ", .bad), Ink("\(Words.kind(failure.kind)) "), Ink(name, .strong),
      indent: 2, hanging: 4)
    add(Ink(failure.code, .bad), Ink(": \(failure.message)"), indent: 4)
  }
}

/// The mapping that was used, in the order of how often.
enum MappingText {
  static func sorted(_ mappings: [Mapper.Use: Int]) -> [(use: Mapper.Use, count: Int)] {
    mappings.map { (use: $0.key, count: $0.value) }.sorted { left, right in
      (right.count, left.use.from, left.use.to) < (left.count, right.use.from, right.use.to)
    }
  }

  /// What one source of the mapping gave.
  static func table(_ mappings: [Mapper.Use: Int], source: String) -> TextTable {
    var table = TextTable(.init(title: ""), .init(title: ""), .init(title: "", right: true))
    for (use, count) in sorted(mappings) where use.source == source {
      table.row(
        Ink(name(use.from)), Ink("→ \(name(use.to))"), Ink(Words.whole(Words.count(count, "time"))))
    }
    return table
  }

  /// A bucket without its scheme; any other name as it is.
  static func name(_ text: String) -> String {
    text.hasPrefix("s3://") ? String(text.dropFirst(5)) : text
  }
}
