import MeshModel
import Reporting
import Restore

extension RestoreOperation {
  /// The plan of a dry run, which is also written to a file where that was asked for.
  /// - Throws: `CommandFailure` where it can't be written.
  func show(_ plan: RestorePlan, _ engine: RestoreRun) throws {
    let result = engine.result(ofPlan: plan)
    var document = result.json
    if options.keepsBasis {
      let saved = SavedPlan(plan, policy: options.policy, accounts: context.options.accounts)
      for (name, value) in saved.members(plan.plan) { document[name] = value }
    }
    if let file = options.planOut { try context.save(plan, document, to: file, by: "A restore") }
    switch context.options.output {
    case .json: context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(
        RestoreText(style: context.style).plan(
          result, plan: plan.plan, verbose: context.options.verbose))
      if let file = options.planOut {
        context.surroundings.output("\nSaved to \(file). To carry it out:")
        context.surroundings.output(
          "    " + context.command("restore --plan \(CLICommand.quoted(file))"))
      }
    }
  }

  func showOutcome(_ result: RestoreResult, _ active: ActiveSide) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text:
      let text = RestoreText(style: context.style)
      context.surroundings.output(text.outcome(result))
      guard result.verified?.isGood == true, active.region != result.region else { return }
      context.surroundings.output(
        "\n" + text.switching(from: active.region, with: context.command("active \(result.region)"))
      )
    }
  }
}
