import CommandLineTable
import Operations

struct RPOCommand: MeshdrCommand {
  let description = Command(
    name: "rpo", summary: "measure replication lag per data product against the RPO",
    details: """
      Compares what the buckets of the catalog's tables hold with what their replicas hold, asks for \
      replication statuses and CloudWatch's metrics in both regions, and says for each product how \
      far its replica is behind. Without evidence a product is UNKNOWN, and that is not a pass: exit 4, \
      as for a breach.

      By default the first ten thousand objects of each prefix are compared, and of longer ones the \
      youngest partitions: a sample, which passes only together with metrics. --deep compares all.
      """,
    arguments: [
      Argument("INTERVAL", .optional, summary: "with --watch: how often, such as 30s (default 60s)")
    ],
    options: [
      Option(
        "region", value: .required("R"),
        summary: "where the replicas are (default: the mesh's secondary)"),
      Option(
        "snapshot", value: .required("ID"), default: "latest",
        summary: "whose locations: an id, latest, before:TIME"),
      Option("live", summary: "capture the catalog now instead of reading a snapshot"),
      Option("deep", summary: "compare every object"),
      Option("canary", summary: "write a small object and time it until it arrives"),
      Option(
        "objective", value: .required("DURATION"),
        summary: "instead of the mesh file's, such as 15m"),
      Option("watch", summary: "measure again and again until it is stopped"),
      Option(
        "metrics", value: .required("FILE", .file),
        summary: "write the figures for Prometheus to a file"),
      Option("cloudwatch", summary: "put the figures into CloudWatch, name space meshdr"),
      Option(
        "concurrency", value: .required("N", .positive), default: "16",
        summary: "prefixes listed at once"),
    ], group: "Evidence")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = RPOOptions()
    options.region = invocation.value("region")
    options.snapshot = invocation.value("snapshot") ?? options.snapshot
    options.live = invocation.flag("live")
    options.deep = invocation.flag("deep")
    options.canary = invocation.flag("canary")
    options.objective = try RPOOptions.duration(invocation.value("objective"), of: "--objective")
    let interval = try RPOOptions.duration(invocation.argument("INTERVAL"), of: "INTERVAL")
    guard invocation.flag("watch") || interval == nil else {
      throw CommandFailure(.usage, "an interval is for --watch only")
    }
    options.watch = invocation.flag("watch") ? interval ?? 60 : nil
    options.metricsFile = invocation.value("metrics")
    options.cloudWatch = invocation.flag("cloudwatch")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return try await RPOOperation(context, options, version: version).run()
  }
}
