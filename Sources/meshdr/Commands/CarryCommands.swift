import CommandLineTable
import Operations

struct ExportCommand: MeshdrCommand {
  let description = Command(
    name: "export", summary: "write a snapshot into a file, to be carried by hand",
    details: """
      The file is a .tar.zst of a store that holds this snapshot alone: unpacked with tar, it is one. \
      The signature of a signed snapshot goes with it. Every pack is read and checked on the way. A file \
      that is there is not overwritten.

        meshdr export latest --to nimbus.tar.zst
      """,
    arguments: [Argument("SNAPSHOT", summary: "which snapshot")],
    options: [Option("to", value: .required("FILE", .file), required: true, summary: "the file")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await CarryOperation(context).export(
      invocation.argument("SNAPSHOT") ?? "", to: invocation.value("to") ?? "")
  }
}

struct ImportCommand: MeshdrCommand {
  let description = Command(
    name: "import", summary: "take a snapshot out of such a file into the store",
    details: """
      All of the file is read and checked before anything is written; a damaged one, or one that is no \
      export, ends with exit code 5, and so does one whose snapshot is not signed although the mesh file \
      wants it to be. Importing again changes nothing.
      """,
    arguments: [Argument("FILE", shape: .file, summary: "what export has written")],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try await CarryOperation(context).importSnapshot(from: invocation.argument("FILE") ?? "")
  }
}
