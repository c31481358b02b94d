import CommandLineTable
import Operations

struct PruneCommand: MeshdrCommand {
  let description = Command(
    name: "prune", summary: "apply the retention policy of the mesh file",
    details: "Never removes the newest complete snapshot, nor a pack that a snapshot still needs.",
    options: [Option("dry-run", summary: "show what would be kept, and by which rule")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await PruneOperation(context).run(dryRun: invocation.flag("dry-run"))
  }
}
