import MeshModel

/// The phases of a run, each with a bar where it lay in time.
struct PhaseBars {
  let lines: [[Ink]]

  /// - Parameter width: how many columns a line may take.
  init(_ result: RestoreResult, width: Int) {
    let phases = result.rto.phases
    let names = phases.map { Printable.clean($0.name) }
    let times = phases.map { Figures.duration($0.seconds) }
    let counts = phases.map { $0.actions > 0 ? Words.count($0.actions, "action") : "" }
    let nameWidth = min(14, names.map(Printable.columns).max() ?? 0)
    let timeWidth = times.map(Printable.columns).max() ?? 0
    let countWidth = counts.map(Printable.columns).max() ?? 0
    let room = min(40, width - nameWidth - timeWidth - countWidth - 6)
    let bars = Self.bars(result, width: room)
    lines = phases.indices.map { index in
      let bar = room < 8 ? "" : bars[index]
      return [
        Ink(Printable.pad(Printable.cut(names[index], to: nameWidth), to: nameWidth) + "  "),
        Ink(Printable.pad(times[index], to: timeWidth, right: true) + "  "),
        Ink(bar.isEmpty ? "" : Printable.pad(bar, to: room) + "  "),
        Ink(Printable.pad(counts[index], to: countWidth, right: true), .faint),
      ]
    }
  }

  private static func bars(_ result: RestoreResult, width: Int) -> [String] {
    let end = max(result.rto.seconds, result.timeline.map(\.end).max() ?? 0)
    var next = 0.0
    return result.rto.phases.map { phase in
      let spans = result.timeline.filter { $0.phase == phase.name }
      let start = spans.map(\.start).min() ?? next
      let stop = spans.map(\.end).max() ?? (start + phase.seconds)
      next = stop
      return bar(from: start, to: stop, of: end, width: width)
    }
  }

  /// At least one cell long, however short the phase.
  private static func bar(from start: Double, to stop: Double, of end: Double, width: Int) -> String
  {
    guard width > 0, end > 0, end.isFinite, start.isFinite, stop.isFinite else { return "" }
    let cell = { (time: Double) in
      Int((min(max(time / end, 0), 1) * Double(width)).rounded())
    }
    let first = min(cell(start), width - 1)
    let length = max(1, cell(stop) - first)
    return String(repeating: " ", count: first) + String(repeating: "█", count: length)
  }
}
