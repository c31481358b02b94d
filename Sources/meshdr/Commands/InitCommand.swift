import CommandLineTable
import Operations

struct InitCommand: MeshdrCommand {
  let description = Command(
    name: "init", summary: "look into the Organization and write a mesh file to begin with",
    details: """
      Asks AWS Organizations for the accounts, looks into each that can be entered, and writes a \
      mesh file with what it found: units, roles that administer Lake Formation, who shares to \
      whom, replicated buckets. Comments in it explain each key. Nothing in AWS is changed, and a \
      file that is there is not overwritten.

      Accounts that can't be entered are named, in the file, too (exit 3).

        meshdr init --primary us-east-1 --secondary eu-west-1
        meshdr init --store s3://nimbus-dr-archive/meshdr --out mesh/nimbus.yaml
      """,
    options: [
      Option(
        "out", value: .required("FILE", .file),
        summary: "where to write it (default ./meshdr.yaml)"),
      Option(
        "primary", value: .required("R"), summary: "the region of the mesh (default: AWS_REGION)"),
      Option(
        "secondary", value: .required("R"),
        summary: "where to restore (default: where most buckets are replicated)"),
      Option(
        "name", value: .required("NAME"), default: "data-mesh", summary: "what the mesh is called"),
      Option(
        "role", value: .required("ROLE"), default: "meshdr-reader",
        summary: "the role to enter accounts with"),
    ], group: "Setting up")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = InitOptions()
    options.out = invocation.value("out")
    options.primary = invocation.value("primary")
    options.secondary = invocation.value("secondary")
    options.name = invocation.value("name") ?? options.name
    options.role = invocation.value("role") ?? options.role
    return try await InitOperation(context, options).run()
  }
}
