import CommandLineTable
import Operations

struct ActiveCommand: MeshdrCommand {
  let description = Command(
    name: "active", summary: "which region the mesh runs in; with REGION, switch it",
    details: """
      The store says which side is active, and no restore overwrites that side. Until somebody \
      switches, it is the mesh file's primary. A restore never switches by itself: a standby is \
      restored every night, and the mesh still runs in its primary.

      After a failover, before anybody works in the secondary: meshdr active eu-west-1. Nothing in \
      AWS is changed by it; what it does is that the nightly restore leaves the region alone.
      """,
    arguments: [Argument("REGION", .optional, summary: "the new active side")],
    group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await ActiveOperation(context).run(invocation.argument("REGION"))
  }
}
