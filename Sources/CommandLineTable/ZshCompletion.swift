extension CommandTable {
  /// Works as a file of `fpath` and sourced.
  func zshCompletion() -> String {
    """
    #compdef \(name)

    \(functionName)() {
      local curcontext="$curcontext" state line ret=1
      local -a commands common
      typeset -A opt_args
      common=(
    \(indented(zshCommonSpecs, by: 4))
      )
      _arguments -C -s -S -A '-*' $common \\
        '(--version)--version[show the version]' \\
        ': :->command' '*:: :->arguments' && ret=0
      case $state in
        command)
          commands=(
    \(indented(zshCommandList, by: 8))
          )
          _describe -t commands '\(name) command' commands && ret=0
          ;;
        arguments)
          curcontext="${curcontext%:*:*}:\(name)-$line[1]:"
          case $line[1] in
    \(commands.flatMap(zshCase).joined(separator: "\n"))
            help)
              _arguments ':command:(\(commands.map(\.name).joined(separator: " ")))' && ret=0
              ;;
          esac
          ;;
      esac
      return ret
    }

    if [[ $funcstack[1] == \(functionName) ]]; then
      \(functionName) "$@"
    else
      compdef \(functionName) \(name)
    fi

    """
  }

  private func indented(_ lines: [String], by count: Int) -> String {
    lines.map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
  }

  private var zshCommonSpecs: [String] {
    offeredOptions(of: nil).filter { $0.long != "version" }.flatMap(zshSpecs)
  }

  private var zshCommandList: [String] {
    let help = Command(name: "help", summary: "tell more about a command")
    return (commands + [help]).map { command in
      shellQuoted("\(zshEscaped(command.name, ":")):\(command.summary)")
    }
  }

  private func zshCase(_ command: Command) -> [String] {
    let arguments = command.arguments.map { argument in
      let start =
        switch argument.count {
        case .required: ":"
        case .optional: "::"
        case .repeating: "*:"
        }
      return shellQuoted("\(start)\(zshEscaped(argument.name, ":")):\(argument.shape.zshAction)")
    }
    let specs = command.options.flatMap(zshSpecs) + arguments
    let lines = specs.map { "            \($0) \\" } + ["            && ret=0"]
    return ["        \(command.name))", "          _arguments -s -S $common \\"] + lines
      + ["          ;;"]
  }

  /// A specification for each spelling of an option, each shutting out the others.
  private func zshSpecs(_ option: Option) -> [String] {
    let names = ["--\(option.long)"] + (option.short.map { ["-\($0)"] } ?? [])
    let exclusion = option.repeatable ? "*" : "(\(names.joined(separator: " ")))"
    var rest = "[\(zshEscaped(option.summary, "[]:"))]"
    var signs = ["", ""]
    if case .required(let name, let shape) = option.value {
      rest += ":\(zshEscaped(name, ":")):\(shape.zshAction)"
      signs = ["=", "+"]
    }
    return zip(names, signs).map { shellQuoted("\(exclusion)\($0)\($1)\(rest)") }
  }

  /// With backslashes before the characters that part a specification.
  private func zshEscaped(_ text: String, _ special: String) -> String {
    text.map { special.contains($0) || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }
}

extension ValueShape {
  fileprivate var zshAction: String {
    switch self {
    case .text, .integer: " "
    case .file: "_files"
    case .folder: "_files -/"
    case .choice(let words): "(\(words.joined(separator: " ")))"
    }
  }
}
