import CommandLineTable
import Operations

struct ShowCommand: MeshdrCommand {
  let description = Command(
    name: "show", summary: "what a snapshot holds; with a kind and key, the record's JSON",
    details: """
      SNAPSHOT is an id, the unambiguous start of one, latest, or before:2026-11-23T02:00Z.

        meshdr show latest
        meshdr show latest table
        meshdr show latest table --account sales --only sales_raw
        meshdr show latest table 111111111111/glue/table/sales_curated/orders
        meshdr show latest table sales_curated.orders
      """,
    arguments: [
      Argument("SNAPSHOT", summary: "which snapshot"),
      Argument("KIND", .optional, summary: "list the keys of this kind"),
      Argument("KEY", .optional, summary: "print the record with this key or name"),
    ], group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await InspectOperation(context).show(
      invocation.argument("SNAPSHOT") ?? "latest", kind: invocation.argument("KIND"),
      key: invocation.argument("KEY"))
  }
}
