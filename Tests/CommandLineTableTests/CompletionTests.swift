import CommandLineTable
import Foundation
import TestSupport
import Testing

@Suite struct BashCompletionTests {
  /// What bash offers for the last of the words.
  func offers(
    _ words: [String], table: CommandTable = mesh, in folder: String = "/"
  ) throws -> [String] {
    let bash = try #require(installed("bash"))
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let script = """
      set -u
      \(table.completions(.bash))
      cd '\(folder)'
      COMP_WORDS=(\(list))
      COMP_CWORD=\(words.count - 1)
      "$(complete -p \(table.name) | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
      if (( ${#COMPREPLY[@]} )); then printf '%s\\n' "${COMPREPLY[@]}"; fi
      """
    let result = try run(bash, ["--norc", "--noprofile", "-s"], input: script)
    #expect(result.status == 0)
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test func commands() throws {
    #expect(try offers(["meshdr", ""]) == ["snapshot", "show", "restore", "completions", "help"])
    #expect(try offers(["meshdr", "s"]) == ["snapshot", "show"])
    #expect(try offers(["meshdr", "--mesh", "show", "re"]) == ["restore"])
    #expect(try offers(["meshdr", "--mesh", "=", "show", "re"]) == ["restore"])
    #expect(try offers(["meshdr", "-q", "re"]) == ["restore"])
    #expect(try offers(["meshdr", "help", "re"]) == ["restore"])
    #expect(try offers(["meshdr", "nothing"]) == [])
  }

  @Test func options() throws {
    #expect(try offers(["meshdr", "restore", "--on"]) == ["--on-conflict"])
    #expect(try offers(["meshdr", "show", "--on"]) == [])
    #expect(try offers(["meshdr", "--o"]) == ["--output"])
    #expect(try offers(["meshdr", "--v"]) == ["--version"])
    #expect(try offers(["meshdr", "show", "--he"]) == ["--help"])
    #expect(try offers(["meshdr", "restore", "--", "--on"]) == [])
    #expect(try offers(["meshdr", "restore", "-"]).contains("-q"))
  }

  @Test func values() throws {
    let conflicts = ["overwrite", "skip", "fail"]
    #expect(try offers(["meshdr", "restore", "--on-conflict", ""]) == conflicts)
    #expect(try offers(["meshdr", "restore", "--on-conflict", "="]) == conflicts)
    #expect(try offers(["meshdr", "restore", "--on-conflict", "=", "s"]) == ["skip"])
    #expect(try offers(["meshdr", "--output", "j"]) == ["json"])
    #expect(try offers(["meshdr", "restore", "--region", ""]) == [])
    #expect(try offers(["meshdr", "show", "--on-conflict", ""]) == [])
    #expect(try offers(["tool", "copy", "a", "-o", "j"], table: small) == ["json"])
  }

  @Test func arguments() throws {
    #expect(try offers(["meshdr", "completions", ""]) == ["bash", "zsh", "fish"])
    #expect(try offers(["meshdr", "completions", "-q", "z"]) == ["zsh"])
    #expect(try offers(["meshdr", "completions", "bash", ""]) == [])
    #expect(try offers(["meshdr", "show", ""]) == [])
  }

  @Test func paths() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("completion \(UUID().uuidString)")
    let inner = folder.appendingPathComponent("my folder")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "".write(
      to: folder.appendingPathComponent("my file*.yaml"), atomically: true, encoding: .utf8)
    let files = try offers(["meshdr", "--mesh", "my"], in: folder.path)
    #expect(files.sorted() == ["my file*.yaml", "my folder"])
    let folders = try offers(["tool", "copy", "a", "my"], table: small, in: folder.path)
    #expect(folders == ["my folder"])
  }
}

@Suite struct OtherShellsTests {
  @Test(arguments: Shell.allCases)
  func scripts(shell: Shell) throws {
    try expectGolden(mesh.completions(shell), "meshdr.\(shell.rawValue)")
  }

  @Test(arguments: Shell.allCases.filter { installed($0.rawValue) != nil })
  func syntaxIsRight(shell: Shell) throws {
    let program = try #require(installed(shell.rawValue))
    let script = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).\(shell.rawValue)")
    try mesh.completions(shell).write(to: script, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: script) }
    let result = try run(program, ["-n", script.path])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output == "")
  }
}
