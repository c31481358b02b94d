import MeshModel

/// Tells people about a restore on a terminal.
public struct RestoreText: Sendable {
  private let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// What a restore would do, grouped.
  /// - Parameter verbose: lists every action by its key.
  public func plan(_ result: RestoreResult, plan: Plan, verbose: Bool) -> String {
    PlanText(result, plan, verbose: verbose, style: style).laidOut()
  }

  /// What a restore came to: changes, failures, verification, recovery time, next steps.
  public func outcome(_ result: RestoreResult) -> String {
    OutcomeText(result, style: style).laidOut()
  }

  /// What a failback found on both sides.
  /// - Parameter verbose: lists everything.
  public func failback(_ report: FailbackReport, verbose: Bool) -> String {
    var page = TextPage(style)
    page.add(report, limit: verbose ? .max : 20)
    return page.text
  }

  /// How the mesh is told to run where it was restored: a restore does not decide that.
  public func switching(from active: String, with command: String) -> String {
    var page = TextPage(style)
    page.add(
      Ink("The mesh still runs in "), Ink(active, .strong),
      Ink(". Before anybody works in the other region, so that no restore overwrites it:"))
    page.addVerbatim(command, indent: 4)
    return page.text
  }
}

/// Lays out what a restore came to.
struct OutcomeText {
  let result: RestoreResult
  var page: TextPage

  /// How many keys of each finding are listed; the report has them all.
  private static let few = 5
  private static let manyFailures = 20

  init(_ result: RestoreResult, style: TextStyle) {
    self.result = result
    page = TextPage(style)
  }

  func laidOut() -> String {
    var copy = self
    copy.addHead()
    copy.addFailures()
    copy.addVerification()
    if let drill = copy.result.drill { copy.add(drill) }
    if let failback = copy.result.failback { copy.page.add(failback, limit: Self.few) }
    copy.page.warnings(copy.result.warnings)
    copy.addManual()
    copy.addRecoveryTime()
    copy.addAdvice()
    return copy.page.text
  }

  private mutating func addHead() {
    let verdict = Verdict(result)
    page.add(Ink(result.headline, verdict.tone))
    page.add(
      Ink("\(result.mesh) in \(result.region) from snapshot \(result.snapshot)"), indent: 2)
    page.add(
      Ink("recovery point \(Words.whole(Words.moment(result.recoveryPoint)))", .faint), indent: 2)
    addCounts(result.actions)
    let kinds = result.changedByKind.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { Words.whole("\(Words.kind($0.key, count: 2)) \(Figures.count($0.value))") }
    if !kinds.isEmpty { page.add(Ink(kinds.joined(separator: ", "), .faint), indent: 2) }
  }

  private mutating func addCounts(_ actions: RestoreResult.ActionCounts) {
    let done = [
      "\(Figures.count(actions.create)) created", "\(Figures.count(actions.update)) changed",
      "\(Figures.count(actions.remove)) removed", "\(Figures.count(actions.unchanged)) unchanged",
    ]
    var line = [Ink(done.map(Words.whole).joined(separator: ", "))]
    if actions.failed > 0 {
      line.append(Ink(", \(Words.whole("\(Figures.count(actions.failed)) failed"))", .bad))
    }
    if actions.skipped > 0 {
      let skipped = Words.whole("\(Figures.count(actions.skipped)) skipped")
      line.append(Ink(", \(skipped) because of what failed before", .warning))
    }
    page.add(line, indent: 2)
  }

  private mutating func addFailures() {
    guard !result.failures.isEmpty else { return }
    page.heading("Failures", Ink(": \(Figures.count(result.failures.count))", .bad))
    for failure in result.failures.prefix(Self.manyFailures) {
      page.add(failure, accounts: result.accounts)
    }
    let rest = result.failures.count - Self.manyFailures
    if rest > 0 { page.add(Ink("and \(Figures.count(rest)) more", .faint), indent: 2) }
  }
}

// MARK: - Verification and next steps

extension OutcomeText {
  private mutating func addVerification() {
    guard let verified = result.verified else {
      page.heading("Verification", Ink(": none, so nothing is known of what is there", .warning))
      return
    }
    let verdict: Ink =
      verified.isGood
      ? Ink(
        ": \(result.region) is as it should be\(result.reserve). \(result.accessSentence)", .good)
      : Ink(": \(result.region) is not as it should be. \(result.accessSentence)", .bad)
    page.heading("Verification", verdict)
    add(verified.widened, "widened", .bad)
    add(verified.missing, "missing", .bad)
    add(verified.different, "different", .bad)
    add(verified.extra, "extra, left there", .faint)
  }

  private mutating func addManual() {
    page.manual(result.manual, accounts: result.accounts, commands: Self.few)
    let rest = result.manual.count - Self.few
    if rest > 0 {
      page.add(Ink("the report has the commands of all", .faint), indent: 2)
    }
  }

  private mutating func add(_ keys: [String], _ name: String, _ tone: Tone) {
    guard !keys.isEmpty else { return }
    page.add(Ink("\(Figures.count(keys.count)) \(name)", tone), indent: 2)
    page.list(keys, limit: Self.few, indent: 4)
  }

  private mutating func addRecoveryTime() {
    let tone: Tone = result.metObjective ? .good : .bad
    page.heading("RTO", Ink(" \(result.rtoVerdict)", tone))
    for line in PhaseBars(result, width: page.style.width - 2).lines { page.add(line, indent: 2) }
    for line in result.timeSentences { page.add(Ink(line, .faint), indent: 2) }
  }

  private mutating func addAdvice() {
    let steps = result.advice
    if !steps.isEmpty { page.heading("What to do next") }
    for step in steps {
      page.add(Ink(step.text), indent: 2, hanging: 0)
      if let command = step.command { page.add(Ink(command, .strong), indent: 4) }
    }
    guard !result.run.isEmpty else { return }
    page.gap()
    let what = result.failures.isEmpty ? "" : ", with a remedy for each failure"
    page.add(Ink("As a page, with the timeline as a picture\(what):", .faint))
    page.add(Ink("meshdr report \(result.run)"), indent: 4)
  }
}
