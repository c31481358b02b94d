import CommandLineTable
import Operations

struct CompletionsCommand: MeshdrCommand {
  let description = Command(
    name: "completions", summary: "completions for a shell",
    arguments: [
      Argument("SHELL", shape: .choice(["bash", "zsh", "fish"]), summary: "bash, zsh or fish")
    ], group: "About")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    let shell = invocation.argument("SHELL").flatMap(Shell.init) ?? .bash
    context.surroundings.output(commandTable.completions(shell))
    return .done
  }
}
