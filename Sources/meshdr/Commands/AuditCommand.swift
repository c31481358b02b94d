import CommandLineTable
import Operations

struct AuditCommand: MeshdrCommand {
  let description = Command(
    name: "audit", summary: "is this mesh ready to be recovered? every finding with its remedy",
    details: """
      Asks every account what a restore of the newest complete snapshot would meet: roles and their \
      rights, principals, keys, replicas, locations, quotas, sharing. Nothing is changed, and \
      neither the primary nor IAM has to answer: what can't be asked is said to be unknown, and is \
      no blocker.

      Exit code 4 where there is a blocker. docs/audit.md explains every code.
      """,
    options: [
      Option(
        "region", value: .required("R"),
        summary: "where it would be recovered (default: the mesh's secondary)")
    ], group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await AuditOperation(context, region: invocation.value("region")).run()
  }
}
