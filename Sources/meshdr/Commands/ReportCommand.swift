import CommandLineTable
import Operations

struct ReportCommand: MeshdrCommand {
  let description = Command(
    name: "report", summary: "the HTML report of a snapshot, restore or drill",
    details: """
      RUN is the id of a run, the unambiguous start of one, or latest. The report of a snapshot is had \
      by its id, or the start of one, in place of RUN, and with --of-snapshot also by latest and \
      before:TIME. The page is one file that asks nobody for anything.
      """,
    arguments: [Argument("RUN", summary: "which run, or which snapshot")],
    options: [
      Option("of-snapshot", summary: "RUN is a snapshot"),
      Option("out", short: "o", value: .required("FILE", .file), summary: "write it there"),
    ], group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    let reference = invocation.argument("RUN") ?? "latest"
    let path = invocation.value("out")
    let operation = RunsOperation(context)
    // Runs are named after their commands, snapshots after their moments.
    let isSnapshot = invocation.flag("of-snapshot") || reference.first?.isNumber == true
    return isSnapshot
      ? try await operation.report(ofSnapshot: reference, to: path)
      : try await operation.report(reference, to: path)
  }
}
