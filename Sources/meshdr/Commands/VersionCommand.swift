import CommandLineTable
import Operations

struct VersionCommand: MeshdrCommand {
  let description = Command(
    name: "version", summary: "the version of this program", group: "About")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    context.surroundings.output("meshdr \(version)")
    return .done
  }
}
