import CommandLineTable
import Operations

struct PlanCommand: MeshdrCommand {
  let description = Command(
    name: "plan", summary: "what a restore would do",
    details: """
      Compares the snapshot with the region as it is, and changes nothing.

      What --out saves can be given to restore --plan. Steps may be deleted from it before, as long \
      as nothing that is kept rests on them; the plan is refused when the region has changed since.
      """,
    options: [regionOption] + restoreOptions + [
      Option("out", short: "o", value: .required("FILE", .file), summary: "save the plan there")
    ], group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = RestoreOptions(invocation)
    options.dryRun = true
    options.planOut = invocation.value("out")
    return try await RestoreOperation(context, options).run()
  }
}
