/// Tells people on a terminal what was found of a mesh.
public struct SurveyText: Sendable {
  /// One account of the organization.
  public struct Account: Sendable, Hashable {
    let id: String
    let name: String
    let unit: String
    let databases: Int
    let links: Int
    let receivers: [String]
    let refusal: String?

    /// - Parameters:
    ///   - receivers: names of those that it shares to.
    ///   - refusal: why it could not be looked into; nil if it could.
    public init(
      id: String, name: String, unit: String, databases: Int, links: Int, receivers: [String],
      refusal: String?
    ) {
      self.id = id
      self.name = name
      self.unit = unit
      self.databases = databases
      self.links = links
      self.receivers = receivers
      self.refusal = refusal
    }
  }

  /// What was found, and where it was written.
  public struct Summary: Sendable, Hashable {
    let file: String
    let primary: String
    let secondary: String?
    let accounts: [Account]
    let replicated: Int
    let unreplicated: [String]
    let warnings: [String]

    /// - Parameters:
    ///   - secondary: nil where nothing tells it.
    ///   - replicated: how many buckets are.
    ///   - unreplicated: buckets of registered locations that are not.
    public init(
      file: String, primary: String, secondary: String?, accounts: [Account], replicated: Int,
      unreplicated: [String], warnings: [String]
    ) {
      self.file = file
      self.primary = primary
      self.secondary = secondary
      self.accounts = accounts
      self.replicated = replicated
      self.unreplicated = unreplicated
      self.warnings = warnings
    }
  }

  let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// What was found in each account, what could not be looked into, and what is left to do.
  public func summary(_ summary: Summary) -> String {
    var page = TextPage(style)
    page.add(
      Ink("Wrote \(summary.file)", .strong),
      Ink(": \(summary.primary) to \(summary.secondary ?? "a region that you have to choose")"))
    page.gap()
    page.add(table(summary.accounts.filter { $0.refusal == nil }))
    let sharing = summary.accounts.filter { !$0.receivers.isEmpty }
    if !sharing.isEmpty { page.heading("Who shares to whom") }
    for account in sharing {
      page.add(
        Ink(account.name, .strong), Ink(" → \(account.receivers.joined(separator: ", "))"),
        indent: 2)
    }
    let refused = summary.accounts.filter { $0.refusal != nil }
    if !refused.isEmpty { page.heading("Not looked into") }
    for account in refused {
      page.add(
        Ink("✗ ", .bad), Ink("\(account.id) \(account.name)", .strong),
        Ink(": \(account.refusal ?? "")"), indent: 2, hanging: 4)
    }
    page.gap()
    page.add(Ink("\(Words.count(summary.replicated, "bucket")) replicated by rules"), indent: 2)
    if !summary.unreplicated.isEmpty {
      page.heading("Registered with Lake Formation and not replicated")
      page.list(summary.unreplicated, limit: 10)
    }
    page.warnings(summary.warnings)
    if summary.secondary == nil {
      page.gap()
      page.add(Ink("The file is refused until `secondary` names a region.", .warning))
    }
    return page.text
  }

  private func table(_ accounts: [Account]) -> TextTable {
    var table = TextTable(
      .init(title: "account"), .init(title: "name"), .init(title: "unit"),
      .init(title: "databases", right: true), .init(title: "links", right: true))
    for account in accounts {
      table.row(
        Ink(account.id), Ink(account.name), Ink(account.unit),
        Ink(Figures.count(account.databases)),
        Ink(Figures.count(account.links)))
    }
    return table
  }
}
