import CommandLineTable
import Operations

struct PruneCommand: MeshdrCommand {
  let description = Command(
    name: "prune", summary: "apply the retention policy of the mesh file",
    details: """
      Keeps the last snapshots and one of each of so many days, weeks, months and years, as \
      `retention:` in the mesh file says. Never removes the newest complete snapshot, one that is on \
      hold, nor a pack that a snapshot still needs or one under way may rely on.
      """,
    options: [Option("dry-run", summary: "show what would be kept, and by which rule")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await PruneOperation(context).run(dryRun: invocation.flag("dry-run"))
  }
}
