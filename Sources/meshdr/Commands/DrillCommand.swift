import CommandLineTable
import Operations

struct DrillCommand: MeshdrCommand {
  let description = Command(
    name: "drill",
    summary: "rehearse a restore, verify it, undo it, keep the record",
    details: """
      Restores the newest complete snapshot beside what lives in the region: databases and LF-Tags get \
      a prefix, and nobody of the mesh gets access to the copies, for others stand in for them. What \
      there is once in a region is compared, not written. Then it is checked what each principal could \
      do, everything is taken away again, and the region is captured to prove that it is as it was.

      With --full, everything is restored in the drill accounts that the mesh file names, which have to be \
      empty, and the drill principals there take the places of the mesh's.

      A drill that was killed goes on with --resume, or is undone with --clean. With --estimate nothing is done and AWS is not \
      asked: how long a restore would take is worked out from what the snapshot holds, and what that \
      hangs on. Rates come from --rate, from earlier restores and drills in the store, or are assumed.
      """,
    options: [
      Option(
        "region", value: .required("R"),
        summary: "where to rehearse (default: the mesh's secondary)"
      ),
      Option(
        "snapshot", value: .required("ID"), default: "latest",
        summary: "which snapshot: an id, latest, before:TIME"),
      Option(
        "full", summary: "restore everything, in the drill accounts that the mesh file names"),
      Option(
        "query", value: .required("WORKGROUP"),
        summary: "also run SELECTs in this Athena work group, as the roles that stand in"),
      Option("resume", summary: "go on with the drill that was killed last"),
      Option("clean", summary: "only take away what drills that were killed have left"),
      Option("dry-run", summary: "show the plan, and do nothing"),
      Option("estimate", summary: "work out how long a restore would take, and do nothing"),
      Option(
        "rate", value: .required("NAME=N"), repeatable: true,
        summary: "estimate with N calls a second of an operation or a service in each account"),
      Option(
        "latency", value: .required("MS", .positive),
        summary: "estimate with calls that take so many milliseconds (default: 60)"),
      Option("allow-unmapped", summary: "rehearse also what names a bucket without a replica"),
      Option(
        "concurrency", value: .required("N", .positive), default: "32",
        summary: "calls under way at once"),
    ], group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    invocation.flag("estimate")
      ? try await EstimateOperation(context, estimate(invocation)).run()
      : try await DrillOperation(context, drill(invocation)).run()
  }

  private func estimate(_ invocation: Invocation) -> EstimateOptions {
    var options = EstimateOptions()
    options.region = invocation.value("region")
    options.snapshot = invocation.value("snapshot") ?? options.snapshot
    options.rates = invocation.values("rate")
    options.latency = invocation.integer("latency")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return options
  }

  private func drill(_ invocation: Invocation) -> DrillOptions {
    var options = DrillOptions()
    options.region = invocation.value("region")
    options.snapshot = invocation.value("snapshot") ?? options.snapshot
    options.query = invocation.value("query")
    options.full = invocation.flag("full")
    options.resume = invocation.flag("resume")
    options.clean = invocation.flag("clean")
    options.dryRun = invocation.flag("dry-run")
    options.allowUnmapped = invocation.flag("allow-unmapped")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return options
  }
}
