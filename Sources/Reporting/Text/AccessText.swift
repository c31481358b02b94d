/// Tells people who may do what, and who gained or lost it.
public struct AccessText: Sendable {
  /// What one principal may do with one resource.
  public struct Row: Sendable, Hashable {
    public var account: String
    public var resource: String
    /// All but reading.
    public var permissions: [String] = []
    /// Each part of what may be read: columns, and which rows of them.
    public var reads: [String] = []
    /// The group that gives it; nil where the principal has it by itself.
    public var through: String?
    /// Resource links by which it is known elsewhere.
    public var links: [String] = []

    public init(account: String, resource: String) {
      self.account = account
      self.resource = resource
    }
  }

  /// One line of the list of principals.
  public struct PrincipalRow: Sendable, Hashable {
    let principal: String
    let databases: Int
    let tables: Int
    let readable: Int
    let others: Int

    public init(principal: String, databases: Int, tables: Int, readable: Int, others: Int) {
      self.principal = principal
      self.databases = databases
      self.tables = tables
      self.readable = readable
      self.others = others
    }
  }

  /// What one principal gained or lost.
  public struct Change: Sendable, Hashable {
    public let principal: String
    public let rows: [Row]

    public init(principal: String, rows: [Row]) {
      self.principal = principal
      self.rows = rows
    }
  }

  private let style: TextStyle
  /// Account names by id.
  private let names: [String: String]

  public init(style: TextStyle, accounts names: [String: String]) {
    self.style = style
    self.names = names
  }

  /// Everyone who has anything.
  public func principals(_ rows: [PrincipalRow], notes: [String]) -> String {
    var page = TextPage(style)
    guard !rows.isEmpty else {
      page.add("nobody was given any access")
      return page.text
    }
    page.add(Ink(Words.count(rows.count, "principal"), .strong), " with access")
    page.gap()
    var table = TextTable(
      .init(title: "principal"), .init(title: "databases", right: true),
      .init(title: "tables", right: true), .init(title: "of them readable", right: true),
      .init(title: "other", right: true))
    for row in rows {
      table.row(
        Ink(row.principal, .strong), Ink(Figures.count(row.databases)),
        Ink(Figures.count(row.tables)), Ink(Figures.count(row.readable)),
        Ink(Figures.count(row.others)))
    }
    page.add(table)
    page.warnings(notes)
    return page.text
  }

  /// What one principal may do, and by way of which groups.
  public func access(of principal: String, _ rows: [Row], notes: [String]) -> String {
    var page = TextPage(style)
    let readable = rows.filter { !$0.reads.isEmpty }
    page.add(
      Ink(principal, .strong),
      Ink(
        readable.isEmpty
          ? " can read nothing" : " can read \(Words.count(readable.count, "table"))"))
    if !readable.isEmpty {
      page.heading("Reads")
      add(readable, to: &page)
    }
    let others = rows.filter(\.reads.isEmpty)
    if !others.isEmpty {
      page.heading("Other permissions")
      for row in others { add(row, row.permissions.joined(separator: ", "), to: &page) }
    }
    page.warnings(notes)
    return page.text
  }

  private func add(_ rows: [Row], to page: inout TextPage) {
    for row in rows {
      let rest = row.permissions.isEmpty ? [] : [row.permissions.joined(separator: ", ")]
      add(row, (row.reads + rest).joined(separator: "; "), to: &page)
    }
  }

  private func add(_ row: Row, _ what: String, sign: Ink? = nil, to page: inout TextPage) {
    let account = Ink("\(Words.account(row.account, names)) ", .faint)
    let signs = sign.map { [$0, Ink(" ")] } ?? []
    page.add(signs + [account, Ink(row.resource, .strong)], indent: 2, hanging: 4)
    page.add([Ink(what)], indent: 6, hanging: 2)
    if let through = row.through { page.add([Ink("through \(through)", .faint)], indent: 6) }
    if !row.links.isEmpty {
      page.add([Ink("also as \(row.links.joined(separator: ", "))", .faint)], indent: 6)
    }
  }

  /// Who gained and who lost what.
  public func changes(gained: [Change], lost: [Change], notes: [String]) -> String {
    var page = TextPage(style)
    if gained.isEmpty && lost.isEmpty { page.add("nobody gained or lost access") }
    for (title, tone, sign, changes) in [
      ("gained", Tone.warning, "+", gained), ("lost", Tone.plain, "-", lost),
    ] {
      for change in changes {
        page.gap()
        page.add(Ink(change.principal, .strong), Ink(" \(title)", tone))
        for row in change.rows {
          let what = row.reads.map { "reading \($0)" } + row.permissions
          add(row, what.joined(separator: "; "), sign: Ink(sign, tone), to: &page)
        }
      }
    }
    page.warnings(notes)
    return page.text
  }
}
