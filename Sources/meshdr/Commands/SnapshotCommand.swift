import CommandLineTable
import Operations

struct SnapshotCommand: MeshdrCommand {
  let description = Command(
    name: "snapshot", summary: "capture every account of the mesh into a sealed snapshot",
    details: """
      Lists everything in the primary region of each account, with the mesh file's reader role, and \
      seals it into the store. An account that can't be read is named, the others go on (exit 3).
      """,
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await SnapshotOperation(context, version: version).run()
  }
}
