/// What is known of a mesh's state from its store alone.
public struct MeshStatus: Sendable, Hashable {
  /// A run that is kept in the store.
  public struct Run: Sendable, Hashable {
    public var id: String
    /// Where to; empty where the run does not say.
    public var region: String
    /// When it began, RFC 3339 in UTC.
    public var started: String
    /// Seconds since then.
    public var age: Double?
    /// Whether it kept its objective; nil where that is not known.
    public var met: Bool?
    /// In seconds: how long a restore or drill took, how far the worst product lags.
    public var seconds: Double?
    public var objective: Double?

    public init(id: String, region: String, started: String, age: Double?) {
      self.id = id
      self.region = region
      self.started = started
      self.age = age
    }
  }

  public struct Snapshot: Sendable, Hashable {
    public var id: String
    public var region: String
    public var recoveryPoint: String
    /// Seconds since the recovery point.
    public var age: Double?

    public init(id: String, region: String, recoveryPoint: String, age: Double?) {
      self.id = id
      self.region = region
      self.recoveryPoint = recoveryPoint
      self.age = age
    }
  }

  public struct Account: Sendable, Hashable {
    public var id: String
    public var name: String
    /// The newest snapshot that holds all of it; nil where none does.
    public var captured: Snapshot?
    /// The newest drill that restored something in it.
    public var drilled: Run?
    /// What kept the newest snapshot from holding all of it: codes and messages.
    public var errors: [String]

    public init(
      id: String, name: String, captured: Snapshot?, drilled: Run?, errors: [String]
    ) {
      self.id = id
      self.name = name
      self.captured = captured
      self.drilled = drilled
      self.errors = errors
    }
  }

  public var mesh: String
  public var primary: String
  public var secondary: String?
  public var active: String
  /// Nil where nobody ever switched.
  public var activeSince: String?
  public var activeRun: String?
  /// The newest complete snapshot.
  public var snapshot: Snapshot?
  public var rpo: Run?
  public var restore: Run?
  public var drill: Run?
  public var accounts: [Account] = []
  /// What should be looked at, in sentences.
  public var warnings: [String] = []

  public init(mesh: String, primary: String, secondary: String?, active: String) {
    self.mesh = mesh
    self.primary = primary
    self.secondary = secondary
    self.active = active
  }
}

/// Tells people about the state of a mesh on a terminal.
public struct StatusText: Sendable {
  private let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// One sentence on the active side.
  public func active(mesh: String, region: String, since: String?, run: String?) -> String {
    var page = TextPage(style)
    page.add(Ink("\(mesh) runs in "), Ink(region, .strong), Ink(Self.since(since, run)))
    return page.text
  }

  private static func since(_ since: String?, _ run: String?) -> String {
    guard let since else { return ", its primary; nobody ever switched it" }
    return " since \(Words.whole(Words.moment(since)))" + (run.map { ", after \($0)" } ?? "")
  }

  /// The whole page.
  public func page(_ status: MeshStatus) -> String {
    var page = TextPage(style)
    page.add(Ink(status.mesh, .strong))
    var table = TextTable(.init(title: ""), .init(title: ""))
    table.row(
      "active side",
      Ink(
        status.active + Self.since(status.activeSince, status.activeRun),
        status.active == status.primary ? .plain : .warning))
    table.row("last good snapshot", Self.snapshot(status.snapshot))
    table.row("catalog age", Self.age(status.snapshot?.age))
    table.row("RPO", Self.rpo(status.rpo))
    table.row("last restore", Self.timed(status.restore))
    table.row("last drill", Self.timed(status.drill))
    table.addLines(to: &page)
    addAccounts(status.accounts, to: &page)
    page.warnings(status.warnings)
    return page.text
  }

  private func addAccounts(_ accounts: [MeshStatus.Account], to page: inout TextPage) {
    guard !accounts.isEmpty else { return }
    page.heading("Accounts")
    var table = TextTable(
      .init(title: "account"), .init(title: "catalog age", right: true),
      .init(title: "last drill", right: true), .init(title: "newest snapshot"))
    for account in accounts {
      table.row(
        Ink("\(account.id) \(account.name)"), Self.age(account.captured?.age),
        account.drilled.map { Self.age($0.age) } ?? Ink("never", .warning),
        account.errors.first.map { Ink($0, .bad) } ?? Ink("whole", .good))
    }
    page.add(table)
  }

  private static func snapshot(_ snapshot: MeshStatus.Snapshot?) -> Ink {
    guard let snapshot else { return Ink("never", .bad) }
    return Ink("\(snapshot.id) of \(snapshot.region)")
  }

  private static func age(_ seconds: Double?) -> Ink {
    seconds.map { Ink(Words.whole(Figures.duration($0))) } ?? Ink("unknown", .warning)
  }

  private static func rpo(_ run: MeshStatus.Run?) -> Ink {
    guard let run else { return Ink("never measured", .warning) }
    let worst = run.seconds.map { "worst lag \(Figures.duration($0))" } ?? "worst lag unknown"
    let objective = run.objective.map { " of \(Figures.duration($0))" } ?? ""
    let ago = run.age.map { ", \(Figures.duration($0)) ago" } ?? ""
    return switch run.met {
    case true?: Ink("met: \(worst)\(objective)\(ago)", .good)
    case false? where run.seconds != nil: Ink("NOT MET: \(worst)\(objective)\(ago)", .bad)
    default: Ink("UNKNOWN\(ago)", .bad)
    }
  }

  private static func timed(_ run: MeshStatus.Run?) -> Ink {
    guard let run else { return Ink("never", .warning) }
    let took = run.seconds.map { " in \(Figures.duration($0))" } ?? ""
    let objective = run.objective.map { " of \(Figures.duration($0))" } ?? ""
    let verdict = run.met == true ? "met" : "NOT MET"
    let ago = run.age.map { ", \(Figures.duration($0)) ago" } ?? ""
    return Ink(
      "\(run.id) into \(run.region)\(took)\(objective): \(verdict)\(ago)",
      run.met == true ? .plain : .bad)
  }
}

extension TextTable {
  /// Rows of a name and a value, which is wrapped where it is long.
  fileprivate func addLines(to page: inout TextPage) {
    let width = rows.map { Printable.columns($0[0].text) }.max() ?? 0
    for row in rows {
      page.add(
        Ink(Printable.pad(row[0].text, to: width), .faint), "  ", row[1], indent: 2,
        hanging: width + 2)
    }
  }
}
