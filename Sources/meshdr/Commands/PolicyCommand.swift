import CommandLineTable
import Operations

struct PolicyCommand: MeshdrCommand {
  let description = Command(
    name: "iam-policy", summary: "the least-privilege policy that a role needs",
    details: """
      Prints a policy with every action that the role is used for, and no other:

        meshdr iam-policy reader > reader.json
        aws iam put-role-policy --role-name meshdr-reader \\
          --policy-name meshdr --policy-document file://reader.json

      The reader is assumed to capture, the restorer to restore. Both must be data lake \
      administrators besides.
      """,
    arguments: [
      Argument("ROLE", shape: .choice(["reader", "restorer"]), summary: "reader or restorer")
    ], group: "Setting up")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    try PolicyOperation(context).run(invocation.argument("ROLE") ?? "")
  }
}
