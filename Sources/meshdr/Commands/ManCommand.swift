import CommandLineTable
import Operations

struct ManCommand: MeshdrCommand {
  let description = Command(
    name: "man", summary: "the manual page", details: "  meshdr man | man -l -", group: "About")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    context.surroundings.output(commandTable.manPage())
    return .done
  }
}
