import Spelling

/// Goes through the tokens of one command line.
struct ArgumentParser {
  let table: CommandTable
  private let tokens: [String]
  private var index = 0
  private var command: Command?
  private var given: [String: [String]] = [:]
  private var positionals: [String] = []

  init(table: CommandTable, tokens: [String]) {
    self.table = table
    self.tokens = tokens
  }

  /// The whole command line. To be called once.
  mutating func invocation() throws(UsageError) -> Invocation {
    var optionsEnded = false
    while let token = next() {
      if optionsEnded || token == "-" || !token.hasPrefix("-") {
        try take(word: token)
      } else if token == "--" {
        optionsEnded = true
      } else if token.hasPrefix("--") {
        try take(long: token.dropFirst(2))
      } else {
        try take(cluster: token.dropFirst())
      }
    }
    guard let command else { throw error("no command is given") }
    let options = table.options(of: command)
    for option in options where option.required && given[option.long] == nil {
      throw error("'\(table.name) \(command.name)' needs \(option.usage)")
    }
    return Invocation(
      command: command.name, options: options, given: given, positionals: positionals,
      named: try named(command))
  }

  private mutating func next() -> String? {
    guard index < tokens.count else { return nil }
    defer { index += 1 }
    return tokens[index]
  }

  private func error(_ message: String) -> UsageError {
    table.usageError(message, in: command)
  }

  private mutating func take(word: String) throws(UsageError) {
    if command == nil {
      command = try table.known(word)
    } else {
      positionals.append(word)
    }
  }

  // MARK: Options

  private mutating func take(long token: Substring) throws(UsageError) {
    let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = table.options(of: command).first(where: { $0.long == name }) else {
      throw unknown(name)
    }
    try take(option, as: "--\(name)", attached: parts.count == 2 ? String(parts[1]) : nil)
  }

  /// One-letter options in one token: `-qv`, `-ojson`, `-o=json`.
  private mutating func take(cluster: Substring) throws(UsageError) {
    var rest = cluster
    while let letter = rest.popFirst() {
      guard let option = table.options(of: command).first(where: { $0.short == letter }) else {
        throw error("unknown option '-\(letter)'")
      }
      if option.shape == nil {
        if rest.first == "=" { throw error("option '-\(letter)' takes no value") }
        try take(option, as: "-\(letter)", attached: nil)
      } else {
        let attached = rest.first == "=" ? rest.dropFirst() : rest
        try take(option, as: "-\(letter)", attached: rest.isEmpty ? nil : String(attached))
        return
      }
    }
  }

  private mutating func take(
    _ option: Option, as spelling: String, attached: String?
  ) throws(UsageError) {
    if given[option.long] != nil && !option.repeatable {
      throw error("option '\(spelling)' is given twice")
    }
    guard let shape = option.shape else {
      if attached != nil { throw error("option '\(spelling)' takes no value") }
      given[option.long, default: []].append("")
      return
    }
    let value: String
    if let attached {
      value = attached
    } else {
      value = try followingValue(option, spelling, shape)
    }
    try check(value, shape, "option '\(spelling)'")
    given[option.long, default: []].append(value)
  }

  /// The token behind an option, unless it looks like another option.
  private mutating func followingValue(
    _ option: Option, _ spelling: String, _ shape: ValueShape
  ) throws(UsageError) -> String {
    guard let token = next() else { throw error("option '\(option.usage)' lacks its value") }
    if token == "-" || !token.hasPrefix("-") { return token }
    if case .integer = shape, Int(token) != nil { return token }
    let form = spelling.hasPrefix("--") ? "\(spelling)=\(token)" : "\(spelling)\(token)"
    throw error(
      "option '\(option.usage)' lacks its value; if '\(token)' is meant, write \(form)")
  }

  private func unknown(_ name: String) -> UsageError {
    let options = table.options(of: command)
    let candidates = options.map(\.long) + ["help", "version"]
    if let nearest = nearestName(to: name, among: candidates) {
      return error("unknown option '--\(name)'; did you mean '--\(nearest)'?")
    }
    let owners = table.commands.filter { $0.options.contains { $0.long == name } }.map(\.name)
    if let command, !owners.isEmpty {
      return error("'\(table.name) \(command.name)' has no option '--\(name)'")
    }
    guard let owner = owners.first else { return error("unknown option '--\(name)'") }
    return error(
      "option '--\(name)' stands behind its command: \(table.name) \(owner) --\(name)")
  }

  // MARK: Values

  private func check(
    _ value: String, _ shape: ValueShape, _ what: String
  ) throws(UsageError) {
    guard !value.isEmpty else { throw error("\(what) has an empty value") }
    guard !shape.holds(value) else { return }
    switch shape {
    case .text, .file, .folder:
      throw error("\(what) can't be '\(value)'")
    case .choice(let words):
      let nearest = nearestName(to: value, among: words).map { "; did you mean '\($0)'?" } ?? ""
      throw error("\(what) is \(listed(words)), not '\(value)'\(nearest)")
    case .integer(let range):
      throw error("\(what) is a whole number \(bounds(range)), not '\(value)'")
    }
  }

  private func listed(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private func bounds(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "from \(range.lowerBound) on" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  /// Positional arguments by their names in the table.
  private func named(_ command: Command) throws(UsageError) -> [String: [String]] {
    var named: [String: [String]] = [:]
    var rest = positionals[...]
    for argument in command.arguments {
      let taken = argument.count.takesAll ? rest : rest.prefix(1)
      guard taken.count >= argument.count.least else {
        throw error("'\(table.name) \(command.name)' needs \(argument.name)")
      }
      for value in taken { try check(value, argument.shape, argument.name) }
      if !taken.isEmpty { named[argument.name] = Array(taken) }
      rest = rest.dropFirst(taken.count)
    }
    if let extra = rest.first {
      throw error("'\(table.name) \(command.name)' has no use for '\(extra)'")
    }
    return named
  }
}

extension Argument.Count {
  /// How many values it needs.
  var least: Int {
    switch self {
    case .required: 1
    case .optional: 0
    case .repeating(let least): least
    }
  }

  /// Whether it takes all values that are left.
  var takesAll: Bool {
    if case .repeating = self { true } else { false }
  }
}
