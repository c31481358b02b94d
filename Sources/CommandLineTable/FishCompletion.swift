extension CommandTable {
  func fishCompletion() -> String {
    let before = "_\(functionName)_in ''"
    var lines = commands.map { fishLine(before, "-a \($0.name)", $0.summary) }
    lines.append(fishLine(before, "-a help", "tell more about a command"))
    lines += offeredOptions(of: nil).map { option in
      fishLine(option.long == "version" ? before : nil, fishArguments(option), option.summary)
    }
    for command in commands {
      let condition = "_\(functionName)_in \(command.name)"
      lines += command.options.map { fishLine(condition, fishArguments($0), $0.summary) }
      lines += command.arguments.compactMap { argument in
        argument.shape.fishArguments.map { fishLine(condition, $0, argument.summary) }
      }
    }
    lines += commands.map { fishLine("_\(functionName)_in help", "-a \($0.name)", $0.summary) }
    let start = ["# fish completion for \(name)", "", fishCondition, "", "complete -c \(name) -f"]
    return (start + lines).joined(separator: "\n") + "\n"
  }

  /// A function that tells whether a command stands before the cursor; '' asks for none.
  private var fishCondition: String {
    let taking = commonOptions.filter { $0.shape != nil }.flatMap { option in
      ["--\(option.long)"] + (option.short.map { ["-\($0)"] } ?? [])
    }
    // Behind `case` there has to be something; no word is empty.
    let patterns = (taking + ["''"]).joined(separator: " ")
    return """
      function _\(functionName)_in
          set -l command ''
          set -l skip no
          for word in (commandline -opc)[2..-1]
              if test $skip = yes
                  set skip no
                  continue
              end
              switch $word
                  case \(patterns)
                      set skip yes
                  case '-*'
                      continue
                  case '*'
                      set command $word
                      break
              end
          end
          test "$command" = "$argv[1]"
      end
      """
  }

  private func fishLine(_ condition: String?, _ arguments: String, _ summary: String) -> String {
    let when = condition.map { " -n \(fishQuoted($0))" } ?? ""
    return "complete -c \(name)\(when) \(arguments) -d \(fishQuoted(summary))"
  }

  private func fishArguments(_ option: Option) -> String {
    let short = option.short.map { " -s \($0)" } ?? ""
    guard let shape = option.shape else { return "-l \(option.long)\(short)" }
    return "-l \(option.long)\(short) -r \(shape.fishArguments ?? "-f")"
  }
}

/// A text in single quotes as fish reads them.
private func fishQuoted(_ text: String) -> String {
  "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
}

extension ValueShape {
  fileprivate var fishArguments: String? {
    switch self {
    case .text, .integer: nil
    case .file: "-F"
    case .folder: "-f -a '(__fish_complete_directories)'"
    case .choice(let words): "-f -a \(fishQuoted(words.joined(separator: " ")))"
    }
  }
}
