/// A shell that completions are made for.
public enum Shell: String, Sendable, CaseIterable {
  case bash, zsh, fish
}

extension CommandTable {
  /// A script that makes a shell complete this program's commands, options and values.
  ///
  /// For bash it is to be sourced; for zsh it is a file of `fpath` or to be sourced after
  /// `compinit`; for fish it is a file of its completions folder. None of them runs the program.
  public func completions(_ shell: Shell) -> String {
    switch shell {
    case .bash: bashCompletion()
    case .zsh: zshCompletion()
    case .fish: fishCompletion()
    }
  }

  /// The program's name fit for the name of a shell function.
  var functionName: String {
    "_" + name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_" }.joined()
  }

  /// The options that a command line with this command may hold, `--help` among them.
  func offeredOptions(of command: Command?) -> [Option] {
    optionGroups(of: command).flatMap(\.elements)
  }
}

/// A text in single quotes, for bash, zsh and other shells of that family.
func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}
