import CommandLineTable
import Operations

struct ListCommand: MeshdrCommand {
  let description = Command(
    name: "list", summary: "snapshots in the store, newest first", group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await InspectOperation(context).list()
  }
}
