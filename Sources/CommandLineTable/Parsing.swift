import Spelling

extension CommandTable {
  /// Takes a command line apart.
  ///
  /// Options may stand before or behind positional arguments, those common to all commands also
  /// before the command; `--` ends them. `-h` and `--help` win wherever they stand, and then
  /// nothing else is checked but the command's name.
  ///
  /// - Parameter arguments: without the program's own name.
  public func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
    if let request = try requestForHelp(arguments) { return Invocation(request: request) }
    var parser = ArgumentParser(table: self, tokens: arguments)
    return try parser.invocation()
  }

  /// What a command line asks for that asks for help or the version; nil for any other.
  private func requestForHelp(_ tokens: [String]) throws(UsageError) -> Invocation.Request? {
    let tokens = tokens.prefix { $0 != "--" }
    let words = self.words(Array(tokens))
    if words.first == "help" && command(named: "help") == nil {
      guard words.count <= 2 else {
        throw usageError("'\(name) help' takes one command, not \(words.count - 1)")
      }
      guard words.count == 2, words[1] != "help" else { return .help(command: nil) }
      return .help(command: try known(words[1]).name)
    }
    if tokens.contains("--help") || tokens.contains(where: isClusterWithHelp) {
      guard let word = words.first else { return .help(command: nil) }
      return .help(command: try known(word).name)
    }
    return tokens.contains("--version") ? .version : nil
  }

  /// The tokens that are neither options nor, as far as can be told, values of options.
  private func words(_ tokens: [String]) -> [String] {
    var words: [String] = []
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      index += 1
      guard token.hasPrefix("-"), token != "-" else {
        words.append(token)
        continue
      }
      let options = options(of: words.first.flatMap(command(named:)))
      let takesNext = options.contains { option in
        option.shape != nil
          && (token == "--\(option.long)" || option.short.map { token == "-\($0)" } == true)
      }
      if takesNext, index < tokens.count, !tokens[index].hasPrefix("-") { index += 1 }
    }
    return words
  }

  /// Whether a token holds `-h`, alone or among other one-letter flags.
  private func isClusterWithHelp(_ token: String) -> Bool {
    guard token.hasPrefix("-"), !token.hasPrefix("--") else { return false }
    let all = commands.flatMap(\.options) + commonOptions
    for letter in token.dropFirst() {
      if let option = all.first(where: { $0.short == letter }) {
        if option.shape != nil { return false }
      } else {
        return letter == "h"
      }
    }
    return false
  }

  /// The command of that name; refuses an unknown one with the nearest.
  func known(_ word: String) throws(UsageError) -> Command {
    if let command = command(named: word) { return command }
    let nearest = nearestName(to: word, among: commands.map(\.name) + ["help"])
    let question = nearest.map { "; did you mean '\($0)'?" } ?? ""
    throw usageError("unknown command '\(word)'\(question)")
  }

  /// An error whose hint names the help of the command, or of the program for nil.
  func usageError(_ message: String, in command: Command? = nil) -> UsageError {
    let path = command.map { "\(name) \($0.name)" } ?? name
    return UsageError(message: message, hint: "see '\(path) --help'")
  }
}
