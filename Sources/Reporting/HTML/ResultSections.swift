import MeshModel

/// What failed, and what to do about each.
struct FailureSection {
  private let result: RestoreResult
  private static let most = 100

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    guard !result.failures.isEmpty else { return .nothing }
    let rest = result.failures.count - Self.most
    let more: HTML = rest > 0 ? "<p>and \(rest) more</p>" : .nothing
    return .section(
      "Failures", "<ul>", HTML(result.failures.prefix(Self.most).map(card)), "</ul>", more, skipped)
  }

  private var skipped: HTML {
    let count = result.actions.skipped
    guard count > 0 else { return .nothing }
    let were = count == 1 ? "record was" : "records were"
    return "<p class=\"faint\">\(count) \(were) skipped because what they need failed.</p>"
  }

  private func card(_ failure: RestoreResult.Failure) -> HTML {
    let name = failure.kind == "account" ? Words.account(failure.key, result.accounts) : failure.key
    return """
      <li class="card"><h3>\(Words.kind(failure.kind)) \(HTML.code(name))</h3>
      <p class="said"><b>\(HTML.breakable(failure.code))</b> \
      \(HTML.breakable(failure.message))</p>
      <p class="todo faint">\(result.remedy(for: failure))</p></li>
      """
  }
}

/// The timeline as a picture, and the same as tables.
struct TimelineSection {
  private let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    guard !result.timeline.isEmpty else { return .nothing }
    return .section(
      "Timeline",
      """
      <figure>
      \(GanttSVG(result, size: .wide).svg)
      \(GanttSVG(result, size: .narrow).svg)
      <figcaption class="legend">\(legend)</figcaption>
      </figure>\(sentences)
      <details><summary>The same as tables</summary>
      \(phases)
      \(accounts)
      </details>
      """)
  }

  private var sentences: HTML {
    guard !result.timeSentences.isEmpty else { return .nothing }
    return "\n<p class=\"faint\">\(result.timeSentences.joined(separator: " "))</p>"
  }

  private var legend: HTML {
    let present = Set(result.timeline.map { PhaseFamily(phase: $0.phase) })
    return HTML(
      PhaseFamily.allCases.filter(present.contains).map { family in
        "<span><i class=\"\(family.rawValue)\"></i>\(family.meaning)</span>"
      })
  }

  private var phases: HTML {
    let rows = result.rto.phases.map { phase -> [HTML] in
      ["\(phase.name)", "\(Figures.duration(phase.seconds))", "\(phase.actions)"]
    }
    return .table("Phases", ["Phase", "Under way", "Actions"], numbers: [1, 2], rows)
  }

  private var accounts: HTML {
    let spans = Dictionary(grouping: result.timeline, by: \.account)
    let ids = Set(result.accounts.keys).union(spans.keys).filter { !$0.isEmpty }.sorted()
    let rows = ids.map { id -> [HTML] in
      let own = spans[id] ?? []
      let first = own.map(\.start).min().map(Figures.duration) ?? "–"
      let last = own.map(\.end).max().map(Figures.duration) ?? "–"
      let actions = own.map(\.actions).reduce(0) { $0.addingReportingOverflow($1).partialValue }
      return ["\(Words.account(id, result.accounts))", "\(first)", "\(last)", "\(actions)"]
    }
    return .table(
      "Accounts", ["Account", "First action", "Last action", "Actions"], numbers: [1, 2, 3], rows)
  }
}

/// What was changed, by kind.
struct ActionSection {
  private let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    let kinds = result.changedByKind.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let planned = Verdict(result) == .planned
    let title = planned ? "What would be done" : "What was done"
    guard !kinds.isEmpty else { return .section(title, "<p>\(summary)</p>") }
    let rows = kinds.map { ["\(Words.kind($0.key, count: 2))", "\($0.value)"] as [HTML] }
    return .section(title, .table(summary, ["Kind", "Records"], numbers: [1], rows))
  }

  private var summary: String {
    let actions = result.actions
    guard result.hasChanges || actions.failed + actions.skipped > 0 else {
      return
        "Nothing had to be changed: \(Words.count(actions.unchanged, "record was", "records were"))"
        + " as they should be."
    }
    let parts = [
      (actions.create, "created"), (actions.update, "changed"), (actions.remove, "removed"),
      (actions.unchanged, "unchanged"), (actions.failed, "failed"), (actions.skipped, "skipped"),
    ]
    return parts.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }
}

/// What the region, captured again, has of what was wanted.
struct VerificationSection {
  private let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    guard let verified = result.verified else {
      return .section(
        "Verification",
        "<p>None: nothing is known of what \(result.region) holds beyond the journal.</p>")
    }
    let findings = [
      ("Widened", verified.widened, "access that the primary does not give", Tone.bad),
      ("Missing", verified.missing, "in the snapshot, not here", .bad),
      ("Different", verified.different, "here, but not as wanted", .bad),
      ("Extra", verified.extra, "here only, and left here", .strong),
    ]
    return .section(
      "Verification",
      "<dl class=\"checks\">\n\(findings.map(count))\n</dl>", HTML(findings.map(list)))
  }

  private func count(_ name: String, _ keys: [String], _ meaning: String, _ tone: Tone) -> HTML {
    let tone = keys.isEmpty ? Tone.good : tone
    return """
      <div class="\(tone.name)"><dt>\(name)</dt><dd>\(keys.count)</dd>\
      <dd class="small">\(meaning)</dd></div>
      """
  }

  private func list(_ name: String, _ keys: [String], _ meaning: String, _ tone: Tone) -> HTML {
    guard !keys.isEmpty else { return .nothing }
    return "<div class=\"found\"><h3>\(name)</h3>\(HTML.keys(keys))</div>"
  }
}

/// What is left for a person, with the commands.
struct ManualSection {
  private let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    guard !result.manual.isEmpty else { return .nothing }
    return .section("Left for a person", "<ul>", HTML(result.manual.map(card)), "</ul>")
  }

  private func card(_ step: ManualStep) -> HTML {
    let commands = step.commands.map {
      "<pre class=\"script\"><code>\(lines: $0)</code></pre>" as HTML
    }
    let account = Words.account(step.key.account, result.accounts)
    return """
      <li class="card"><h3>\(Words.kind(step.key.kindName)) \(HTML.code(step.key.name))</h3>
      <p class="todo">\(step.reason)</p>
      <p class="faint">In account \(account):</p>\(commands)</li>
      """
  }
}

/// How the numbers were made, and what they do not say.
struct NumbersSection {
  private let result: RestoreResult

  init(_ result: RestoreResult) {
    self.result = result
  }

  var html: HTML {
    let items = sentences.map { "<li>\($0)</li>" as HTML }
    return .section("How the numbers were made", "<ul class=\"notes faint\">\n\(items)\n</ul>")
  }

  private var sentences: [String] {
    [
      "The recovery time runs from the start of the command to the end of its verification, on the "
        + "clock of the machine that ran it. The time in which people noticed and decided is not "
        + "in it.",
      "A phase's time is how long at least one of its actions was under way. Phases overlap, so "
        + "together they come to more than the whole.",
      "In the picture a bar runs from an account's first action of a phase to its last. What is "
        + "too short to see is drawn two units wide.",
      "The recovery point is when the capture of the snapshot began: what changed in the catalog "
        + "later is not in it. How far the data itself lags behind is told by meshdr rpo.",
      "To verify, \(result.region) was captured again after the last change and compared with the "
        + "mapped snapshot, record by record. Widened is every access found there that the "
        + "snapshot does not give. The restorer's own access is not counted.",
    ] + (result.drill == nil ? [] : drill)
  }

  private var drill: [String] {
    [
      "A drill restores copies under a prefix, beside what lives in \(result.region). A real recovery "
        + "also writes what there is once in a region and what reaches other accounts, so it takes "
        + "longer by that.",
      "What users could do is worked out from the grants that were found on the copies, those of who "
        + "stands in counted for whomever they stand in for. Nobody of the mesh was given anything.",
      "How far the data was behind is what meshdr rpo measured last for \(result.region). A measurement "
        + "from more than a day before says nothing of the drill, and counts as unknown.",
    ]
  }
}
