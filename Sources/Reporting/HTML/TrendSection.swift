import MeshModel

/// How drills of a region went, this one last: a picture, and the same as a table.
struct TrendSection {
  private let drills: [DrillReport.Past]
  private let objective: Double

  init(_ drill: DrillReport, _ result: RestoreResult) {
    var now = DrillReport.Past(
      run: result.run, started: result.started, seconds: result.rto.seconds,
      actions: result.actions.done, met: result.metObjective)
    now.good = drill.isGood
    now.objective = result.rto.objectiveSeconds
    now.catalogAge = drill.catalogAge
    now.dataLag = drill.dataLag.flatMap { $0.isFresh ? $0.worst : nil }
    drills = drill.trend + [now]
    objective = result.rto.objectiveSeconds
  }

  var html: HTML {
    guard drills.count > 1 else {
      return .section(
        "Trend", "<p>This is the first drill of this region that the store knows.</p>")
    }
    return .section(
      "Trend",
      """
      <figure>
      \(TrendSVG(drills, objective: objective, size: .wide).svg)
      \(TrendSVG(drills, objective: objective, size: .narrow).svg)
      <figcaption class="faint">Recovery time of each drill\(mark).\(remark)</figcaption>
      </figure>
      <details><summary>The same as a table</summary>
      \(table)
      </details>
      """)
  }

  private var mark: String {
    drills.allSatisfy(\.met) ? "" : "; “!” stands behind what was late or not as it should be"
  }

  private var remark: String {
    let longest = drills.map(\.seconds).filter(\.isFinite).max() ?? 0
    return TrendSVG.shows(objective, beside: longest)
      ? "" : " The objective, \(Figures.duration(objective)), is far beyond the picture."
  }

  private var table: HTML {
    let rows = drills.map { drill -> [HTML] in
      [
        "\(Words.moment(drill.started))", "\(Figures.duration(drill.seconds))",
        "\(drill.actions)", "\(drill.catalogAge.map(Figures.duration) ?? "–")",
        "\(drill.dataLag.map(Figures.duration) ?? "unknown")", "\(drill.outcome)",
      ]
    }
    return .table(
      "Drills, the oldest first",
      ["Begun", "Recovery time", "Changes", "Catalog's age", "Data behind", "Outcome"],
      numbers: [1, 2, 3, 4], rows)
  }
}

extension DrillReport.Past {
  /// How it went, in a word or two.
  var outcome: String {
    if met { return "met" }
    if good == false { return "not as it should be" }
    guard let objective else { return "missed" }
    return seconds > objective ? "too late" : "not whole"
  }
}

/// Draws the recovery times of drills, a row for each.
struct TrendSVG {
  private let drills: [DrillReport.Past]
  private let objective: Double
  private let size: GanttLayout.Size
  private let whole: Double
  private static let row = 30.0
  private static let top = 26.0

  init(_ drills: [DrillReport.Past], objective: Double, size: GanttLayout.Size) {
    self.drills = drills
    self.objective = objective
    self.size = size
    let longest = drills.map(\.seconds).filter(\.isFinite).max() ?? 0
    let end = Self.shows(objective, beside: longest) ? max(longest, objective) : longest
    whole = end > 0 ? end : 1
  }

  /// Whether the objective has a place in a picture of so long a time.
  static func shows(_ objective: Double, beside longest: Double) -> Bool {
    objective > 0 && objective <= longest * 3
  }

  private func x(_ seconds: Double) -> Double {
    let seconds = seconds.isFinite ? min(max(seconds, 0), whole) : 0
    return size.left + seconds / whole * size.plot
  }

  var svg: HTML {
    let name = "trend-\(size.name)"
    let height = Self.top + Double(drills.count) * Self.row + 4
    let told = drills.map {
      "\(Words.moment($0.started)) \(Figures.duration($0.seconds)), \($0.outcome)"
    }
    return """
      <svg class="gantt trend \(size.name)" viewBox="0 0 \(size.width) \(height)" \
      font-size="\(size.font)" role="img" aria-labelledby="\(name)-title \(name)-desc">
      <title id="\(name)-title">Recovery time of each drill</title>
      <desc id="\(name)-desc">\(told.joined(separator: "; ")).</desc>
      \(marker(height))
      \(drills.enumerated().map { bar($0.element, at: Self.top + Double($0.offset) * Self.row) })
      </svg>
      """
  }

  private func marker(_ height: Double) -> HTML {
    let longest = drills.map(\.seconds).filter(\.isFinite).max() ?? 0
    guard Self.shows(objective, beside: longest) else { return .nothing }
    let anchor = x(objective) > size.left + size.plot / 2 ? "end" : "start"
    return """
      <line class="marker" x1="\(x(objective))" x2="\(x(objective))" y1="16" y2="\(height - 4)"/>\
      <text class="marker" text-anchor="\(anchor)" x="\(x(objective))" y="12">\
      objective \(Figures.duration(objective))</text>
      """
  }

  private func bar(_ drill: DrillReport.Past, at y: Double) -> HTML {
    let date = String(drill.started.prefix(10))
    let width = max(2, x(drill.seconds) - size.left)
    return """
      <text x="0" y="\(y + 15)">\(date)</text>\
      <rect class="\(drill.met ? "met" : "missed")" x="\(size.left)" y="\(y + 3)" \
      width="\(width)" height="16" rx="2"><title>\(drill.outcome)</title></rect>\
      <text class="note" text-anchor="end" x="\(size.width)" y="\(y + 15)">\
      \(Figures.duration(drill.seconds))\(drill.met ? "" : " !")</text>
      """
  }
}
