extension CommandTable {
  /// What is wrong with the table itself, one sentence each; empty for a table that parser,
  /// help and completions can all stand on. Meant for the tests of whoever writes a table.
  public func problems() -> [String] {
    duplicates(commands.map(\.name)).map { "command '\($0)' stands twice" }
      + commands.flatMap { problems(of: $0) } + optionProblems(commonOptions, in: name)
  }

  private func problems(of command: Command) -> [String] {
    let path = "\(name) \(command.name)"
    return optionProblems(options(of: command), in: path)
      + argumentProblems(command.arguments, in: path)
      + (command.name.hasPrefix("-") || command.name.isEmpty ? ["\(path): bad name"] : [])
  }

  private func optionProblems(_ options: [Option], in path: String) -> [String] {
    let longs = duplicates(options.map(\.long) + ["help", "version"])
    let shorts = duplicates(options.compactMap(\.short).map(String.init) + ["h"])
    let fallbacks = options.filter { option in
      guard let fallback = option.fallback else { return false }
      return option.required || option.shape?.holds(fallback) != true
    }
    return longs.map { "\(path): option '--\($0)' stands twice" }
      + shorts.map { "\(path): option '-\($0)' stands twice" }
      + fallbacks.map { "\(path): option '--\($0.long)' can't have its default" }
      + options.filter { $0.required && $0.shape == nil }
      .map { "\(path): flag '--\($0.long)' is required" }
  }

  private func argumentProblems(_ arguments: [Argument], in path: String) -> [String] {
    var problems = duplicates(arguments.map(\.name)).map { "\(path): \($0) stands twice" }
    for (argument, next) in zip(arguments, arguments.dropFirst()) {
      if argument.count.takesAll { problems.append("\(path): \(next.name) is out of reach") }
      if argument.count == .optional && next.count.least > 0 {
        problems.append("\(path): \(next.name) is required behind an optional argument")
      }
    }
    return problems
  }

  private func duplicates(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
