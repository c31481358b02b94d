import MeshModel

/// One thing that a drill found out, with what to do about it.
struct DrillFinding: Sendable, Hashable {
  let tone: Tone
  /// One sentence.
  let what: String
  /// What it is about, a line for each.
  var lines: [String] = []
  let remedy: String
  /// What to type; nil where there is nothing.
  var command: String?
}

extension DrillReport.AccessCheck {
  /// Whether somebody could do more than the snapshot lets them.
  var isWider: Bool { !strangers.isEmpty || principals.contains { !$0.beyond.isEmpty } }
}

extension DrillReport {
  /// Whether somebody could do, or read in a query, more than the snapshot lets them.
  var isWider: Bool { access.isWider || queries.contains(where: \.isWider) }

  /// Where the drill made what it made, in a few words.
  var place: String { isFull ? "in its own accounts" : "under \(prefix)" }

  /// How far the data was behind at worst, in words. What was measured too long before is not known.
  var behind: String {
    guard let dataLag, dataLag.isFresh, let worst = dataLag.worst else { return "UNKNOWN" }
    return Figures.duration(worst)
  }
}

extension RestoreResult {
  /// What a drill found out, the most urgent first. Empty where all is well.
  var drillFindings: [DrillFinding] {
    guard let drill else { return [] }
    return beyond(drill.access) + widerQueries(drill.queries) + leftovers(drill.undoing)
      + missing(drill.access)
      + queries(drill.queries) + objectives(drill)
  }

  private func show(_ principal: String) -> String {
    "meshdr show \(snapshot) access --principal \(principal)"
  }

  private func beyond(_ access: DrillReport.AccessCheck) -> [DrillFinding] {
    var findings = access.principals.filter { !$0.beyond.isEmpty }.map { principal in
      DrillFinding(
        tone: .bad, what: "\(principal.principal) could do more than the snapshot lets it.",
        lines: principal.beyond,
        remedy:
          "Do not rely on a recovery before this is understood. What it should be able to do:",
        command: show(principal.principal))
    }
    if !access.strangers.isEmpty {
      findings.append(
        DrillFinding(
          tone: .bad, what: "Somebody who stands in for nobody had grants on copies.",
          lines: access.strangers,
          remedy: "Find out in CloudTrail who gave them. Do not rely on a recovery before that."))
    }
    return findings
  }

  private func missing(_ access: DrillReport.AccessCheck) -> [DrillFinding] {
    var findings = access.principals.filter { !$0.missing.isEmpty }.map { principal in
      DrillFinding(
        tone: .bad,
        what: "\(principal.principal) could read \(Figures.count(principal.readable)) of "
          + "\(Words.count(principal.expected, "table")), and not do all that it should.",
        lines: principal.missing,
        remedy: "What failed above, or the mapping, is behind it. What it should be able to do:",
        command: show(principal.principal))
    }
    if !access.unread.isEmpty {
      findings.append(
        DrillFinding(
          tone: .bad, what: "What users could do is not known of every account.",
          lines: access.unread,
          remedy: "See that the restorer role can be assumed and may read there, then drill again.")
      )
    }
    return findings
  }

  private func leftovers(_ undoing: DrillReport.Undoing) -> [DrillFinding] {
    var findings: [DrillFinding] = []
    if !undoing.left.isEmpty || !undoing.failures.isEmpty {
      findings.append(
        DrillFinding(
          tone: .bad, what: "The drill is not undone, or nobody could see that it is.",
          lines: undoing.left + undoing.failures.map { "\($0.key): \($0.code): \($0.message)" },
          remedy: "Mend what is named, then have the rest taken away:",
          command: "meshdr drill --clean --region \(region)"))
    }
    if !undoing.changed.isEmpty {
      findings.append(
        DrillFinding(
          tone: .bad, what: "\(region) is not as it was before the drill.", lines: undoing.changed,
          remedy:
            "No plan of the drill names these records, so most likely somebody else changed them "
            + "meanwhile. See in CloudTrail who did."))
    }
    return findings
  }

  private func widerQueries(_ queries: [DrillReport.Query]) -> [DrillFinding] {
    queries.filter(\.isWider).map { query in
      DrillFinding(
        tone: .bad, what: "\(query.asker) read \(query.asked), which it should not.",
        lines: query.principals.map { "stands in for \($0)" },
        remedy: "Do not rely on a recovery before this is understood. What may it read?",
        command: query.principals.first.map(show))
    }
  }

  private func queries(_ queries: [DrillReport.Query]) -> [DrillFinding] {
    queries.filter { $0.verdict != .right && !$0.isWider }.map { query in
      let account = Words.account(query.account, accounts)
      let what =
        query.verdict == .unknown
        ? "Whether \(query.asker) can\(query.isAllowed ? "" : "'t") read \(query.asked) in account "
          + "\(account) is not known."
        : "The query of \(query.asker) on \(query.asked) in account \(account) ended as "
          + "\(query.state)."
      return DrillFinding(
        tone: .bad, what: what, lines: query.reason.isEmpty ? [] : [query.reason],
        remedy: "See that the restorer may assume the role, and that the work group "
          + "\(query.workGroup) is there, has a place for results in \(region), and is the role's to "
          + "use, as the replica is to read.")
    }
  }
}

extension DrillReport.Query {
  /// Who asked.
  var asker: String { role.isEmpty ? "the restorer" : role }

  /// What was asked for.
  var asked: String { column.isEmpty ? table : "\(column) of \(table)" }

  /// What it shows, in a word or two.
  var outcome: String {
    switch (verdict, isAllowed) {
    case (.right, true): "succeeded"
    case (.right, false): "denied, as it should be"
    case (.wrong, true): state
    case (.wrong, false): "read, and should not be"
    case (.unknown, _): "UNKNOWN"
    }
  }
}

// MARK: - Objectives

extension RestoreResult {
  private func objectives(_ drill: DrillReport) -> [DrillFinding] {
    var findings: [DrillFinding] = []
    if !keptTime {
      findings.append(
        DrillFinding(
          tone: .warning, what: "The recovery time was missed: \(rtoVerdict).",
          remedy:
            "The timeline shows what the time hung on. Have the limits raised that it waited for, "
            + "or name what matters most under priority in the mesh file."))
    }
    if drill.metRecoveryPoint == false {
      findings.append(
        DrillFinding(
          tone: .warning, what: "The catalog was older than the recovery point objective allows.",
          remedy: "Take snapshots more often, or look why the last ones failed.",
          command: "meshdr list"))
    }
    switch (drill.dataLag?.met, drill.rpoObjective) {
    case (false?, _):
      findings.append(
        DrillFinding(
          tone: .warning,
          what:
            "The data of \(Words.count(drill.dataLag?.breached ?? 0, "product")) was further behind "
            + "than the objective allows.",
          remedy: "runbooks/rpo-breached.md says what to do.", command: rpoCommand))
    case (nil, _?):
      findings.append(
        DrillFinding(
          tone: .warning, what: "How far the data was behind is not known: \(whyUnknown(drill)).",
          remedy: "Measure it before the next drill:", command: rpoCommand))
    case (true?, _), (nil, nil): break
    }
    return findings
  }

  private var rpoCommand: String { "meshdr rpo --region \(region)" }

  private func whyUnknown(_ drill: DrillReport) -> String {
    guard let lag = drill.dataLag else { return "nobody measured it for \(region)" }
    guard lag.isFresh else {
      return lag.age.map { "it was last measured \(Figures.duration($0)) before" }
        ?? "nobody knows when it was last measured"
    }
    return lag.products == 0
      ? "no product was found" : "that of \(Words.count(lag.unknown, "product")) could not be told"
  }
}
