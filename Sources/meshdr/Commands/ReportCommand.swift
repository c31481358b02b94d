import CommandLineTable
import Operations

struct ReportCommand: MeshdrCommand {
  let description = Command(
    name: "report", summary: "the HTML report of a restore",
    details: "RUN is the id of a run, the unambiguous start of one, or latest.",
    arguments: [Argument("RUN", summary: "which run")],
    options: [
      Option("out", short: "o", value: .required("FILE", .file), summary: "write it there")
    ], group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await RunsOperation(context).report(
      invocation.argument("RUN") ?? "latest", to: invocation.value("out"))
  }
}
