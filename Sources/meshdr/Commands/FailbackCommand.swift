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

      Of what both sides have changed, each in its own way, the secondary's is taken, unless \
      --on-conflict says otherwise; the primary as it came back is kept in the store. What either side \
      has revoked stays revoked. Data has to be in the primary before its catalog says so: every object \
      is compared, and the commands that bring it there are printed. Before the mesh runs in the primary \
      again, the secondary is looked at once more, and what was changed meanwhile goes home as well.
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
        "on-conflict", value: .choices(FailbackOptions.choices), default: "overwrite",
        summary: "what both have changed: overwrite the primary's, skip it, or fail"),
      Option(
        "allow-unmapped", summary: "bring home also what names a bucket without a counterpart"),
      Option("dry-run", summary: "show what differs and the plan, and do nothing"),
      Option(
        "out", value: .required("FILE", .file), summary: "with --dry-run, save the plan to a file"),
      Option(
        "plan", value: .required("FILE", .file),
        summary: "carry out a plan that was saved, or a part of it"),
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
    if invocation.isGiven("on-conflict") {
      options.onConflict = invocation.value("on-conflict").flatMap(FailbackOptions.choice)
    }
    options.planOut = invocation.value("out")
    options.planFile = invocation.value("plan")
    options.allowUnmapped = invocation.flag("allow-unmapped")
    options.dryRun = invocation.flag("dry-run")
    options.resume = invocation.flag("resume")
    options.ignoreBlockers = invocation.flag("ignore-blockers")
    options.forceActive = invocation.flag("force-active")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return try await FailbackOperation(context, options).run()
  }
}
