import CommandLineTable
import Operations

struct HoldCommand: MeshdrCommand {
  let description = Command(
    name: "hold", summary: "keep a snapshot from being pruned",
    details: """
      No prune removes the snapshot until it is released, whatever the retention policy says. \
      `meshdr list` shows what is on hold, and why.

        meshdr hold before:2026-11-23T02:00Z --reason "evidence, ticket 4711"
      """,
    arguments: [Argument("SNAPSHOT", summary: "which snapshot")],
    options: [Option("reason", value: .required("TEXT"), summary: "why, for those who come later")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await HoldOperation(context).hold(
      invocation.argument("SNAPSHOT") ?? "", reason: invocation.value("reason"))
  }
}

struct ReleaseCommand: MeshdrCommand {
  let description = Command(
    name: "release", summary: "let a snapshot that is on hold be pruned again",
    arguments: [Argument("SNAPSHOT", summary: "which snapshot")], group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await HoldOperation(context).release(invocation.argument("SNAPSHOT") ?? "")
  }
}
