import CommandLineTable
import Operations

struct DiffCommand: MeshdrCommand {
  let description = Command(
    name: "diff", summary: "what was added, removed and changed between two snapshots",
    details: """
      Each member that changed is shown with what it was and is; --verbose shows long values whole. \
      Ends with exit code 6 where there are differences, with 3 where a live account can't be \
      captured whole: it is named, and what it lacks is not called removed.

        meshdr diff before:2026-11-23T02:00Z latest
        meshdr diff latest live --account sales --only kind:grant
      """,
    arguments: [
      Argument("OLD", summary: "a snapshot"),
      Argument("NEW", summary: "another snapshot, or live for the primary as it is now"),
    ],
    options: [
      Option("access", summary: "who gained or lost what, instead of which records changed")
    ], group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await DiffOperation(context, version: version).run(
      old: invocation.argument("OLD") ?? "", new: invocation.argument("NEW") ?? "",
      access: invocation.flag("access"))
  }
}
