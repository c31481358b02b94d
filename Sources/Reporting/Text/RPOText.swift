import MeshModel

/// Tells people how far replicas are behind.
public struct RPOText: Sendable {
  private let style: TextStyle
  private let verbose: Bool

  /// - Parameter verbose: tells all evidence and findings, also of what is well.
  public init(style: TextStyle, verbose: Bool) {
    self.style = style
    self.verbose = verbose
  }

  /// The whole result.
  public func page(_ result: RPOResult) -> String {
    var page = TextPage(style)
    verdict(result, on: &page)
    for product in result.products.sorted(by: Self.worstFirst) { self.product(product, on: &page) }
    tables(result, on: &page)
    if !result.notApplicable.isEmpty {
      page.heading("Not applicable")
      for other in result.notApplicable {
        page.add(Ink(other.location, .strong), Ink(": \(other.reason)"), indent: 2)
        if verbose, !other.tables.isEmpty {
          page.add(Ink(other.tables.joined(separator: ", "), .faint), indent: 4)
        }
      }
    }
    findings(result.findings, on: &page)
    page.warnings(result.warnings)
    if !result.run.isEmpty {
      page.gap()
      page.add(
        Ink("run \(result.run), \(Figures.duration(result.seconds))", .faint))
    }
    return page.text
  }

  /// A line for each product, for a screen that is drawn again and again.
  public func table(_ result: RPOResult) -> String {
    var page = TextPage(style)
    verdict(result, on: &page)
    page.gap()
    var table = TextTable(
      .init(title: "product"), .init(title: "status"), .init(title: "behind", right: true),
      .init(title: "before", right: true), .init(title: "pending", right: true))
    for product in result.products.sorted(by: Self.worstFirst) {
      table.row(
        Ink(product.location, .strong), Self.word(product.status),
        Ink(product.lagSeconds.map(Figures.duration) ?? "?"),
        Ink(product.earlierLagSeconds.map(Figures.duration) ?? ""),
        Ink(product.pendingObjects.map(Figures.count) ?? "?"))
    }
    page.add(table)
    if !result.tables.isEmpty { page.add(tableCount(result), indent: 2) }
    page.add(Ink("measured \(result.started), took \(Figures.duration(result.seconds))", .faint))
    return page.text
  }

  private func verdict(_ result: RPOResult, on page: inout TextPage) {
    let objective = Figures.duration(result.objectiveSeconds)
    let of = " RPO of \(result.mesh) in \(result.region), objective \(objective)"
    let breached =
      result.counted.contains { $0.status == .breach }
      || result.tables.contains { $0.status == .breach && $0.accepted == nil }
    let word: Ink =
      result.met
      ? Ink("MET", .good)
      : breached || (!result.catalogMet && result.catalogAgeSeconds != nil)
        ? Ink("MISSED", .bad) : Ink("UNKNOWN", .bad)
    page.add(word, Ink(of, .strong))
    let counts = RPOResult.Status.allCases.reversed().compactMap { status -> String? in
      let count = result.products.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(Self.word(status).text)"
    }
    let worst =
      result.worstSeconds.map { "\(Figures.duration($0)) behind at worst" }
      ?? "how far behind at worst is unknown"
    page.add(
      Ink(worst),
      Ink(
        counts.isEmpty ? "; no product was found" : "; products: \(counts.joined(separator: ", "))"),
      indent: 2)
    let age =
      result.catalogAgeSeconds.map { "the catalog is \(Figures.duration($0)) old" }
      ?? "there is no complete snapshot of the catalog"
    page.add(
      Ink(age), result.catalogMet ? Ink("") : Ink(": older than the objective", .bad), indent: 2)
    if result.primaryLost {
      page.add(Ink("the primary does not answer: nothing below is a pass", .warning), indent: 2)
    }
  }

  private func product(_ product: RPOResult.Product, on page: inout TextPage) {
    page.gap()
    let replica = product.replica.map { Ink(" → \($0)") } ?? Ink(" without a replica", .warning)
    page.add(Self.word(product.status), "  ", Ink(product.location, .strong), replica)
    var line = product.lagSeconds.map { "\(Figures.duration($0)) behind" } ?? "lag unknown"
    let before = product.trend.prefix(5).map { $0.lagSeconds.map(Figures.duration) ?? "?" }
    if !before.isEmpty { line += " (before: \(before.joined(separator: ", ")))" }
    if let pending = product.pendingObjects {
      line += ", \(Words.count(pending, "object")) pending"
      if let bytes = product.pendingBytes, pending > 0 { line += ", \(Figures.bytes(bytes))" }
    }
    if let compared = product.compared {
      line += product.comparedWhole ? "" : " in a sample of \(Figures.count(compared))"
    }
    page.add(Ink(line), indent: 2)
    if let reason = product.accepted {
      page.add(Ink("accepted, does not count: ", .faint), Ink(reason), indent: 2)
    }
    if let oldest = product.oldestPending {
      page.add(Ink("oldest ", .faint), Ink(oldest), indent: 2)
      if let since = product.oldestPendingSince { page.add(Ink("written \(since)"), indent: 4) }
    }
    let tables = product.tables.prefix(verbose ? .max : 4).joined(separator: ", ")
    if !product.tables.isEmpty {
      let more = product.tables.count > 4 && !verbose ? ", …" : ""
      page.add(
        Ink("\(Words.count(product.tables.count, "table")): ", .faint), Ink(tables + more),
        indent: 2)
    }
    for text in product.disagreements {
      page.add(Ink("! ", .warning), Ink("evidence disagrees: \(text)"), indent: 2)
    }
    guard verbose || product.status != .ok else { return }
    for evidence in product.evidence {
      page.add(Ink("\(evidence.source): ", .faint), Ink(evidence.text), indent: 2)
    }
  }

  /// How many of the tables that name their own files are whole.
  private func tableCount(_ result: RPOResult) -> Ink {
    let whole = result.tables.count { $0.standing == "current" }
    let isGood = result.tables.allSatisfy { $0.status == .ok || $0.accepted != nil }
    return Ink(
      "\(whole) of \(Words.count(result.tables.count, "table")) of Iceberg, Delta or Hudi whole in "
        + "the replica", isGood ? .good : .bad)
  }

  /// Tables of which something is missing, and those that are reachable by the lost bucket's name only.
  private func tables(_ result: RPOResult, on page: inout TextPage) {
    guard !result.tables.isEmpty else { return }
    let whole = result.tables.count { $0.standing == "current" }
    page.heading(
      "Tables of files that they name themselves",
      Ink(" (\(whole) of \(result.tables.count) are whole in the replica)"))
    for table in result.tables where verbose || table.standing != "current" {
      let name = Ink("\(table.name) (\(table.format))", .strong)
      page.add(Self.word(table.status), "  ", name, Ink(": \(Self.standing(table))"), indent: 2)
      if let state = table.state, table.standing != "current" {
        let time = table.recoveryPoint.map { " of \($0)" } ?? ""
        page.add(Ink("whole is the state\(time): \(state)"), indent: 4)
      }
      for file in table.missing { page.add(Ink("missing ", .faint), Ink(file), indent: 4) }
      for reason in table.reasons { page.add(Ink("unknown: ", .faint), Ink(reason), indent: 4) }
    }
    let bound = result.tablesNamingLostBucket.map(\.name)
    guard !bound.isEmpty else { return }
    let shown = bound.prefix(verbose ? .max : 4).joined(separator: ", ")
    page.add(
      Ink("! ", .warning),
      Ink(
        "reachable only through the lost bucket's name, which their metadata has in every path: "
          + shown + (bound.count > 4 && !verbose ? ", …" : "")), indent: 2)
  }

  private static func standing(_ table: RPOResult.Table) -> String {
    let missing = "\(Words.count(table.missingFiles, "file")) of its newest state missing"
    switch table.standing {
    case "current": return "its newest state is whole in the replica"
    case "behind":
      return missing + (table.lagSeconds.map { ", \(Figures.duration($0)) behind" } ?? "")
    case "lost": return "no state is whole in the replica, \(missing)"
    default: return "whether its newest state is whole is not known"
    }
  }

  private func findings(_ findings: [Finding], on page: inout TextPage) {
    let shown = findings.filter { verbose || $0.severity != .note }
    guard !findings.isEmpty else { return }
    let notes = findings.count - shown.count
    page.heading(
      "Findings", Ink(notes > 0 ? " (and \(Words.count(notes, "note")): --verbose)" : ""))
    for finding in shown {
      let tone: Tone = finding.severity == .blocker ? .bad : .warning
      page.add(
        Ink("\(finding.severity.rawValue) ", tone), Ink("\(finding.subject): \(finding.message)"),
        indent: 2)
      page.add(Ink(finding.remedy, .faint), indent: 4)
    }
  }

  private static func word(_ status: RPOResult.Status) -> Ink {
    switch status {
    case .ok: Ink("ok", .good)
    case .breach: Ink("BREACH", .bad)
    case .unknown: Ink("UNKNOWN", .warning)
    }
  }

  static func worstFirst(_ left: RPOResult.Product, _ right: RPOResult.Product) -> Bool {
    let order: [RPOResult.Status] = [.breach, .unknown, .ok]
    func rank(_ product: RPOResult.Product) -> Int { order.firstIndex(of: product.status) ?? 0 }
    if rank(left) != rank(right) { return rank(left) < rank(right) }
    if left.lagSeconds != right.lagSeconds {
      return (left.lagSeconds ?? 0) > (right.lagSeconds ?? 0)
    }
    return left.location < right.location
  }
}
