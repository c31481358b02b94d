import CommandLineTable
import Operations
import Restore

struct RestoreCommand: MeshdrCommand {
  let description = Command(
    name: "restore", summary: "rebuild catalog and grants in another region, timing the RTO",
    details: """
      Compares the newest complete snapshot, mapped to the region, with what is there, changes what \
      differs, verifies the result and times all of it. Run again, it changes nothing.

      Grants that the snapshot does not hold are revoked on what it covers, unless \
      --keep-extra-grants is given; other records that it does not hold stay, unless \
      --remove-extra is.
      """,
    options: [regionOption] + restoreOptions + [
      Option(
        "plan", value: .required("FILE", .file),
        summary: "carry out a plan that was saved, or a part of it"),
      Option(
        "since", value: .required("TIME"),
        summary: "when the region was lost: what passed since counts as recovery time"),
      Option("activate", summary: "give crawlers their schedules, enable table optimizers"),
      Option("dry-run", summary: "show the plan, and do nothing"),
      Option("resume", summary: "go on with the restore that was interrupted last"),
      Option(
        "ignore-blockers", summary: "restore although the check beforehand says what it will lack"),
      Option("force-active", summary: "restore over the region that the mesh runs in"),
      Option(
        "concurrency", value: .required("N", .positive), default: "32",
        summary: "calls under way at once"),
    ], group: "Recovery")

  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode {
    var options = RestoreOptions(invocation)
    options.dryRun = invocation.flag("dry-run")
    options.resume = invocation.flag("resume")
    options.forceActive = invocation.flag("force-active")
    options.ignoreBlockers = invocation.flag("ignore-blockers")
    options.planFile = invocation.value("plan")
    options.since = invocation.value("since")
    options.activate = invocation.flag("activate")
    options.concurrency = invocation.integer("concurrency") ?? options.concurrency
    return try await RestoreOperation(context, options).run()
  }
}

/// What `plan` and `restore` have in common.
let regionOption = Option(
  "region", value: .required("R"), summary: "where to restore (default: the mesh's secondary)")
let restoreOptions = [
  Option(
    "snapshot", value: .required("ID"), default: "latest",
    summary: "which snapshot: an id, latest, before:TIME"),
  Option(
    "on-conflict", value: .choices(PlanPolicy.Conflict.allCases.map(\.rawValue)),
    default: "overwrite", summary: "what to do with records that differ"),
  Option("remove-extra", summary: "remove records that the snapshot does not hold"),
  Option("keep-extra-grants", summary: "leave grants that the snapshot does not hold"),
  Option("allow-unmapped", summary: "restore also what names a bucket without a replica"),
]

extension RestoreOptions {
  init(_ invocation: Invocation) {
    self.init()
    region = invocation.value("region")
    snapshot = invocation.value("snapshot") ?? snapshot
    policy.onConflict =
      invocation.value("on-conflict").flatMap(PlanPolicy.Conflict.init) ?? .overwrite
    policy.removeExtra = invocation.flag("remove-extra")
    policy.keepExtraGrants = invocation.flag("keep-extra-grants")
    policy.allowUnmapped = invocation.flag("allow-unmapped")
  }
}
