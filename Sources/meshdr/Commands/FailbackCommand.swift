import CommandLineTable
import Operations
import Restore

struct FailbackCommand: MeshdrCommand {
  let description = Command(
    name: "failback", summary: "bring the changes made during the outage back to the primary",
    details: """
      Merges three captures: the snapshot that was restored, the secondary as it is now, and the \
      primary as it came back. What was changed in the secondary is planned and carried out in the \
      primary, verified and timed as a restore is, and the mesh runs in the primary again.

      What both sides have changed, each in its own way, stops it before anything is done, unless \
      --on-conflict says whose it is to be. What either side has revoked stays revoked. Data has to be \
      in the primary before its catalog says so: every object is compared, and the commands that bring \
      it there are printed.
      """,
    options: [
      Option(
        "region", value: .required("R"),
        summary: "whose changes go home (default: the region that the mesh runs in)"),
      Option(
        "run", value: .required("RUN"),
        summary: "the restore that it came from (default: the active side's)"),
      Option(
        "snapshot", value: .required("ID"),
        summary: "the snapshot that it came from, where no restore is kept"),
      Option(
        "on-conflict", value: .choices(FailbackOptions.choices), default: "stop",
        summary: "whose is taken of what both sides have changed"),
      Option(
        "allow-unmapped", summary: "bring home also what names a bucket without a counterpart"),
      Option("dry-run", summary: "show what differs and the plan, and do nothing"),
      Option("resume", summary: "go on with the failback that was interrupted last"),
      Option("ignore-blockers", summary: "go on although data is not known to be in the primary"),
      Option("force-active", summary: "write although the mesh runs in the primary"),
      Option(
        "concurrency", value: .required("N", .positive), default: "32",
        summary: "calls under way at once"),
    ], group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = FailbackOptions()
    options.region = invocation.value("region")
    options.run = invocation.value("run")
    options.snapshot = invocation.value("snapshot")
    options.onConflict =
      invocation.value("on-conflict").flatMap(FailbackOptions.choice) ?? options.onConflict
    options.allowUnmapped = invocation.flag("allow-unmapped")
    options.dryRun = invocation.flag("dry-run")
    options.resume = invocation.flag("resume")
    options.ignoreBlockers = invocation.flag("ignore-blockers")
    options.forceActive = invocation.flag("force-active")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return try await FailbackOperation(context, options).run()
  }
}
