import MeshModel

/// What a failback found on both sides, and what it did about it.
struct FailbackSections {
  private let report: FailbackReport
  /// Of what is right, so many are listed; what was overwritten and what is not home is listed whole.
  private static let most = 200

  init(_ report: FailbackReport) {
    self.report = report
  }

  /// What somebody has to know before anything else: what was decided against one side, and what is
  /// missing.
  var decisions: HTML { HTML([later, unjustified, conflicts, revocations]) }

  /// What went home, what did not, and how it is with the data.
  var details: HTML { HTML([home, left, data]) }

  // MARK: - What is missing

  private var later: HTML {
    guard !report.later.isEmpty else {
      guard report.rounds > 1 else { return .nothing }
      return .section(
        "Changed meanwhile",
        """
        <p>What was changed in \(report.from) while others went home was brought home in a second \
        round.</p>
        """)
    }
    return .section(
      "Not home",
      "<p>\(report.from) was changed while others went home. This is not in the primary:</p>",
      .table(
        "Changes since the secondary was looked at last, by its own keys",
        ["Record", "What", "Members"],
        report.later.map(row)))
  }

  private func row(_ change: FailbackReport.Change) -> [HTML] {
    [
      record(change.kind, change.key), .whole(change.what.rawValue),
      members(change.fields),
    ]
  }

  private var unjustified: HTML {
    guard !report.unjustified.isEmpty else { return .nothing }
    return .section(
      "Access that the two sides together would give",
      "<p>It was revoked by one of them, or is given by neither. Nothing was changed.</p>",
      .keys(report.unjustified))
  }

  // MARK: - What was decided

  private var conflicts: HTML {
    guard !report.conflicts.isEmpty else {
      return .section("Conflicts", "<p>None: no record was changed on both sides.</p>")
    }
    let rows = report.conflicts.map { conflict -> [HTML] in
      [
        record(conflict.kind, conflict.key), members(conflict.fields),
        .whole(conflict.secondary.rawValue), .whole(conflict.primary.rawValue), taken(conflict),
      ]
    }
    return .section(
      "Conflicts",
      .table(
        "Records that both sides have changed, each in its own way",
        ["Record", "Members", "In the secondary", "In the primary", "Taken"], rows), kept)
  }

  private func taken(_ conflict: FailbackReport.Conflict) -> HTML {
    guard let side = conflict.taken else { return "<span class=\"bad word\">nobody’s yet</span>" }
    return "<span class=\"warning word\">the \(side)’s</span>"
  }

  private var kept: HTML {
    guard let kept = report.kept, !report.overwritten.isEmpty else { return .nothing }
    return """
      <p class="faint below">What the primary had is kept in the store, an archive of its own:</p>
      <pre><code>meshdr show latest KIND KEY --store STORE/\(kept)</code></pre>
      """
  }

  private var revocations: HTML {
    guard !report.revocations.isEmpty else { return .nothing }
    let rows = report.revocations.prefix(Self.most).map { revocation -> [HTML] in
      [
        record(revocation.kind, revocation.key),
        .breakable(revocation.revoked.joined(separator: ", ")),
        .whole(revocation.side),
        revocation.isContested
          ? "<span class=\"warning word\">changed it</span>" : "left it as it was",
      ]
    }
    return .section(
      "Revocations that won",
      .table(
        "What one side has revoked and the other still had: it is revoked",
        ["Record", "Revoked", "Where", "The other side"], rows),
      more(report.revocations.count, Self.most))
  }

  // MARK: - What went home

  private var home: HTML {
    guard !report.home.isEmpty else {
      return .section(
        "What went home",
        "<p>Nothing: whatever had changed in \(report.from) was in the primary already.</p>")
    }
    let counts = report.home.sorted { $0.key < $1.key }.map { kind, count -> [HTML] in
      [
        "\(Words.kind(kind, count: 2))", "\(count.added)", "\(count.changed)", "\(count.removed)",
      ]
    }
    let all = report.home.values.reduce(0) { $0 + $1.added + $1.changed + $1.removed }
    let shown = report.changes.prefix(Self.most)
    return .section(
      "What went home",
      .table(
        "Changes of \(report.from) that the primary did not have",
        ["Kind", "New", "Changed", "Removed"],
        numbers: [1, 2, 3], counts),
      """
      <details><summary>Record by record</summary>
      \(HTML.table(
        "In the order in which they were merged", ["Record", "What", "Members"], shown.map(row)))
      \(more(all, shown.count))
      </details>
      """)
  }

  private var left: HTML {
    guard !report.left.isEmpty else { return .nothing }
    let rows = report.left.map { left -> [HTML] in
      [
        record(left.kind, left.key), .whole(left.what.rawValue),
        members(left.fields), "\(left.reason)",
      ]
    }
    return .section(
      "What was left",
      .table(
        "Changes of \(report.from) that a person has to bring home",
        ["Record", "What", "Members", "Why"], rows))
  }

  // MARK: - Data

  private var data: HTML {
    guard let data = report.data else {
      return .section("Data", "<p>Whether it is in the primary was not looked at.</p>")
    }
    let sorted = data.places.sorted { left, right in
      left.isHome == right.isHome ? left.location < right.location : !left.isHome
    }
    let rows = sorted.prefix(Self.most).map { place -> [HTML] in
      [
        .code(place.location), .code(place.target ?? "no counterpart"),
        place.compared.map { "\($0)" } ?? "none", standing(place),
      ]
    }
    return .section(
      "Data, by product",
      .table(
        "Where the secondary’s data is in the primary: replicas go back only by rules in the other "
          + "direction, and by Batch Replication",
        ["In the secondary", "In the primary", "Objects compared", "Standing"], numbers: [2], rows),
      more(sorted.count, Self.most), HTML(data.findings.map(card)))
  }

  private func standing(_ place: FailbackReport.Place) -> HTML {
    let tone: Tone = place.isHome ? .good : .bad
    return "<span class=\"\(tone.name) word\">\(place.standing)</span>"
  }

  private func card(_ finding: Finding) -> HTML {
    let tone: Tone =
      switch finding.severity {
      case .blocker: .bad
      case .warning: .warning
      case .note: .plain
      }
    return """
      <div class="card finding below \(tone.name)"><h3>\(HTML.breakable(finding.message))</h3>
      <p class="faint">\(HTML.breakable(finding.subject))</p>
      <pre class="script"><code>\(finding.remedy)</code></pre></div>
      """
  }

  // MARK: - Parts

  private func record(_ kind: String, _ key: String) -> HTML {
    "\(Words.kind(kind)) \(HTML.code(key))"
  }

  /// Members by their paths; short ones are not broken.
  private func members(_ fields: [String]) -> HTML {
    let text = Words.first(6, of: fields)
    return text.count <= 24 ? .whole(text) : .breakable(text)
  }

  private func more(_ count: Int, _ shown: Int) -> HTML {
    count > shown ? "<p class=\"faint\">and \(count - shown) more</p>" : .nothing
  }
}

extension VerdictSection {
  /// Where the mesh runs from here on, in place of the recovery point.
  func home(_ report: FailbackReport) -> HTML {
    let conflicts = Words.count(report.conflicts.count, "conflict")
    let remark = "from \(report.from), \(conflicts), \(report.onConflict)"
    if Verdict(result) == .planned {
      return fact("The mesh runs in", report.from, .strong, "a plan switches nothing; \(conflicts)")
    }
    return report.switched
      ? fact("The mesh runs in", result.region, .good, remark)
      : fact("The mesh still runs in", report.from, .warning, remark)
  }
}
