import CommandLineTable
import Operations

struct StatusCommand: MeshdrCommand {
  let description = Command(
    name: "status", summary: "the state of the mesh on one page",
    details: """
      The active side, the last good snapshot and its age, the RPO, the last restore and drill, by \
      account. Reads the store, and calls nothing else: it works whatever region is lost.
      """,
    group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await StatusOperation(context).run()
  }
}
