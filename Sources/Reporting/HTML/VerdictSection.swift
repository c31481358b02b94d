import MeshModel

/// What stands first: whether it is good, in words, and the four facts behind it.
struct VerdictSection {
  let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    """
    <header class="verdict \(Verdict(result).tone.name)">
    <p class="eyebrow">meshdr \(result.command), \(result.mesh), \(result.region)</p>
    <div class="say">\(icon)<h1>\(result.headline)</h1></div>
    <p class="lede">\(lede)</p>
    <dl class="facts">
    \(result.drill.map(facts) ?? [time, result.failback.map(home) ?? point, access, records])
    </dl>
    </header>
    """
  }

  private var lede: HTML {
    let region = HTML.whole(result.region)
    let access = result.accessSentence
    if let drill = result.drill { return lede(of: drill) }
    return switch Verdict(result) {
    case .planned: "This is what would be done in \(region). Nothing was touched."
    case .interrupted:
      "\(region) holds only a part. What was done is in the journal, and the run can go on there."
    case .wider: "Close this first: \(access) The rest can wait."
    case .incomplete where result.hasFallenBehind:
      "\(region) has all that was there to bring home, and still lacks what came since. \(access)"
    case .incomplete: "\(region) is not as it should be: \(shortcomings). \(access)"
    case .unverified: "Nothing failed, but nobody looked at what is there now."
    case .late: "\(region) is as it should be\(result.reserve), but it took too long. \(access)"
    case .good: "\(region) is as it should be\(result.reserve). \(access)"
    }
  }

  var shortcomings: String {
    let counts = [
      (result.failures.count, "failed"), (result.actions.skipped, "skipped"),
      (result.verified?.missing.count ?? 0, "missing"),
      (result.verified?.different.count ?? 0, "different"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
      .joined(separator: ", ")
  }

  private var icon: HTML {
    let path: HTML =
      switch Verdict(result) {
      case .good: "<path d=\"M14 24.5l7 7 13-14\"/>"
      case .late: "<path d=\"M24 13v12l8 5\"/>"
      case .interrupted: "<path d=\"M19 16v16M29 16v16\"/>"
      case .planned: "<path d=\"M16 18h16M16 24h16M16 30h9\"/>"
      case .unverified: "<path d=\"M19 19a5 5 0 1 1 7 5q-2 1-2 4M24 34v.1\"/>"
      case .wider, .incomplete: "<path d=\"M24 13v13M24 34v.1\"/>"
      }
    return .icon(path)
  }
}

// MARK: - The four facts

extension VerdictSection {
  func fact(
    _ name: String, _ value: String, _ tone: Tone, _ remark: String, picture: HTML = .nothing
  ) -> HTML {
    .fact(name, value, tone, remark, picture: picture)
  }

  var time: HTML {
    let objective = Figures.duration(result.rto.objectiveSeconds)
    guard Verdict(result) != .planned else {
      return fact("Recovery time", "not measured", .plain, "objective \(objective)")
    }
    let value = Figures.duration(result.rto.seconds)
    if !result.keptTime {
      let late = Figures.duration(result.rto.seconds - result.rto.objectiveSeconds)
      return fact(
        "Recovery time", value, .bad, "objective \(objective): missed by \(late)", picture: meter)
    }
    return result.metObjective
      ? fact("Recovery time", value, .good, "objective \(objective): met", picture: meter)
      : fact(
        "Recovery time", "\(value) so far", Verdict(result).tone,
        "objective \(objective): not met until all is as it should be", picture: meter)
  }

  /// How much of the objective was used; where it was missed, with a mark at the objective.
  private var meter: HTML {
    let objective = result.rto.objectiveSeconds
    let whole = max(result.rto.seconds, objective)
    guard whole > 0, whole.isFinite else { return .nothing }
    let mark: HTML =
      result.keptTime ? .nothing : "<u style=\"left:\(objective / whole * 100)%\"></u>"
    let used = result.rto.seconds / whole * 100
    return
      "<span class=\"meter\" aria-hidden=\"true\"><i style=\"width:\(used)%\"></i>\(mark)</span>"
  }

  private var point: HTML {
    let age = result.catalogAge.map { "\(Figures.duration($0)) before the run began; " } ?? ""
    return fact(
      "Recovery point of the catalog", Words.moment(result.recoveryPoint), .strong,
      "\(age)snapshot \(result.snapshot)")
  }

  private var access: HTML {
    if Verdict(result) == .planned {
      return fact("Access", "Unchanged", .strong, "a plan changes nothing")
    }
    guard let verified = result.verified else {
      return fact("Access", "Unknown", .warning, "whether anybody gained access was not looked at")
    }
    let count = verified.widened.count
    return count == 0
      ? fact("Access", "Nobody gained access", .good, "widened: 0, compared grant by grant")
      : fact("Access", "\(Figures.count(count)) widened", .bad, "wider than in the primary")
  }

  var records: HTML {
    let actions = result.actions
    let done = actions.create + actions.update + actions.remove
    let left = "\(Figures.count(actions.unchanged)) were as they should be"
    guard actions.failed + actions.skipped > 0 else {
      let verb = Verdict(result) == .planned ? "to change" : "changed"
      return fact("Records", "\(Figures.count(done)) \(verb)", .strong, "\(left), 0 failed")
    }
    let skipped = actions.skipped > 0 ? ", \(Figures.count(actions.skipped)) skipped" : ""
    return fact(
      "Records", "\(Figures.count(actions.failed)) failed", .bad,
      "\(Figures.count(done)) changed, \(left)\(skipped)")
  }
}
