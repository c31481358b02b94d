/// Lines that say how far a run is. Drawing them over one another is the terminal's affair.
public enum ProgressText {
  /// How far the capture of one account is.
  public struct Account: Sendable, Hashable {
    let id: String
    let name: String
    let records: Int
    let status: String?

    /// - Parameter status: what became of it, such as `done`; nil while it is under way.
    public init(id: String, name: String, records: Int, status: String?) {
      self.id = id
      self.name = name
      self.records = records
      self.status = status
    }
  }

  /// How far a capture is: a line for each account as far as there is room, those under way first
  /// to stay, and at the end a line for all.
  /// - Parameters:
  ///   - expected: how many records there will be, as far as a snapshot before tells; nil where none does.
  ///   - height: how many lines there may be; at least the last is given.
  public static func capture(
    accounts: [Account], expected: Int? = nil, elapsed: Double, width: Int, height: Int
  ) -> [String] {
    let room = max(0, height - 1)
    let running = accounts.filter { $0.status == nil }
    let ended = accounts.filter { $0.status != nil }
    let shown = Set(
      (room >= accounts.count ? accounts : Array((running + ended).prefix(room))).map(\.id))
    let lines = accounts.filter { shown.contains($0.id) }
    let nameWidth = min(lines.map { Printable.columns($0.name) }.max() ?? 0, 24)
    return lines.map { account in
      let name = Printable.pad(Printable.cut(account.name, to: nameWidth), to: nameWidth)
      let count = Printable.pad(Figures.count(account.records), to: 9, right: true)
      let text = "\(account.id) \(name) \(count) records  \(account.status ?? "…")"
      return Printable.cut(text, to: width)
    } + [total(accounts, ended: ended.count, expected: expected, elapsed: elapsed, width: width)]
  }

  private static func total(
    _ accounts: [Account], ended: Int, expected: Int?, elapsed: Double, width: Int
  ) -> String {
    let records = accounts.map(\.records).reduce(0, +)
    var parts = [
      "\(ended) of \(Words.count(accounts.count, "account"))", Words.count(records, "record"),
    ]
    if let rate = rate(records, in: elapsed) { parts.append("\(rate) a second") }
    parts.append(Figures.duration(elapsed))
    if let left = left(records, of: expected, after: elapsed) {
      parts.append("about \(Figures.duration(left)) left")
    }
    return Printable.cut(parts.joined(separator: ", "), to: width)
  }

  /// How far a restore is, in one line with a bar.
  /// - Parameter left: about how many seconds the rest takes; nil where that is not known.
  public static func restore(
    done: Int, total: Int, phase: String, elapsed: Double, left: Double? = nil, width: Int
  ) -> String {
    let counts = "\(Figures.count(done)) of \(Figures.count(total))"
    let text = "\(counts)  \(phase)  \(Figures.duration(elapsed))\(rest(left))"
    let room = min(30, width - Printable.columns(text) - 4)
    return Printable.cut(
      room < 6 ? text : "\(bar(done, of: total, width: room))  \(text)", to: width)
  }

  /// Records are read, and nobody knows how many there are.
  /// - Parameter left: about how many seconds this takes; nil where nothing tells.
  public static func reading(
    _ stage: String, records: Int, left: Double? = nil, width: Int
  ) -> String {
    Printable.cut("\(stage): \(Figures.count(records)) records\(rest(left))", to: width)
  }

  private static func rest(_ left: Double?) -> String {
    left.map { $0 >= 1 ? ", about \(Figures.duration($0)) left" : "" } ?? ""
  }

  /// Full only when all is done.
  private static func bar(_ done: Int, of total: Int, width: Int) -> String {
    let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
    let full = Int(share * Double(width))
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }

  /// Nil where nobody can tell: at the very beginning, and once there is more than was expected.
  private static func left(_ count: Int, of expected: Int?, after seconds: Double) -> Double? {
    guard let expected, count > 0, count < expected, seconds >= 2, seconds.isFinite else {
      return nil
    }
    return (seconds * Double(expected - count) / Double(count)).rounded(.up)
  }

  private static func rate(_ count: Int, in seconds: Double) -> String? {
    guard seconds >= 0.5, seconds.isFinite else { return nil }
    return Figures.count(Int((Double(count) / seconds).rounded()))
  }
}
