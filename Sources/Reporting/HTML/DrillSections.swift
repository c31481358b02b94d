import MeshModel

/// What a drill found out besides what a restore does.
struct DrillSections {
  private let result: RestoreResult
  private let drill: DrillReport
  /// Of what is right, so many are listed; of what is not, all are findings.
  private static let most = 200

  init(_ drill: DrillReport, _ result: RestoreResult) {
    self.drill = drill
    self.result = result
  }

  /// What is to be done, before anything else is told.
  var findings: HTML {
    let findings = result.drillFindings
    guard !findings.isEmpty else {
      return .section("Findings", "<p>None: everything was as it should be.</p>")
    }
    return .section("Findings", "<ul>", HTML(findings.map(card)), "</ul>")
  }

  private func card(_ finding: DrillFinding) -> HTML {
    let lines = finding.lines.isEmpty ? HTML.nothing : .keys(finding.lines)
    let command: HTML = finding.command.map { "<pre><code>\($0)</code></pre>" } ?? .nothing
    return """
      <li class="card finding \(finding.tone.name)"><h3>\(HTML.breakable(finding.what))</h3>\(lines)
      <p class="todo faint">\(finding.remedy)</p>\(command)</li>
      """
  }

  /// What users could have done.
  var users: HTML {
    HTML([principals, queries])
  }

  private var principals: HTML {
    guard !result.interrupted else {
      return .section("What users could do", "<p>It was not looked at.</p>")
    }
    guard !drill.access.principals.isEmpty else {
      return .section("What users could do", "<p>The snapshot gives nobody any access.</p>")
    }
    let sorted = drill.access.principals.sorted { left, right in
      left.isRight == right.isRight ? left.principal < right.principal : !left.isRight
    }
    let rows = sorted.prefix(Self.most).map { principal -> [HTML] in
      [
        .code(principal.principal), "\(principal.readable)", "\(principal.expected)",
        verdict(
          principal.isRight,
          principal.isRight
            ? "as it should be"
            : "\(Figures.count(principal.missing.count)) missing, "
              + "\(Figures.count(principal.beyond.count)) too much"),
      ]
    }
    let rest = sorted.count - Self.most
    let more: HTML = rest > 0 ? "<p class=\"faint\">and \(rest) more</p>" : .nothing
    return .section(
      "What users could do",
      .table(
        "Tables that each principal of the mesh could read something of, had the grants to those who "
          + "stand in for it been its own", ["Principal", "Could read", "Should", "Access"],
        numbers: [1, 2], rows), more)
  }

  private func verdict(_ isGood: Bool, _ text: String) -> HTML {
    "<span class=\"\(isGood ? "good" : "bad") word\">\(text)</span>"
  }

  private var queries: HTML {
    guard !drill.queries.isEmpty else { return .nothing }
    let rows = drill.queries.map { query -> [HTML] in
      [
        "\(Words.account(query.account, result.accounts))", .code(query.asker),
        .code(query.asked), "\(query.isAllowed ? "yes" : "no")",
        "\(Figures.duration(query.seconds))",
        verdict(query.verdict == .right, query.outcome),
      ]
    }
    return .section(
      "Queries",
      .table(
        "A SELECT through Athena in the work group \(drill.queries[0].workGroup)",
        ["Account", "Asked by", "Table", "Should read", "Took", "Ended as"], numbers: [4], rows))
  }
}

// MARK: - What became of it

extension DrillReport {
  /// What a clean proof says.
  fileprivate var proof: String {
    isFull
      ? "Every record in the drill accounts is the one that was there before, and nothing else is."
      : "Every record in it is, byte for byte, the one that was there before."
  }
}

extension DrillSections {
  /// That nothing is left, and what the drill does not show.
  var after: HTML { HTML([undone, accounts, onceInRegion, notRehearsed]) }

  private var undone: HTML {
    let undoing = drill.undoing
    let checks = [
      ("Removed", undoing.removed, "actions that took away what was made", Tone.plain),
      ("Left", undoing.left.count, "records of the drill still there", .bad),
      ("Changed", undoing.changed.count, "records that are not as before", .bad),
      ("Failed", undoing.failures.count, "removals, or looks at an account", .bad),
    ].map { name, count, meaning, tone -> HTML in
      let tone = name == "Removed" ? Tone.plain : count == 0 ? .good : tone
      return """
        <div class="\(tone.name)"><dt>\(name)</dt><dd>\(count)</dd>\
        <dd class="small">\(meaning)</dd></div>
        """
    }
    let rows =
      (drill.after + [.init(name: "undoing", seconds: undoing.seconds, actions: undoing.removed)])
      .map { ["\($0.name)", "\(Figures.duration($0.seconds))"] as [HTML] }
    return .section(
      "Undone",
      "<dl class=\"checks\">\n\(checks)\n</dl>",
      "<p class=\"faint below\">\(proof(undoing))</p>",
      .table(
        "What came after the recovery, and is not in its time", ["Stretch", "Took"], numbers: [1],
        rows))
  }

  private func proof(_ undoing: DrillReport.Undoing) -> String {
    let how =
      "Everything \(drill.place) was taken away, and \(result.region) was captured again. "
    return undoing.isClean
      ? how + drill.proof
      : how + "The findings name what is not as it was, or could not be read."
  }

  private var accounts: HTML {
    guard drill.isFull else { return .nothing }
    let rows = drill.accounts.sorted { $0.key < $1.key }.map { account, standIn -> [HTML] in
      [
        "\(Words.account(account, result.accounts))",
        "\(Words.account(standIn, result.accounts))",
      ]
    }
    return .section(
      "Drill accounts",
      .table("What stood for what", ["Account of the mesh", "Drill account"], numbers: [], rows))
  }

  private var onceInRegion: HTML {
    guard !drill.onceInRegion.isEmpty else { return .nothing }
    return .section(
      "Once in \(result.region)",
      "<p>A drill compares this and leaves it as it is. A recovery would change:</p>",
      .keys(drill.onceInRegion))
  }

  private var notRehearsed: HTML {
    guard !drill.notRehearsed.isEmpty else { return .nothing }
    let items = drill.notRehearsed.map { "<li>\($0)</li>" as HTML }
    return .section("Not rehearsed", "<ul class=\"notes faint\">\n\(items)\n</ul>")
  }
}
