import MeshModel

extension OutcomeText {
  /// How many lines of each finding are listed; the report has them all.
  private static let lines = 5

  /// What a drill found out besides.
  mutating func add(_ drill: DrillReport) {
    addAccounts(drill)
    addAccess(drill.access)
    addQueries(drill.queries)
    if !drill.onceInRegion.isEmpty {
      page.heading(
        "Once in \(result.region)",
        Ink(
          ": a restore would change \(Words.count(drill.onceInRegion.count, "record", "records"))"))
      page.list(drill.onceInRegion, limit: Self.lines, indent: 2)
    }
    page.heading("Not rehearsed")
    for line in drill.notRehearsed { page.add(Ink(line, .faint), indent: 2) }
    addUndoing(drill.undoing, drill)
    addRecoveryPoint(drill)
    addTrend(drill.trend)
  }

  private mutating func addAccounts(_ drill: DrillReport) {
    if drill.isFull {
      let pairs = drill.accounts.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value)" }
      page.heading("Drill accounts", Ink(": \(pairs.joined(separator: ", "))"))
    }
    guard drill.resumed > 0 else { return }
    page.heading(
      "Resumed",
      Ink(
        " \(Words.count(drill.resumed, "time", "times")): the recovery time counts all attempts, and not "
          + "the time between"))
  }

  private mutating func addAccess(_ access: DrillReport.AccessCheck) {
    let wrong = access.principals.filter { !$0.isRight }
    let count = Words.count(access.principals.count, "principal", "principals")
    guard !result.interrupted else {
      page.heading("Access", Ink(": not looked at", .warning))
      return
    }
    page.heading(
      "Access",
      access.isRight
        ? Ink(": \(count) could do what they should, and nothing else", .good)
        : Ink(": not as it should be", .bad))
    for principal in wrong {
      page.add(
        Ink(
          "\(principal.principal) could read \(principal.readable) of \(principal.expected) tables",
          .bad), indent: 2)
      page.list(principal.missing.map { "can't: \($0)" }, limit: Self.lines, indent: 4)
      page.list(principal.beyond.map { "but could: \($0)" }, limit: Self.lines, indent: 4)
    }
    if !access.strangers.isEmpty {
      page.add(Ink("grants on copies to somebody who stands in for nobody:", .bad), indent: 2)
      page.list(access.strangers, limit: Self.lines, indent: 4)
    }
    for account in access.unread { page.add(Ink("not known of \(account)", .warning), indent: 2) }
  }

  private mutating func addQueries(_ queries: [DrillReport.Query]) {
    guard !queries.isEmpty else { return }
    let allowed = queries.filter(\.isAllowed)
    let closed = queries.filter { !$0.isAllowed }
    let denied = closed.count { $0.verdict == .right }
    let wrong = queries.filter { $0.verdict != .right }
    let kept =
      closed.isEmpty
      ? "" : ", \(denied) of \(closed.count) were denied what they should not read"
    page.heading(
      "Queries",
      Ink(
        ": \(allowed.count(where: \.succeeded)) of \(allowed.count) succeeded\(kept)",
        wrong.isEmpty ? .good : .bad)
    )
    for query in wrong {
      page.add(
        Ink(
          "\(query.account) \(query.asker) \(query.asked) in \(query.workGroup): \(query.outcome) "
            + query.reason, query.isWider ? .bad : .warning), indent: 2)
    }
  }

  private mutating func addUndoing(_ undoing: DrillReport.Undoing, _ drill: DrillReport) {
    let time = Figures.duration(undoing.seconds)
    page.heading(
      "Undone",
      undoing.isClean
        ? Ink(
          " in \(time): nothing is left, and "
            + (drill.isFull
              ? "the drill accounts are as they were"
              : "\(result.region) is as it was, byte for byte"),
          .good)
        : Ink(" in \(time), but not proved to be as it was", .bad))
    for failure in undoing.failures { page.add(failure, accounts: result.accounts) }
    if !undoing.left.isEmpty {
      page.add(Ink("still there: meshdr drill --clean --region \(result.region)", .bad), indent: 2)
      page.list(undoing.left, limit: Self.lines, indent: 4)
    }
    if !undoing.changed.isEmpty {
      page.add(
        Ink("not as before; somebody else may have changed it meanwhile:", .warning), indent: 2)
      page.list(undoing.changed, limit: Self.lines, indent: 4)
    }
  }

  private mutating func addRecoveryPoint(_ drill: DrillReport) {
    let age = drill.catalogAge.map(Figures.duration) ?? "UNKNOWN"
    let objective = drill.rpoObjective.map { " of \(Figures.duration($0))" } ?? ""
    let verdict =
      switch drill.metRecoveryPoint {
      case true?: Ink(": met", .good)
      case false?: Ink(": MISSED", .bad)
      case nil: Ink(": not measured against an objective", .warning)
      }
    page.heading("Age of the catalog", Ink(" \(age)\(objective)"), verdict)
    let judged =
      switch drill.dataLag?.met {
      case true?: Ink(": met", .good)
      case false?: Ink(": MISSED", .bad)
      case nil: Ink(": not known, measure it: meshdr rpo --region \(result.region)", .warning)
      }
    page.heading("Data behind", Ink(" \(drill.behind)\(objective)"), judged)
    if let lag = drill.dataLag { page.add(Ink("as \(lag.run) measured it", .faint), indent: 2) }
  }

  private mutating func addTrend(_ past: [DrillReport.Past]) {
    guard !past.isEmpty else { return }
    page.heading("Earlier drills")
    for drill in past {
      let verdict = drill.met ? Ink("met", .good) : Ink("missed", .bad)
      let form = drill.isFull ? "full  " : ""
      page.add(
        [
          Ink(
            "\(Words.moment(drill.started))  \(Figures.duration(drill.seconds))  "
              + "\(Words.count(drill.actions, "change", "changes"))  \(form)"), verdict,
        ], indent: 2)
    }
  }
}
