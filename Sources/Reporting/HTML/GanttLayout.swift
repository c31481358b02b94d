import MeshModel

/// Where everything of the timeline stands, in user units of its picture. Pure geometry.
struct GanttLayout: Sendable {
  /// The two pictures that a page has: for wide and for narrow screens.
  struct Size: Sendable {
    let name: String
    let width: Double
    let left: Double
    let right: Double
    let font: Double

    static let wide = Size(name: "wide", width: 880, left: 150, right: 104, font: 13)
    static let narrow = Size(name: "narrow", width: 340, left: 100, right: 88, font: 12)

    var plot: Double { width - left - right }

    /// An upper bound of a text's width: most letters are narrower.
    func textWidth(_ text: String) -> Double {
      Double(Printable.columns(text)) * font * 0.58
    }

    /// How many columns of text fit into so much room.
    func columns(in room: Double) -> Int { Int(room / (font * 0.58)) }
  }

  struct Bar: Sendable, Hashable {
    let x: Double
    let width: Double
    let lane: Int
    let phase: String
    /// What a pointer that rests on it is told.
    let title: String
  }

  struct Row: Sendable {
    let label: String
    /// A second line below the label, or nothing.
    let detail: String
    /// What stands at the right end.
    let note: String
    let bars: [Bar]
    var y = 0.0
    let height: Double
  }

  struct Tick: Sendable, Hashable {
    let x: Double
    let label: String
  }

  let size: Size
  /// How many seconds the picture spans.
  let seconds: Double
  private(set) var phases: [Row] = []
  private(set) var accounts: [Row] = []
  private(set) var accountsTop = 0.0
  private(set) var height = 0.0

  static let lane = (bar: 7.0, step: 10.0, most: 8)
  static let axisHeight = 44.0
  private static let headingHeight = 30.0

  init(_ result: RestoreResult, size: Size) {
    self.size = size
    let ends = result.timeline.map(\.end) + [result.rto.seconds]
    let end = ends.filter { $0.isFinite && $0 < 1e9 }.max() ?? 0
    seconds = end > 0 ? end : 1
    phases = stack(result.rto.phases.map { phaseRow($0, result) }, from: Self.axisHeight + 24)
    accountsTop = (phases.last.map { $0.y + $0.height } ?? Self.axisHeight) + Self.headingHeight
    accounts = stack(accountRows(result), from: accountsTop + 12)
    height = (accounts.last.map { $0.y + $0.height } ?? accountsTop) + 10
  }

  /// Where a moment stands.
  func x(_ time: Double) -> Double {
    let time = time.isFinite ? min(max(time, 0), seconds) : 0
    return size.left + time / seconds * size.plot
  }

  private func stack(_ rows: [Row], from top: Double) -> [Row] {
    var y = top
    return rows.map { row in
      var row = row
      row.y = y
      y += row.height
      return row
    }
  }
}

// MARK: - Rows

extension GanttLayout {
  private var labelColumns: Int { size.columns(in: size.left - 6) }
  private var noteColumns: Int { size.columns(in: size.right - 6) }

  private func phaseRow(_ phase: RestoreResult.PhaseTime, _ result: RestoreResult) -> Row {
    let spans = result.timeline.filter { $0.phase == phase.name }
    let bars = Self.merged(spans).map { bar($0, of: phase.name, lane: 0) }
    return Row(
      label: Printable.cut(phase.name, to: labelColumns), detail: "",
      note: Printable.cut(Figures.duration(phase.seconds), to: noteColumns), bars: bars, height: 21)
  }

  /// One for each account, also where nothing was done, unless nothing was done in any.
  private func accountRows(_ result: RestoreResult) -> [Row] {
    let spans = Dictionary(grouping: result.timeline.filter { !$0.account.isEmpty }, by: \.account)
    guard !spans.isEmpty else { return [] }
    return Set(result.accounts.keys).union(spans.keys).sorted().map { id in
      let own = (spans[id] ?? []).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
      let bars = lanes(own)
      let lanes = (bars.map(\.lane).max() ?? 0) + 1
      let busy = Self.merged(own).map { $0.end - $0.start }.reduce(0, +)
      let name = result.accounts[id]
      return Row(
        label: Printable.cut(name ?? id, to: labelColumns),
        detail: name == nil ? "" : Printable.cut(id, to: labelColumns),
        note: own.isEmpty ? "" : Printable.cut(Figures.duration(busy), to: noteColumns),
        bars: bars, height: max(40, Double(lanes) * Self.lane.step + 14))
    }
  }

  /// Bars that overlap in time go into lanes of their own, as long as there are lanes.
  private func lanes(_ spans: [RestoreResult.Span]) -> [Bar] {
    var free: [Double] = []
    return spans.map { span in
      let start = x(span.start)
      var lane = free.firstIndex { $0 <= start } ?? free.count
      if lane == Self.lane.most { lane -= 1 }
      let bar = bar((span.start, span.end), of: span.phase, lane: lane)
      if lane == free.count { free.append(0) }
      free[lane] = bar.x + bar.width + 1
      return bar
    }
  }

  /// At least two units wide, and never beyond the end.
  private func bar(
    _ time: (start: Double, end: Double), of phase: String, lane: Int
  ) -> Bar {
    let left = min(x(time.start), size.left + size.plot - 2)
    let span = "\(Figures.duration(time.start)) to \(Figures.duration(time.end))"
    return Bar(
      x: left, width: max(2, x(time.end) - left), lane: lane, phase: phase,
      title: "\(phase): \(span)")
  }

  /// The stretches of time that some spans cover together.
  private static func merged(_ spans: [RestoreResult.Span]) -> [(start: Double, end: Double)] {
    var merged: [(start: Double, end: Double)] = []
    let whole = spans.filter { $0.start.isFinite && $0.end.isFinite && $0.start <= $0.end }
    for span in whole.sorted(by: { $0.start < $1.start }) {
      if let last = merged.last, span.start <= last.end {
        merged[merged.count - 1].end = max(last.end, span.end)
      } else {
        merged.append((span.start, span.end))
      }
    }
    return merged
  }
}

// MARK: - Axis

extension GanttLayout {
  private static let steps: [Double] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
    + [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map { $0 * 60 }

  /// As many round moments as have room for their labels.
  var ticks: [Tick] {
    for step in Self.steps where step <= seconds && seconds / step <= 50 {
      let ticks = (0...Int(seconds / step)).map { index in
        let time = Double(index) * step
        return Tick(x: x(time), label: index == 0 ? "0" : Figures.duration(time))
      }
      let widest = ticks.map { size.textWidth($0.label) }.max() ?? 0
      if step / seconds * size.plot >= widest + 14 { return ticks }
    }
    return [
      Tick(x: x(0), label: "0"), Tick(x: x(seconds), label: Figures.duration(seconds)),
    ]
  }
}
