import MeshModel
import Reporting
import Restore

// Why a failback is not carried out, and what it tells.

extension FailbackOperation {
  /// Why nothing is done; nil where nothing speaks against it.
  func refusal(_ report: FailbackReport, _ plan: Plan) -> CommandFailure? {
    if let first = report.open.first {
      let remedy =
        options.choice == .stop
        ? "Decide with --on-conflict overwrite (the secondary’s) or skip (the primary’s), or mend them "
          + "one by one and run it again"
        : "They say who may see what, and no rule tells which side has revoked something: make one side "
          + "what it should be and run it again"
      return CommandFailure(
        .failed,
        "\(report.open.count) records were changed on both sides, the first of them \(first.key). "
          + "\(remedy). Nothing was changed")
    }
    if let first = report.unjustified.first {
      return CommandFailure(
        .failed,
        "the two sides together would give what one has revoked or neither gives: \(first). Revoke "
          + "it on the side that gives it, or give it on the other, and run it again. Nothing was "
          + "changed")
    }
    do { try recovery.refuse(plan) } catch { return CommandFailure(error) }
    if let data = report.data, !data.isHome, !options.ignoreBlockers {
      return CommandFailure(
        .objectiveMissed,
        "data of \(data.notHome.count) of \(data.locations) locations is not known to be in "
          + "\(plan.region) as it is in \(report.from): bring it there first, as said above, or give "
          + "--ignore-blockers. Nothing was changed")
    }
    return nil
  }

  func show(_ round: Round, _ plan: RestorePlan) {
    let result = round.result(of: plan)
    recovery.show(result, [(result, plan.plan)])
    if context.options.output == .text { showReport(round.report) }
  }

  func showReport(_ report: FailbackReport) {
    guard !context.options.quiet || options.dryRun || !report.open.isEmpty else { return }
    let text = RestoreText(style: context.style).failback(
      report, verbose: context.options.verbose)
    let tell =
      context.options.output == .text
      ? context.surroundings.output : context.surroundings.diagnostics
    tell("\n" + text)
    if let data = report.data, !data.findings.isEmpty {
      tell("\n" + AuditText(style: context.style).findings(data.findings))
    }
  }
}
