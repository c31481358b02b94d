import MeshModel

/// The report of a snapshot as one self-contained page: no network, no script.
public enum SnapshotHTML {
  public static func page(_ page: SnapshotPage) -> String {
    let accounts = Dictionary(page.summary.accounts.map { ($0.id, $0.name) }) { first, _ in first }
    let body = HTML([
      verdict(page), SnapshotSections(page).findings, SnapshotSections(page).accounts,
      SnapshotTimeline(page).html, SnapshotSections(page).kinds,
      page.access.map { AccessChangeSection($0, accounts).html } ?? .nothing,
      page.rpo.map { RPOSection($0).html } ?? .nothing,
      page.sharing.map { SharingSection($0).html } ?? .nothing, SnapshotSections(page).trend,
      SnapshotSections(page).warnings, footer(page),
    ])
    return HTML.page(
      title: "\(headline(page)): \(page.mesh) in \(page.summary.region)",
      styles: (page.sharing == nil ? [] : [Stylesheet.sharing]) + [Stylesheet.drill], body)
  }

  private static func headline(_ page: SnapshotPage) -> String {
    if page.isComplete { return "Captured whole" }
    return page.incomplete.count == page.summary.accounts.count
      ? "Captured in part" : "Captured, but for a part"
  }

  private static func verdict(_ page: SnapshotPage) -> HTML {
    let tone: Tone = page.isComplete ? .good : .bad
    let path: HTML =
      page.isComplete ? "<path d=\"M14 24.5l7 7 13-14\"/>" : "<path d=\"M24 13v13M24 34v.1\"/>"
    return """
      <header class="verdict \(tone.name)">
      <p class="eyebrow">meshdr snapshot, \(page.mesh), \(page.summary.region)</p>
      <div class="say">\(HTML.icon(path))<h1>\(headline(page))</h1></div>
      <p class="lede">\(lede(page))</p>
      <dl class="facts">
      \(facts(page))
      </dl>
      </header>
      """
  }

  private static func lede(_ page: SnapshotPage) -> HTML {
    let moment = Words.moment(page.summary.recoveryPoint)
    guard !page.isComplete else {
      return "The catalog and grants of \(page.mesh) can be brought back to \(moment)."
    }
    return """
      \(Words.count(page.incomplete.count, "account")) of \(page.summary.accounts.count) \
      could not be captured whole. A restore that names no snapshot passes this one over.
      """
  }

  private static func facts(_ page: SnapshotPage) -> [HTML] {
    let accounts = page.summary.accounts.count
    let whole = accounts - page.incomplete.count
    return [
      .fact(
        "Recovery point", Words.moment(page.summary.recoveryPoint), .strong,
        "when the capture began; it took \(Figures.duration(page.summary.seconds))"),
      .fact(
        "Accounts", "\(Figures.count(whole)) of \(Figures.count(accounts)) whole",
        page.isComplete ? .good : .bad,
        page.isComplete ? "none was left out" : "the others are named below"),
      .fact(
        "Records", Figures.count(page.records), .strong,
        "of \(Words.count(page.summary.counts.count, "kind"))"),
      .fact(
        "Size", Figures.bytes(page.bytes), .strong,
        "compressed, with packs that other snapshots share"),
    ]
  }

  private static func footer(_ page: SnapshotPage) -> HTML {
    "<footer>Snapshot <code>\(page.summary.id)</code><br>meshdr snapshot of \(page.mesh)</footer>"
  }
}

/// What a snapshot holds and lacks.
struct SnapshotSections {
  private let page: SnapshotPage

  init(_ page: SnapshotPage) {
    self.page = page
  }

  var findings: HTML {
    guard !page.isComplete else {
      return .section("Findings", "<p>None: every account was captured whole.</p>")
    }
    let cards = page.incomplete.map { account -> HTML in
      let remedies = Set(account.errors.map(Self.remedy)).sorted().joined(separator: " ")
      return """
        <li class="card finding bad"><h3>\(account.id) \(account.name)</h3>\(HTML.keys(account.errors))
        <p class="todo faint">\(remedies)</p></li>
        """
    }
    return .section("Findings", "<ul>", HTML(cards), "</ul>")
  }

  /// What to do about an error, which begins with its code.
  private static func remedy(_ error: String) -> String {
    let code = error.prefix { $0 != ":" }
    return switch code {
    case "NotSelected", "Limited":
      "It was left out on purpose: a whole snapshot needs neither --account nor --only."
    case "NotDataLakeAdministrator":
      "Make the reader role a data lake administrator of the account, then take another snapshot."
    case "HiddenFromReader":
      "Give the reader role the right that the warnings name, then take another snapshot."
    case _ where code.hasPrefix("AccessDenied") || code.hasPrefix("UnauthorizedOperation"):
      "See that the reader role can be assumed, and compare its rights with meshdr iam-policy reader."
    case "MalformedAnswer":
      "Take another snapshot; if it fails again, meshdr does not understand an answer of AWS."
    default: "Take another snapshot: what could not be listed is asked for again."
    }
  }

  var accounts: HTML {
    let rows = page.summary.accounts.map { account -> [HTML] in
      let tone = account.complete ? "good" : "bad"
      return [
        "\(account.id)", "\(account.name)", "\(account.records)",
        "<span class=\"\(tone) word\">\(account.complete ? "whole" : "in part")</span>",
      ]
    }
    return .section(
      "Accounts",
      .table(
        "What was captured of each account", ["Account", "Name", "Records", "Captured"],
        numbers: [2], rows))
  }

  var kinds: HTML {
    let rows = page.summary.counts.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { ["\(Words.kind($0.key, count: 2))", "\($0.value)"] as [HTML] }
    return .section("Records", .table("By kind", ["Kind", "Records"], numbers: [1], rows))
  }

  var trend: HTML {
    guard !page.trend.isEmpty else {
      return .section(
        "Trend", "<p>This is the first snapshot of the region that the store has.</p>")
    }
    let now = SnapshotPage.Past(
      id: page.summary.id, recoveryPoint: page.summary.recoveryPoint, records: page.records,
      bytes: page.bytes, complete: page.isComplete)
    let most = max(1, (page.trend + [now]).map(\.records).max() ?? 1)
    let rows = (page.trend + [now]).map { snapshot -> [HTML] in
      let share = Double(snapshot.records) / Double(most) * 100
      let tone = snapshot.complete ? "good" : "bad"
      return [
        "\(Words.moment(snapshot.recoveryPoint))",
        "<span class=\"meter \(tone)\" aria-hidden=\"true\"><i style=\"width:\(share)%\"></i></span>",
        "\(snapshot.records)", "\(Figures.bytes(snapshot.bytes))",
        "<span class=\"\(tone) word\">\(snapshot.complete ? "whole" : "in part")</span>",
      ]
    }
    return .section(
      "Trend",
      .table(
        "Snapshots of the region, the oldest first",
        ["Recovery point", "", "Records", "Size", "Captured"],
        numbers: [2, 3], rows))
  }

  var warnings: HTML {
    guard !page.summary.warnings.isEmpty else { return .nothing }
    let items = page.summary.warnings.map { "<li>\($0)</li>" as HTML }
    return .section("Warnings", "<ul class=\"notes warning\">\n\(items)\n</ul>")
  }
}

/// Who gained or lost what.
struct AccessChangeSection {
  private let changes: SnapshotPage.AccessChanges
  private let names: [String: String]
  private static let most = 100

  init(_ changes: SnapshotPage.AccessChanges, _ names: [String: String]) {
    self.changes = changes
    self.names = names
  }

  var html: HTML {
    let notes = changes.notes.map { "<li>\($0)</li>" as HTML }
    return .section(
      "Access since \(changes.since)", list("gained", changes.gained, .warning),
      list("lost", changes.lost, .plain),
      changes.gained.isEmpty && changes.lost.isEmpty
        ? "<p>Nobody gained or lost access.</p>" : .nothing,
      notes.isEmpty ? .nothing : "<ul class=\"notes warning\">\n\(notes)\n</ul>")
  }

  private func list(_ verb: String, _ changes: [AccessText.Change], _ tone: Tone) -> HTML {
    guard !changes.isEmpty else { return .nothing }
    let cards = changes.prefix(Self.most).map { change -> HTML in
      let lines = change.rows.map { row -> String in
        let what = row.reads.map { "reading \($0)" } + row.permissions
        return
          "\(Words.account(row.account, names)) \(row.resource): \(what.joined(separator: "; "))"
      }
      return """
        <li class="card finding \(tone.name)"><h3>\(HTML.breakable(change.principal)) \(verb)</h3>\
        \(HTML.keys(lines))</li>
        """
    }
    let rest = changes.count - Self.most
    let more: HTML = rest > 0 ? "<li>and \(rest) more</li>" : .nothing
    return "<ul>\n\(cards + [more])\n</ul>"
  }
}
