import CommandLineTable
import Operations

struct PlanCommand: MeshdrCommand {
  let description = Command(
    name: "plan", summary: "what a restore would do",
    details: "Compares the snapshot with the region as it is, and changes nothing.",
    options: [regionOption] + restoreOptions, group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = RestoreOptions(invocation)
    options.dryRun = true
    return try await RestoreOperation(context, options).run()
  }
}
