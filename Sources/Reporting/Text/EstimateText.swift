import MeshModel

/// Tells people how long a restore would take, and what that hangs on.
public struct EstimateText: Sendable {
  private let style: TextStyle
  private static let most = 8

  public init(style: TextStyle) {
    self.style = style
  }

  public func page(_ estimate: RecoveryEstimate) -> String {
    var page = TextPage(style)
    let time = Words.whole(Figures.duration(estimate.seconds))
    let objective = Words.whole(Figures.duration(estimate.objectiveSeconds))
    page.add(
      Ink("About \(time)", estimate.met ? .good : .bad),
      Ink(" for a restore of \(estimate.mesh) into \(estimate.region), objective \(objective): "),
      Ink(estimate.met ? "would be met" : "would be MISSED", estimate.met ? .good : .bad))
    page.add(
      Ink("by simulation, from what snapshot \(estimate.snapshot) holds", .faint), indent: 2)
    add(estimate.bound, estimate, to: &page)
    addPath(estimate, to: &page)
    addPhases(estimate, to: &page)
    addRates(estimate, to: &page)
    page.heading("Taken for true")
    for line in estimate.assumptions { page.add(Ink(line, .faint), indent: 2) }
    return page.text
  }

  private func add(
    _ bound: RecoveryEstimate.Bound?, _ estimate: RecoveryEstimate, to page: inout TextPage
  ) {
    guard let bound else {
      page.heading("Bound by", Ink(" nothing: the snapshot holds nothing to restore"))
      return
    }
    let account = bound.account.isEmpty ? "" : " in \(name(bound.account, estimate))"
    page.heading(
      "Bound by",
      Ink(
        " \(bound.service) \(bound.operation)\(account), \(Figures.duration(bound.seconds)) of it"))
    page.add(
      Ink("with twice its rate it would take \(Figures.duration(bound.withTwiceTheRate))"),
      indent: 2)
  }

  private func name(_ account: String, _ estimate: RecoveryEstimate) -> String {
    Words.account(account, estimate.accountNames)
  }

  private func addPath(_ estimate: RecoveryEstimate, to page: inout TextPage) {
    page.heading("What the end hangs on")
    let longest = Set(
      estimate.criticalPath.sorted { $0.seconds > $1.seconds }.prefix(Self.most))
    for stretch in estimate.criticalPath where longest.contains(stretch) {
      let account = stretch.account.isEmpty ? "" : " in \(name(stretch.account, estimate))"
      let calls = stretch.calls > 0 ? ", \(Words.count(stretch.calls, "call"))" : ""
      page.add(
        Ink("\(Figures.duration(stretch.seconds))  ", .strong),
        Ink("\(stretch.operation)\(account)\(calls)"), indent: 2)
    }
    let rest = estimate.criticalPath.count - longest.count
    if rest > 0 {
      page.add(
        Ink("and \(Words.count(rest, "shorter stretch", "shorter stretches"))", .faint), indent: 2)
    }
  }

  private func addPhases(_ estimate: RecoveryEstimate, to page: inout TextPage) {
    page.gap()
    var table = TextTable(
      .init(title: "phase"), .init(title: "under way", right: true),
      .init(title: "records", right: true))
    for phase in estimate.phases {
      table.row(
        Ink(phase.name, .strong), Ink(Figures.duration(phase.seconds)),
        Ink(phase.actions > 0 ? Figures.count(phase.actions) : ""))
    }
    page.add(table)
  }

  private func addRates(_ estimate: RecoveryEstimate, to page: inout TextPage) {
    page.heading("Rates, in each account")
    for rate in estimate.rates {
      let tone: Tone = rate.source == .assumed ? .warning : .plain
      page.add(
        Ink("\(rate.service) \(rate.operation) "),
        Ink("\(Figures.decimal(rate.callsPerSecond))/s ", .strong),
        Ink(rate.source.rawValue, tone), Ink(": \(rate.evidence)", .faint), indent: 2)
    }
    if estimate.rates.contains(where: { $0.source == .assumed }) {
      page.add(
        Ink("Give what you know with --rate OPERATION=CALLS; a drill learns the rest.", .faint),
        indent: 2)
    }
  }
}
