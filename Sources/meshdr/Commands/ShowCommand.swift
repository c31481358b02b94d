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
        meshdr show latest access --principal arn:aws:iam::222222222222:role/analyst
        meshdr show latest sharing

      access is what the records of the snapshot come to: who may do what with which databases, \
      tables, columns and rows. sharing is which account shares what with whom, owners first.
      """,
    arguments: [
      Argument("SNAPSHOT", summary: "which snapshot"),
      Argument("KIND", .optional, summary: "list the keys of this kind; or access, sharing"),
      Argument("KEY", .optional, summary: "print the record with this key or name"),
    ],
    options: [
      Option("principal", value: .required("ARN"), summary: "with access: what this one may do")
    ], group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    let snapshot = invocation.argument("SNAPSHOT") ?? "latest"
    let principal = invocation.value("principal")
    switch (invocation.argument("KIND"), invocation.argument("KEY")) {
    case ("access", nil):
      return try await AccessOperation(context).show(snapshot, principal: principal)
    case (_, _) where principal != nil:
      throw CommandFailure(.usage, "--principal goes with access: show SNAPSHOT access")
    case ("sharing", nil):
      return try await SharingOperation(context).show(snapshot)
    default: break
    }
    return try await InspectOperation(context).show(
      snapshot, kind: invocation.argument("KIND"),
      key: invocation.argument("KEY"))
  }
}
