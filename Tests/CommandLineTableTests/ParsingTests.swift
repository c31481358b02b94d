import CommandLineTable
import Testing

@Suite struct ParsingTests {
  func parse(_ line: String) throws(UsageError) -> Invocation {
    try small.parse(line.split(separator: " ").map(String.init))
  }

  func message(_ line: String) -> String? {
    do {
      _ = try parse(line)
      return nil
    } catch { return error.message }
  }

  @Test(arguments: [
    "copy --level=3 a b", "copy --level 3 a b", "copy a --level 3 b", "copy a b --level 3",
    "copy -l3 a b", "copy -l 3 a b", "copy -l=3 a b", "copy --level 3 -- a b", "copy a b -l3 --",
  ])
  func optionsStandAnywhere(line: String) throws {
    let invocation = try parse(line)
    #expect(invocation.request == .run)
    #expect(invocation.command == "copy")
    #expect(invocation.integer("level") == 3)
    #expect(invocation.argument("FROM") == "a")
    #expect(invocation.argument("TO") == "b")
    #expect(invocation.positionals == ["a", "b"])
  }

  @Test(arguments: [
    "--config f copy -q a", "-c f -q copy a", "-qcf copy a", "copy a --config=f --quiet",
    "--quiet copy --config f a",
  ])
  func commonOptionsStandBeforeTheCommandToo(line: String) throws {
    let invocation = try parse(line)
    #expect(invocation.value("config") == "f")
    #expect(invocation.flag("quiet"))
    #expect(!invocation.flag("force"))
  }

  @Test func dashesEndOptions() throws {
    let invocation = try parse("copy -- --level -x")
    #expect(invocation.positionals == ["--level", "-x"])
    #expect(try parse("copy -- --").positionals == ["--"])
    #expect(try parse("copy -- --help").request == .run)
    #expect(try parse("copy -- --version").request == .run)
    #expect(try parse("-- copy a").command == "copy")
  }

  @Test func loneDashIsAWord() throws {
    #expect(try parse("copy -").argument("FROM") == "-")
    #expect(try parse("copy a --config -").value("config") == "-")
  }

  @Test func valuesMayHoldAnything() throws {
    #expect(try parse("copy a --only=x=y").value("only") == "x=y")
    #expect(try parse("copy a --config=--force").value("config") == "--force")
    #expect(try parse("copy a --only help").value("only") == "help")
    #expect(try small.parse(["copy", "a b", "--only", "ü ''"]).value("only") == "ü ''")
  }

  @Test func negativeNumbersAreValues() throws {
    #expect(try parse("copy a --level -1").integer("level") == -1)
    #expect(try parse("copy a -l -1").integer("level") == -1)
  }

  @Test func repeatableOptionsAddUp() throws {
    let invocation = try parse("--only a copy x --only=b --only c -vv")
    #expect(invocation.values("only") == ["a", "b", "c"])
    #expect(invocation.value("only") == "c")
    #expect(invocation.count("verbose") == 2)
    #expect(try parse("join --into f a b c").arguments("PART") == ["a", "b", "c"])
  }

  @Test func defaultsHold() throws {
    let invocation = try parse("copy a")
    #expect(invocation.value("output") == "text")
    #expect(invocation.values("output") == ["text"])
    #expect(invocation.integer("jobs") == 4)
    #expect(!invocation.isGiven("output"))
    #expect(try parse("copy a -o json").isGiven("output"))
    #expect(invocation.value("config") == nil)
    #expect(invocation.values("only") == [])
    #expect(invocation.argument("TO") == nil)
  }

  @Test(arguments: [
    ("", "no command is given"),
    ("-q", "no command is given"),
    ("cpoy a", "unknown command 'cpoy'; did you mean 'copy'?"),
    ("prin", "unknown command 'prin'; did you mean 'print'?"),
    ("xyzzy", "unknown command 'xyzzy'"),
    ("copy a --forec", "unknown option '--forec'; did you mean '--force'?"),
    ("copy a --xyzzy", "unknown option '--xyzzy'"),
    ("copy a --xyzzy=1", "unknown option '--xyzzy'"),
    ("copy a -x", "unknown option '-x'"),
    ("copy a -fx", "unknown option '-x'"),
    ("copy a ---force", "unknown option '---force'; did you mean '--force'?"),
    ("copy a --=1", "unknown option '--'"),
    ("copy a --into f", "'tool copy' has no option '--into'"),
    ("--force copy a", "option '--force' stands behind its command: tool copy --force"),
    ("copy a --level", "option '--level N' lacks its value"),
    ("copy a -l", "option '--level N' lacks its value"),
    (
      "copy a --config --quiet",
      "option '--config FILE' lacks its value; if '--quiet' is meant, write --config=--quiet"
    ),
    (
      "copy a --config --",
      "option '--config FILE' lacks its value; if '--' is meant, write --config=--"
    ),
    ("copy a --config=", "option '--config' has an empty value"),
    ("copy a -c=", "option '-c' has an empty value"),
    ("copy a --force=yes", "option '--force' takes no value"),
    ("copy a --force=", "option '--force' takes no value"),
    ("copy a -f=1", "option '-f' takes no value"),
    ("copy a --level 1 -l 2", "option '-l' is given twice"),
    ("--config a copy a --config a", "option '--config' is given twice"),
    ("copy a -ff", "option '-f' is given twice"),
    ("copy a --output yaml", "option '--output' is text or json, not 'yaml'"),
    ("copy a --output jsn", "option '--output' is text or json, not 'jsn'; did you mean 'json'?"),
    ("copy a --level ten", "option '--level' is a whole number from -1 to 9, not 'ten'"),
    ("copy a --level 10", "option '--level' is a whole number from -1 to 9, not '10'"),
    ("copy a --jobs 0", "option '--jobs' is a whole number from 1 on, not '0'"),
    ("copy a --jobs 1.5", "option '--jobs' is a whole number from 1 on, not '1.5'"),
    (
      "copy a --jobs 99999999999999999999",
      "option '--jobs' is a whole number from 1 on, not '99999999999999999999'"
    ),
    ("copy", "'tool copy' needs FROM"),
    ("copy a b c", "'tool copy' has no use for 'c'"),
    ("join --into f", "'tool join' needs PART"),
    ("join a", "'tool join' needs --into FILE"),
    ("print fsh", "SHELL is bash or zsh, not 'fsh'; did you mean 'zsh'?"),
    ("help cpoy", "unknown command 'cpoy'; did you mean 'copy'?"),
    ("help copy join", "'tool help' takes one command, not 2"),
    ("cpoy --help", "unknown command 'cpoy'; did you mean 'copy'?"),
    ("hlep", "unknown command 'hlep'; did you mean 'help'?"),
  ])
  func refuses(line: String, expected: String) {
    #expect(message(line) == expected)
  }

  @Test func emptyWordsAreRefused() {
    #expect(throws: UsageError.self) { try small.parse([""]) }
    #expect(throws: UsageError.self) { try small.parse(["copy", ""]) }
    #expect(throws: UsageError.self) { try small.parse(["copy", "a", "--only", ""]) }
  }

  @Test func hintNamesTheHelpToRead() {
    #expect(throws: UsageError(message: "no command is given", hint: "see 'tool --help'")) {
      try parse("")
    }
    #expect(throws: UsageError(message: "'tool copy' needs FROM", hint: "see 'tool copy --help'")) {
      try parse("copy")
    }
  }

  @Test(arguments: [
    ("--help", nil), ("-h", nil), ("help", nil), ("help help", nil), ("-q --help", nil),
    ("-qh", nil), ("help --help", nil), ("help copy", "copy"), ("copy --help", "copy"),
    ("copy -h", "copy"), ("--help copy", "copy"), ("copy --bogus --level x -h", "copy"),
    ("--config copy --help join", "join"), ("copy -fh", "copy"), ("-c copy join -h", "join"),
    ("copy a --config --help", "copy"), ("--version --help", nil),
  ])
  func helpWins(line: String, command: String?) throws {
    #expect(try parse(line).request == .help(command: command))
  }

  @Test func versionIsAskedFor() throws {
    #expect(try parse("--version").request == .version)
    #expect(try parse("-q --version").request == .version)
    #expect(try parse("copy --version").request == .version)
  }

  @Test func anyTokensEndInAnAnswer() {
    let tokens = [
      "copy", "help", "--", "-", "", "--level", "-l", "--=", "-=", "-h", "3", "--only=", "-ü",
    ]
    for first in tokens {
      for second in tokens {
        for third in tokens {
          _ = try? small.parse([first, second, third])
        }
      }
    }
  }
}

@Suite struct TableCheckTests {
  @Test func goodTablesHaveNoProblems() {
    #expect(small.problems() == [])
    #expect(mesh.problems() == [])
  }

  @Test func badTablesAreFound() {
    let bad = CommandTable(
      name: "t", summary: "",
      commands: [
        Command(
          name: "a", summary: "",
          arguments: [
            Argument("X", .optional, summary: ""), Argument("Y", summary: ""),
            Argument("Z", .repeating(atLeast: 0), summary: ""),
            Argument("W", .optional, summary: ""),
          ],
          options: [
            Option("help", summary: ""), Option("n", short: "h", summary: ""),
            Option("must", required: true, summary: ""),
            Option("m", value: .choices(["a"]), default: "b", summary: ""),
          ]),
        Command(name: "a", summary: ""),
      ])
    #expect(
      bad.problems() == [
        "command 'a' stands twice", "t a: option '--help' stands twice",
        "t a: option '-h' stands twice", "t a: option '--m' can't have its default",
        "t a: flag '--must' is required", "t a: Y is required behind an optional argument",
        "t a: W is out of reach",
      ])
  }
}
