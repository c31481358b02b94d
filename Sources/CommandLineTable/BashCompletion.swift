extension CommandTable {
  /// Works from bash 3.2 on, with and without the package bash-completion.
  func bashCompletion() -> String {
    [
      "# bash completion for \(name)",
      bashEntry,
      bashReply,
      bashFunction("takes_value", cases: valueCases.map { ($0.pattern, "return 0") }, "return 1"),
      bashFunction("values", cases: bashWordCases),
      bashFunction("options", cases: bashOptionCases, bashEcho(offeredOptions(of: nil))),
      bashFunction("argument", cases: bashArgumentCases),
      "complete -F \(functionName) \(name)\n",
    ].joined(separator: "\n\n")
  }

  /// The function that bash calls: finds out what the cursor's word can be.
  private var bashEntry: String {
    """
    \(functionName)() {
      local cur="${COMP_WORDS[COMP_CWORD]}" command="" count=0 word value="" ended="" i
      COMPREPLY=()
      for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        if [[ -n "$value" ]]; then
          # bash makes three words of --option=value
          if [[ "$word" == "=" ]]; then continue; fi
          value=""
        elif [[ -z "$ended" && "$word" == "--" ]]; then
          ended=1
        elif [[ -z "$ended" && "$word" == -?* ]]; then
          if \(functionName)_takes_value "$command" "$word"; then value="$word"; fi
        elif [[ -z "$command" ]]; then
          command="$word"
        else
          count=$((count + 1))
        fi
      done
      if [[ -n "$value" ]]; then
        if [[ "$cur" == "=" ]]; then cur=""; fi
        \(functionName)_reply "$(\(functionName)_values "$command" "$value")" "$cur"
      elif [[ -z "$ended" && "$cur" == -* ]]; then
        \(functionName)_reply "$(\(functionName)_options "$command")" "$cur"
      elif [[ -z "$command" ]]; then
        \(functionName)_reply \(shellQuoted(commandWords)) "$cur"
      else
        \(functionName)_reply "$(\(functionName)_argument "$command" "$count")" "$cur"
      fi
    }
    """
  }

  private var bashReply: String {
    """
    # Offers those of the words that begin with the text; <file> and <folder> stand for paths.
    \(functionName)_reply() {
      local found line
      case "$1" in
        "<file>") found="$(compgen -f -- "$2")" ;;
        "<folder>") found="$(compgen -d -- "$2")" ;;
        *) found="$(IFS=' '; compgen -W "$1" -- "$2")" ;;
      esac
      if [[ "$1" == "<"* ]]; then compopt -o filenames 2>/dev/null; fi
      if [[ -z "$found" ]]; then return; fi
      while IFS= read -r line; do COMPREPLY+=("$line"); done <<< "$found"
    }
    """
  }

  private var commandWords: String {
    (commands.map(\.name) + ["help"]).joined(separator: " ")
  }

  /// A function that looks at its first two arguments, joined by a blank.
  private func bashFunction(
    _ suffix: String, cases: [(pattern: String, action: String)], _ otherwise: String? = nil
  ) -> String {
    let lines =
      cases.map { "    \($0.pattern)) \($0.action) ;;" }
      + (otherwise.map { ["    *) \($0) ;;"] } ?? [])
    return (["\(functionName)_\(suffix)() {", "  case \"$1 ${2-}\" in"] + lines + ["  esac", "}"])
      .joined(separator: "\n")
  }

  /// For each option with a value, the pattern that it matches and the words that may follow.
  private var valueCases: [(pattern: String, words: String)] {
    let own = commands.flatMap { command in
      command.options.map { (command.name, $0) }
    }
    return (own + commonOptions.map { ("*", $0) }).compactMap { owner, option in
      guard let shape = option.shape else { return nil }
      let start = owner == "*" ? "*' " : "'\(owner) "
      let short = option.short.map { "|\(start)-\($0)'" } ?? ""
      return ("\(start)--\(option.long)'\(short)", shape.bashWords)
    }
  }

  private var bashWordCases: [(pattern: String, action: String)] {
    valueCases.filter { !$0.words.isEmpty }
      .map { ($0.pattern, "echo \(shellQuoted($0.words))") }
  }

  private var bashOptionCases: [(pattern: String, action: String)] {
    commands.map { ("'\($0.name) '*", bashEcho(offeredOptions(of: $0))) }
  }

  private func bashEcho(_ options: [Option]) -> String {
    let names = options.flatMap { option in
      ["--\(option.long)"] + (option.short.map { ["-\($0)"] } ?? [])
    }
    return "echo \(shellQuoted(names.joined(separator: " ")))"
  }

  private var bashArgumentCases: [(pattern: String, action: String)] {
    let own = commands.flatMap { command in
      command.arguments.enumerated().compactMap { index, argument in
        let words = argument.shape.bashWords
        guard !words.isEmpty else { return nil as (String, String)? }
        let place = argument.count.takesAll ? "'*" : "\(index)'"
        return ("'\(command.name) \(place)", "echo \(shellQuoted(words))")
      }
    }
    let names = commands.map(\.name).joined(separator: " ")
    return own + [("'help 0'", "echo \(shellQuoted(names))")]
  }
}

extension ValueShape {
  /// The words to offer, or a sign that stands for paths; empty where nothing can be offered.
  fileprivate var bashWords: String {
    switch self {
    case .text, .integer: ""
    case .file: "<file>"
    case .folder: "<folder>"
    case .choice(let words): words.joined(separator: " ")
    }
  }
}
