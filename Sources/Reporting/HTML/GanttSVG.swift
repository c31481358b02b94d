import MeshModel

/// Draws the timeline of a run.
struct GanttSVG {
  private let layout: GanttLayout
  private let result: RestoreResult

  init(_ result: RestoreResult, size: GanttLayout.Size) {
    layout = GanttLayout(result, size: size)
    self.result = result
  }

  var svg: HTML {
    let name = layout.size.name
    return """
      <svg class="gantt \(name)" viewBox="0 0 \(layout.size.width) \(layout.height)" \
      font-size="\(layout.size.font)" role="img" aria-labelledby="\(name)-title \(name)-desc">
      <title id="\(name)-title">Timeline of the \(result.command)</title>
      <desc id="\(name)-desc">\(description)</desc>
      \(axis)
      \(marker)
      \(heading("All accounts, by phase", y: GanttLayout.axisHeight + 12))
      \(layout.phases.map(phase))
      \(layout.accounts.isEmpty ? .nothing : heading("By account", y: layout.accountsTop))
      \(layout.accounts.map(account))
      </svg>
      """
  }

  private var description: String {
    let phases = result.rto.phases.map { "\($0.name) \(Figures.duration($0.seconds))" }
    return "\(Figures.duration(result.rto.seconds)) in all. " + phases.joined(separator: ", ") + "."
  }

  private func heading(_ text: String, y: Double) -> HTML {
    "<text class=\"heading\" x=\"0\" y=\"\(y)\">\(text)</text>"
  }
}

// MARK: - Axis and markers

extension GanttSVG {
  private var axis: HTML {
    let bottom = layout.height - 4
    let marked = mark.map { layout.x($0.time) }
    return HTML(
      layout.ticks.map { tick in
        let line: HTML = """
          <line class="grid" x1="\(tick.x)" x2="\(tick.x)" \
          y1="\(GanttLayout.axisHeight - 10)" y2="\(bottom)"/>
          """
        let room = layout.size.textWidth(tick.label) / 2 + 4
        if let marked, abs(marked - tick.x) < room { return line }
        return """
          \(line)<text class="tick" text-anchor="middle" x="\(tick.x)" \
          y="\(GanttLayout.axisHeight - 16)">\(tick.label)</text>
          """
      })
  }

  /// The moment that is marked, if there is one.
  private var mark: (time: Double, label: String)? {
    let objective = result.rto.objectiveSeconds
    if objective > 0, objective < layout.seconds {
      return (objective, "objective \(Figures.duration(objective))")
    }
    return result.interrupted ? (result.rto.seconds, "stopped here") : nil
  }

  /// A line through the whole picture. Its label stands above the axis, on the side with room.
  private var marker: HTML {
    guard let mark else { return .nothing }
    let x = layout.x(mark.time)
    let anchor = mark.time > layout.seconds / 2 ? "end" : "start"
    return """
      <line class="marker" x1="\(x)" x2="\(x)" y1="16" y2="\(layout.height - 4)"/>\
      <text class="marker" text-anchor="\(anchor)" x="\(x)" y="12">\(mark.label)</text>
      """
  }
}

// MARK: - Rows

extension GanttSVG {
  private func phase(_ row: GanttLayout.Row) -> HTML {
    let baseline = row.y + 14
    let bars = row.bars.map { bar($0, y: row.y + 3, height: 14) }
    return """
      <text x="0" y="\(baseline)">\(row.label)</text>\(bars)\(note(row, y: baseline))
      """
  }

  private func account(_ row: GanttLayout.Row) -> HTML {
    let lane = GanttLayout.lane
    let bars = row.bars.map { bar in
      self.bar(bar, y: row.y + 10 + Double(bar.lane) * lane.step, height: lane.bar)
    }
    let detail: HTML =
      row.detail.isEmpty
      ? .nothing : "<text class=\"faint\" x=\"0\" y=\"\(row.y + 34)\">\(row.detail)</text>"
    return """
      <line class="rule" x1="0" x2="\(layout.size.width)" y1="\(row.y)" \
      y2="\(row.y)"/>\
      <text x="0" y="\(row.y + 19)">\(row.label)</text>\(detail)\
      \(row.bars.isEmpty ? idle(row) : .nothing)\(bars)\(note(row, y: row.y + 19))
      """
  }

  private func idle(_ row: GanttLayout.Row) -> HTML {
    """
    <text class="faint" x="\(layout.size.left + 6)" y="\(row.y + 19)">\
    nothing done here</text>
    """
  }

  private func bar(_ bar: GanttLayout.Bar, y: Double, height: Double) -> HTML {
    """
    <rect class="\(PhaseFamily(phase: bar.phase).rawValue)" x="\(bar.x)" y="\(y)" \
    width="\(bar.width)" height="\(height)" rx="2"><title>\(bar.title)</title></rect>
    """
  }

  private func note(_ row: GanttLayout.Row, y: Double) -> HTML {
    """
    <text class="note" text-anchor="end" x="\(layout.size.width)" y="\(y)">\
    \(row.note)</text>
    """
  }
}
