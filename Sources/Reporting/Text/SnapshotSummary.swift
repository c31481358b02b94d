import MeshModel

extension SnapshotText {
  /// What one snapshot holds.
  public struct Summary: Sendable, Hashable {
    /// One account of the mesh.
    public struct Account: Sendable, Hashable {
      let id: String
      let name: String
      let records: Int
      let complete: Bool
      let errors: [String]

      public init(id: String, name: String, records: Int, complete: Bool, errors: [String]) {
        self.id = id
        self.name = name
        self.records = records
        self.complete = complete
        self.errors = errors
      }
    }

    /// What became of the packs of a snapshot that was just written.
    public struct Packs: Sendable, Hashable {
      let written: Int
      let reused: Int
      let bytes: Int

      /// - Parameter bytes: of the packs that were written.
      public init(written: Int, reused: Int, bytes: Int) {
        self.written = written
        self.reused = reused
        self.bytes = bytes
      }
    }

    public var id: String
    public var region: String
    /// RFC 3339 in UTC.
    public var recoveryPoint: String
    /// How long the capture took.
    public var seconds: Double
    /// How many records there are, by the kind's name.
    public var counts: [String: Int] = [:]
    public var accounts: [Account] = []
    /// Nil for a snapshot that was not just written.
    public var packs: Packs?
    public var warnings: [String] = []
    /// How fresh the data beside it was; nil where nobody measured.
    public var rpo: RPOSummary?

    public init(id: String, region: String, recoveryPoint: String, seconds: Double) {
      self.id = id
      self.region = region
      self.recoveryPoint = recoveryPoint
      self.seconds = seconds
    }
  }

  /// How many records of each kind a snapshot holds.
  public func kinds(_ counts: [String: Int]) -> String {
    var page = TextPage(style)
    page.addKinds(counts)
    return page.text
  }

  /// What a snapshot holds, by account and by kind.
  public func summary(_ summary: Summary) -> String {
    var page = TextPage(style)
    summary.addHead(to: &page)
    summary.addAccounts(to: &page)
    summary.addErrors(to: &page)
    summary.addKinds(to: &page)
    summary.addFreshness(to: &page)
    page.warnings(summary.warnings)
    summary.addPacks(to: &page)
    return page.text
  }
}

extension SnapshotText.Summary {
  private var isComplete: Bool { accounts.allSatisfy(\.complete) }

  fileprivate func addHead(to page: inout TextPage) {
    let records = Words.count(counts.values.reduce(0, +), "record")
    page.add(
      Ink("Snapshot \(id)", .strong), Ink(" of \(region): "),
      isComplete ? Ink("complete", .good) : Ink("INCOMPLETE", .bad),
      Ink(", \(records) in \(Figures.duration(seconds))"))
    page.add(Ink("recovery point \(Words.moment(recoveryPoint))", .faint), indent: 2)
  }

  fileprivate func addAccounts(to page: inout TextPage) {
    guard !accounts.isEmpty else { return }
    page.gap()
    var table = TextTable(
      .init(title: "account"), .init(title: "name"), .init(title: "records", right: true),
      .init(title: ""))
    for account in accounts.sorted(by: { $0.id < $1.id }) {
      table.row(
        Ink(account.id), Ink(account.name), Ink(Figures.count(account.records)),
        account.complete ? Ink("complete", .good) : Ink("INCOMPLETE", .bad))
    }
    page.add(table)
  }

  fileprivate func addErrors(to page: inout TextPage) {
    let failing = accounts.filter { !$0.errors.isEmpty }
    guard !failing.isEmpty else { return }
    page.heading("Not captured")
    for account in failing.sorted(by: { $0.id < $1.id }) {
      for error in account.errors {
        page.add(
          Ink("✗ ", .bad), Ink("\(account.id) \(account.name)", .strong), Ink(": \(error)"),
          indent: 2, hanging: 4)
      }
    }
  }

  fileprivate func addKinds(to page: inout TextPage) {
    page.gap()
    page.addKinds(counts)
  }

  fileprivate func addFreshness(to page: inout TextPage) {
    guard let rpo else { return }
    page.heading("Data beside it")
    guard rpo.problem == nil else {
      page.add(Ink("UNKNOWN", .bad), Ink(": it could not be measured"), indent: 2)
      return
    }
    let isLate = rpo.shortfalls.contains { $0.status == .breach }
    let worst =
      rpo.worstSeconds.map { "\(Figures.duration($0)) behind at worst" }
      ?? "how far behind is unknown"
    page.add(
      rpo.met ? Ink("MET", .good) : Ink(isLate ? "MISSED" : "UNKNOWN", .bad),
      Ink(
        ", \(worst), objective \(Figures.duration(rpo.objectiveSeconds ?? 0)) (run \(rpo.run))"),
      indent: 2)
    for shortfall in rpo.shortfalls.prefix(5) {
      let lag = shortfall.lagSeconds.map { ", \(Figures.duration($0)) behind" } ?? ""
      page.add(
        shortfall.status == .breach ? Ink("BREACH", .bad) : Ink("UNKNOWN", .warning), "  ",
        Ink(shortfall.subject), Ink(lag), indent: 2)
    }
    if rpo.shortfalls.count > 5 { page.add(Ink("and others", .faint), indent: 2) }
  }

  fileprivate func addPacks(to page: inout TextPage) {
    guard let packs else { return }
    page.gap()
    let written = "\(Words.count(packs.written, "pack")) written, \(Figures.bytes(packs.bytes))"
    let reused =
      packs.reused > 0 ? "; \(Figures.count(packs.reused)) of the last snapshot kept" : ""
    page.add(Ink(written + reused, .faint), indent: 2)
  }
}

extension TextPage {
  /// How many records of each kind there are, the most first.
  fileprivate mutating func addKinds(_ counts: [String: Int]) {
    let kinds = counts.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !kinds.isEmpty else { return }
    var table = TextTable(
      .init(title: "kind"), .init(title: "records", right: true), .init(title: ""))
    for (kind, count) in kinds {
      table.row(Ink(kind), Ink(Figures.count(count)), Ink(Words.kind(kind, count: count), .faint))
    }
    add(table)
  }
}
