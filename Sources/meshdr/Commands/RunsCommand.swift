import CommandLineTable
import Operations

struct RunsCommand: MeshdrCommand {
  let description = Command(
    name: "runs", summary: "restores and RPO checks kept in the store, newest first",
    group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await RunsOperation(context).list()
  }
}
