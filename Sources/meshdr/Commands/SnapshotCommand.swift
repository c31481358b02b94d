import CommandLineTable
import Operations

struct SnapshotCommand: MeshdrCommand {
  let description = Command(
    name: "snapshot", summary: "capture every account of the mesh into a sealed snapshot",
    details: """
      Lists everything in the primary region of each account, with the mesh file's reader role, and \
      seals it into the store. An account that can't be read is named, the others go on (exit 3).

      Where one machine is too few, many capture together. Each is given the same ID and its own \
      shard, and leaves a part in the store; then one of them, or another, seals:

        meshdr snapshot --id 2026-11-23T02:00Z --shard 3/16
        meshdr snapshot --seal 2026-11-23T02:00Z

      In array jobs of AWS Batch and indexed jobs of Kubernetes, the shard comes from the \
      environment. A shard that died is run again; one that was run twice or comes too late does no \
      harm. --seal names the shards that are missing.

      With --rpo, how far replicas are behind is measured before the snapshot is sealed, as meshdr \
      rpo does, and kept in its manifest: late or unknown is exit 4.
      """,
    options: [
      Option(
        "id", value: .required("ID"),
        summary: "with --shard: the snapshot to be, as its time or id, the same for all shards"),
      Option(
        "shard", value: .required("N/M"),
        summary: "capture the share N of M; auto/M or auto: N, or both, from the array job"),
      Option(
        "seal", value: .required("ID"), summary: "join the parts of all shards into the snapshot"),
      Option("rpo", summary: "measure how fresh the data is, and keep that in the manifest"),
    ],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    let (id, shard) = (invocation.value("id"), invocation.value("shard"))
    let measures = invocation.flag("rpo")
    switch (id, shard, invocation.value("seal")) {
    case (nil, nil, nil):
      return try await SnapshotOperation(context, version: version, measuresRPO: measures).run()
    case (nil, nil, let seal?):
      return try await ShardedSnapshot(
        context, version: version, name: seal, measuresRPO: measures
      ).seal()
    case (let id?, _, nil) where !measures:
      return try await ShardedSnapshot(context, version: version, name: id).capture(shard)
    default:
      throw CommandFailure(
        .usage,
        "give --id and --shard to capture a share, or --seal alone to join all; --rpo goes with a "
          + "snapshot that one machine takes, or with --seal")
    }
  }
}
