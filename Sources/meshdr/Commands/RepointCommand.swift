import CommandLineTable
import Operations

struct RepointCommand: MeshdrCommand {
  let description = Command(
    name: "repoint", summary: "move an existing catalog's locations and links to their replicas",
    details: """
      For a catalog that is in the region already, copied there by whatever means, and still names \
      buckets of the primary: databases, tables, partitions and registered locations are moved to the \
      replicas that the snapshot's replication rules name, and resource links, also those in the \
      primary while it answers, to the region. Nothing else of a record is touched.

      --to primary undoes what was moved, as the journals in the store tell it. Run again, either \
      changes nothing.
      """,
    options: [
      Option(
        "region", value: .required("R"),
        summary: "whose catalog is moved (default: the mesh's secondary)"),
      Option(
        "to", value: .choices(RepointOptions.Direction.allCases.map(\.rawValue)),
        default: "secondary", summary: "primary undoes it"),
      Option(
        "links-in", value: .required("R"), repeatable: true,
        summary: "also move links in this region (default: the primary)"),
    ] + restoreOptions + [
      Option("dry-run", summary: "show the plan, and do nothing"),
      Option("resume", summary: "go on with the repoint that was interrupted last"),
      Option(
        "concurrency", value: .required("N", .positive), default: "32",
        summary: "calls under way at once"),
    ], group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = RepointOptions()
    let common = RestoreOptions(invocation)
    options.region = common.region
    options.snapshot = common.snapshot
    options.policy = common.policy
    options.direction =
      invocation.value("to").flatMap(RepointOptions.Direction.init) ?? options.direction
    options.linkRegions = invocation.values("links-in")
    options.dryRun = invocation.flag("dry-run")
    options.resume = invocation.flag("resume")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return try await RepointOperation(context, options).run()
  }
}
