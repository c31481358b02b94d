import CanonicalJSON
import MeshModel
import Reporting
import Restore
import SnapshotStore

// A failback's plan that is saved, shortened by hand, and given back.

extension FailbackOperation {
  /// What a saved plan of a failback says besides its steps.
  private struct Origin {
    let from: String
    let run: String?
    let choice: ConflictChoice

    init?(_ document: JSON) {
      guard document["command"]?.string == "failback", let report = document["failback"],
        let from = report["from"]?.string,
        let choice = report["onConflict"]?.string.flatMap(FailbackOptions.choice)
      else { return nil }
      self.from = from
      self.choice = choice
      run = report["baseRun"]?.string
    }
  }

  /// Shows what a dry run came to, and saves it where that was asked for.
  /// - Returns: as what it shows would end.
  /// - Throws: `CommandFailure` where it can't be written, or was made by one who may not see all.
  func showOnly(_ round: Round) throws -> ExitCode {
    var code = ExitCode.done
    try round.planned { plan in
      code = refusal(round.report, plan.plan)?.code ?? .done
      let saved = SavedPlan(plan, policy: recovery.policy, accounts: context.options.accounts)
      var document = round.result(of: plan).json
      for (name, value) in saved.members(plan.plan) { document[name] = value }
      if let file = options.planOut {
        try context.save(plan, document, to: file, by: "A failback")
      }
      guard context.options.output == .text else {
        return context.surroundings.output(document.canonicalText)
      }
      show(round, plan)
    }
    guard let file = options.planOut, context.options.output == .text else { return code }
    context.surroundings.output("\nSaved to \(file). To carry it out:")
    context.surroundings.output(
      "    " + context.command("failback --plan \(CLICommand.quoted(file))"))
    return code
  }

  /// The same operation with the regions, the base, the scope and the options of a saved plan.
  /// - Throws: `CommandFailure` (`.usage`) where the file is no plan of a failback, or the command line
  ///   asks for something else.
  func following(_ file: String) throws -> (FailbackOperation, SavedPlan) {
    let document = try context.planDocument(file)
    guard let origin = Origin(document) else {
      throw CommandFailure(
        .usage, "the plan \(file) is none that meshdr failback --dry-run --out wrote")
    }
    let saved = try SavedPlan(from: document, in: file)
    func refuse(_ option: String) -> CommandFailure {
      CommandFailure(
        .usage,
        "the plan was made with another \(option); leave \(option) out, or make another plan")
    }
    var (options, common) = (options, context.options)
    guard options.region == nil || options.region == origin.from else { throw refuse("--region") }
    guard options.onConflict == nil || options.onConflict == origin.choice else {
      throw refuse("--on-conflict")
    }
    guard options.run == nil || options.run == origin.run else { throw refuse("--run") }
    guard options.snapshot == nil || origin.run == nil && options.snapshot == saved.snapshot else {
      throw refuse("--snapshot")
    }
    guard common.only.isEmpty || common.only == saved.policy.only else { throw refuse("--only") }
    guard common.accounts.isEmpty || common.accounts == saved.accounts else {
      throw refuse("--account")
    }
    options.region = origin.from
    options.onConflict = origin.choice
    options.run = origin.run
    options.snapshot = origin.run == nil ? saved.snapshot : nil
    options.allowUnmapped = options.allowUnmapped || saved.policy.allowUnmapped
    common.only = saved.policy.only
    common.accounts = saved.accounts
    return (FailbackOperation(MeshContext(common, context.surroundings), options), saved)
  }

  /// The plan without what a saved one, or the run that is resumed, leaves out.
  /// - Throws: `CommandFailure`; nothing was changed.
  func limited(
    _ plan: RestorePlan, by run: RestoreRun, _ work: FailbackWork
  ) throws -> RestorePlan {
    do throws(PlanEdit) {
      if let saved = work.saved { return try run.limited(plan, to: saved) }
      return try run.leavingOut(Set(work.leftOut), of: plan)
    } catch {
      throw CommandFailure(
        error.isStale ? .failed : .usage,
        "the plan can't be carried out: \(error). Nothing was changed")
    }
  }
}
