import CommandLineTable
import Operations

struct VerifyCommand: MeshdrCommand {
  let description = Command(
    name: "verify",
    summary: "check the store or a snapshot; with --region, also the live secondary",
    details: """
      Without SNAPSHOT, checks every manifest in the store and the chain that they make, whether \
      every pack that one of them needs is there in its size, and reads every pack of the newest \
      complete snapshot: digests, lengths, counts, order and form. With SNAPSHOT, checks that one. \
      Damage is named by pack and member and ends with exit code 5. What was checked is said.

        meshdr verify --read-data-subset 5%     other packs every night
        meshdr verify --read-data-subset 3/7    on Wednesdays; in a week, all
        meshdr verify --all                     reads the packs of all snapshots

      A snapshot that is gone without a prune is damage until somebody says that it is known: \
      --acknowledge writes down in the store who said so, when and why. From then on `verify` and \
      `list` name it as lost, and it is no damage.

        meshdr verify --acknowledge 20261120T020000Z --reason "ticket 4711"

      With --region the secondary is captured and compared with what a restore would make of it: \
      differences end with exit code 6.
      """,
    arguments: [
      Argument("SNAPSHOT", .optional, summary: "which snapshot (default: the whole store)")
    ],
    options: [
      Option("all", summary: "read the packs of all snapshots, not of one"),
      Option(
        "read-data-subset", value: .required("N/M|P%"),
        summary: "read only this share of the packs; all else is checked"),
      Option(
        "acknowledge", value: .required("SNAPSHOT"), repeatable: true,
        summary: "take note of the loss of this snapshot first"),
      Option("reason", value: .required("TEXT"), summary: "what became of it"),
      Option("region", value: .required("R"), summary: "compare this region, too"),
    ],
    group: "Snapshots")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var check = VerifyOperation.Options()
    check.snapshot = invocation.argument("SNAPSHOT")
    check.everySnapshot = invocation.flag("all")
    check.subset = invocation.value("read-data-subset")
    check.acknowledged = invocation.values("acknowledge")
    check.reason = invocation.value("reason")
    check.quietly = invocation.isGiven("region")
    let archive = try await VerifyOperation(context, check).run()
    guard archive == .done, let region = invocation.value("region") else { return archive }
    var options = RestoreOptions()
    options.snapshot = check.snapshot ?? "latest"
    options.region = region
    return try await CompareOperation(context, options).run()
  }
}
