import Foundation
import Testing

/// What a runbook tells people to type is typed, and what it says that they will see is seen.
@Suite struct RunbookTests {
  static let runbooks: [String] = {
    let folder = projectFolder + "/runbooks"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { file in
      let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      return file != "README.md" && file.hasSuffix(".md") && text?.contains("```console") == true
    }.sorted()
  }()

  @Test func thereAreRunbooks() {
    #expect(Self.runbooks.count >= 7)
  }

  @Test(arguments: runbooks)
  func works(runbook: String) throws {
    let text = try String(contentsOfFile: "\(projectFolder)/runbooks/\(runbook)", encoding: .utf8)
    let steps = RunbookStep.all(in: text)
    #expect(steps.count > 1)
    let mesh = try StandIn()
    for step in steps {
      switch step {
      case .lose(let region): try mesh.lose(region)
      case .python(let lines): _ = try mesh.boto(lines)
      case .setUp(let commands):
        let outcome = try mesh.shell(commands)
        try #require(outcome.exitCode == 0, "\(commands)\n\(outcome.errors)")
      case .command(let command, let lines, let code):
        let outcome = try mesh.shell(command)
        let told = "\(runbook): \(command)\n\(outcome.output)\(outcome.errors)"
        #expect(outcome.exitCode == code, "\(told)")
        for line in lines {
          #expect(RunbookStep.has(line, in: outcome.output + outcome.errors), "\(line)\n\(told)")
        }
      }
    }
  }

  @Test func whatIsMarkedIsFound() {
    let steps = RunbookStep.all(
      in: """
        text <!-- test: lose us-east-1 -->
        <!-- test: python
        a = 1
        -->
        ```
        $ not run
        ```
        ```console
        $ meshdr list
        … complete …
        $ meshdr diff
        (exit 6)
        ```
        """)
    #expect(
      steps == [
        .lose("us-east-1"), .python("a = 1"), .command("meshdr list", ["… complete …"], 0),
        .command("meshdr diff", [], 6),
      ])
    #expect(RunbookStep.has("a … c", in: "x\nsome a b\nc d"))
    #expect(!RunbookStep.has("c … a", in: "a b\nc"))
    #expect(!RunbookStep.has("missing", in: "nothing"))
  }
}

/// One thing that a runbook does when it is tested.
enum RunbookStep: Equatable {
  /// A command, the lines that it has to print, and its exit code.
  case command(String, [String], Int32)
  case setUp(String)
  case python(String)
  case lose(String)

  /// The steps of a runbook, in their order.
  static func all(in text: String) -> [RunbookStep] {
    var steps: [RunbookStep] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.popFirst() {
      if line == "```console" {
        steps += commands(until: "```", &lines)
      } else if let mark = line.range(of: "<!-- test: ") {
        let rest = line[mark.upperBound...]
        if rest.hasPrefix("lose ") {
          steps.append(.lose(String(rest.dropFirst(5).prefix { $0 != " " })))
          continue
        }
        var body: [String] = []
        while let next = lines.popFirst(), next != "-->" { body.append(next) }
        let script = body.joined(separator: "\n")
        steps.append(rest.hasPrefix("python") ? .python(script) : .setUp(script))
      }
    }
    return steps
  }

  private static func commands(
    until end: String, _ lines: inout ArraySlice<String>
  ) -> [RunbookStep] {
    var steps: [RunbookStep] = []
    while let line = lines.popFirst(), line != end {
      if line.hasPrefix("$ ") {
        steps.append(.command(String(line.dropFirst(2)), [], 0))
      } else if case .command(let command, let expected, let code)? = steps.last {
        let named = line.wholeMatch(of: /\(exit (\d+)\)/).flatMap { Int32($0.1) }
        steps[steps.count - 1] =
          named.map { .command(command, expected, $0) }
          ?? .command(command, expected + [line], code)
      }
    }
    return steps
  }

  /// Whether an output has what a runbook's line says: its parts between `…`, in their order, with
  /// any white space for a space.
  static func has(_ line: String, in output: String) -> Bool {
    func words(_ text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    var rest = words(output)[...]
    for part in line.split(separator: "…").map({ words(String($0)) }) where !part.isEmpty {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

extension StandIn {
  /// Runs a line of a shell in the folder of the mesh file, with the program on its path.
  fileprivate func shell(_ line: String) throws -> Outcome {
    let program = URL(filePath: meshdrPath).deletingLastPathComponent().path
    var variables = environment
    variables["PATH"] = "\(program):\(variables["PATH"] ?? "")"
    variables["COLUMNS"] = "80"
    return try Running("/bin/bash", ["-c", line], in: folder, environment: variables).finish()
  }
}
