import CommandLineTable
import Operations

struct VerifyCommand: MeshdrCommand {
  let description = Command(
    name: "verify", summary: "check a snapshot; with --region, also the live secondary against it",
    details: """
      Reads every pack of the snapshot and checks digests, lengths, counts, order and form: damage \
      ends with exit code 5. With --region the secondary is captured and compared with what a \
      restore would make of it: differences end with exit code 6.
      """,
    arguments: [Argument("SNAPSHOT", .optional, summary: "which snapshot (default latest)")],
    options: [Option("region", value: .required("R"), summary: "compare this region, too")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    let snapshot = invocation.argument("SNAPSHOT") ?? "latest"
    let archive = try await InspectOperation(context).verify(
      snapshot, quietly: invocation.isGiven("region"))
    guard archive == .done, let region = invocation.value("region") else { return archive }
    var options = RestoreOptions()
    options.snapshot = snapshot
    options.region = region
    return try await CompareOperation(context, options).run()
  }
}
