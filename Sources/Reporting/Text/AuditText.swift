import MeshModel

/// Writes an audit: what is wrong, the worst first, each with its remedy.
public struct AuditText: Sendable {
  private let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// - Parameters:
  ///   - findings: in the order in which they are shown.
  ///   - snapshot: the one that was judged; nil where there is none.
  ///   - verbose: tells every remedy; otherwise notes are told without.
  public func page(
    _ findings: [Finding], mesh: String, region: String, snapshot: String?, verbose: Bool
  ) -> String {
    var page = TextPage(style)
    add(findings, to: &page, verbose: verbose)
    page.gap()
    let source = snapshot.map { "snapshot \($0)" } ?? "no snapshot"
    let counts = Finding.Severity.allCases.compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : Words.count(count, severity.rawValue)
    }
    let isReady = !findings.contains { $0.severity == .blocker }
    page.add(
      Ink(isReady ? "✓ " : "✗ ", isReady ? .good : .bad),
      Ink(
        isReady
          ? "\(mesh) is ready to be recovered in \(region)"
          : "\(mesh) is not ready to be recovered in \(region)", .strong))
    page.add(Ink((counts + [source]).joined(separator: ", "), .faint), indent: 2)
    return page.text
  }

  /// The findings alone, under a heading for each severity.
  public func findings(_ findings: [Finding]) -> String {
    var page = TextPage(style)
    add(findings, to: &page, verbose: true)
    return page.text
  }

  private func add(_ findings: [Finding], to page: inout TextPage, verbose: Bool) {
    for severity in Finding.Severity.allCases {
      let some = findings.filter { $0.severity == severity }
      guard !some.isEmpty else { continue }
      page.heading(severity.title, Ink(" \(some.count)", .faint))
      for finding in some { add(finding, to: &page, verbose: verbose) }
    }
  }

  private func add(_ finding: Finding, to page: inout TextPage, verbose: Bool) {
    page.add(
      Ink(finding.severity.mark, finding.severity.tone), Ink(finding.subject, .strong),
      Ink("  \(finding.code)", .faint), indent: 2, hanging: 2)
    page.add(Ink(finding.message), indent: 4, hanging: 0)
    guard verbose || finding.severity != .note else { return }
    page.add(Ink("→ ", .faint), Ink(finding.remedy), indent: 4, hanging: 2)
  }
}

extension Finding.Severity {
  fileprivate var title: String {
    switch self {
    case .blocker: "Blockers"
    case .warning: "Warnings"
    case .note: "Notes"
    }
  }

  fileprivate var mark: String {
    switch self {
    case .blocker: "✗ "
    case .warning: "! "
    case .note: "· "
    }
  }

  fileprivate var tone: Tone {
    switch self {
    case .blocker: .bad
    case .warning: .warning
    case .note: .faint
    }
  }
}
