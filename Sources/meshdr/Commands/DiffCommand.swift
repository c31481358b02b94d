import CommandLineTable
import Operations

struct DiffCommand: MeshdrCommand {
  let description = Command(
    name: "diff", summary: "what was added, removed and changed between two snapshots",
    details: "Ends with exit code 6 where there are differences.",
    arguments: [
      Argument("OLD", summary: "a snapshot"),
      Argument("NEW", summary: "another snapshot, or live for the primary as it is now"),
    ], group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await DiffOperation(context, version: version).run(
      old: invocation.argument("OLD") ?? "", new: invocation.argument("NEW") ?? "")
  }
}
