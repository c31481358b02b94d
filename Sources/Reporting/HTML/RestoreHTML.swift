import MeshModel

/// The report of a run as one self-contained page: no network, no script.
public enum RestoreHTML {
  /// - Parameters:
  ///   - sharing: who shares what with whom in the snapshot; nil where it is not known.
  ///   - rpo: how far the data was behind when that was measured last; nil where nobody did.
  public static func page(
    _ result: RestoreResult, sharing: SharingPicture? = nil, rpo: RPOResult? = nil
  ) -> String {
    let drill = result.drill.map { DrillSections($0, result) }
    let failback = result.failback.map(FailbackSections.init)
    let body = HTML([
      VerdictSection(result).html, next(result), FailureSection(result).html,
      drill?.findings ?? .nothing, failback?.decisions ?? .nothing, TimelineSection(result).html,
      drill?.users ?? .nothing,
      drill?.after ?? .nothing, failback?.details ?? .nothing, ActionSection(result).html,
      VerificationSection(result).html,
      ManualSection(result).html, rpo.map { RPOSection($0).html } ?? .nothing,
      result.drill.map { TrendSection($0, result).html } ?? .nothing,
      sharing.map { SharingSection($0).html } ?? .nothing,
      mapping(result), blockers(result), warnings(result), NumbersSection(result).html,
    ])
    return HTML.page(
      title: "\(result.headline): \(result.mesh) in \(result.region)",
      styles: (sharing == nil ? [] : [Stylesheet.sharing])
        + (drill == nil && failback == nil && rpo == nil ? [] : [Stylesheet.drill]),
      "\(body)\n\(footer(result))")
  }

  private static func next(_ result: RestoreResult) -> HTML {
    guard !result.advice.isEmpty else { return .nothing }
    let steps = result.advice.map { step -> HTML in
      let command: HTML = step.command.map { "<pre><code>\($0)</code></pre>" } ?? .nothing
      return "<li>\(step.text)\(command)</li>"
    }
    return """
      <section class="next \(Verdict(result).tone.name)">
      <h2>What to do next</h2>
      <ul>
      \(steps)
      </ul>
      </section>
      """
  }

  private static func mapping(_ result: RestoreResult) -> HTML {
    guard !result.mappings.isEmpty else { return .nothing }
    let rows = MappingText.sorted(result.mappings).map { use, count -> [HTML] in
      [
        .code(MappingText.name(use.from)), .code(MappingText.name(use.to)), "\(use.source)",
        "\(Words.count(count, "time"))",
      ]
    }
    return .section(
      "Mapping used",
      .table(
        "What the snapshot names, and what stands in its place in \(result.region)",
        ["In the snapshot", "In the region", "Known from", "Used"], numbers: [3], rows))
  }

  private static func blockers(_ result: RestoreResult) -> HTML {
    guard !result.blockers.isEmpty else { return .nothing }
    let items = result.blockers.map { blocker -> HTML in
      "<li>\(blocker.message)<br>\(HTML.code(blocker.key.text))</li>"
    }
    return .section(
      "Without an answer in the mapping", "<ul class=\"notes bad\">\n\(items)\n</ul>")
  }

  private static func warnings(_ result: RestoreResult) -> HTML {
    guard !result.warnings.isEmpty else { return .nothing }
    let items = result.warnings.map { "<li>\($0)</li>" as HTML }
    return .section("Warnings", "<ul class=\"notes warning\">\n\(items)\n</ul>")
  }

  private static func footer(_ result: RestoreResult) -> HTML {
    let run: HTML = result.run.isEmpty ? .nothing : "Run <code>\(result.run)</code><br>"
    let began: HTML =
      result.started.isEmpty ? .nothing : ", begun \(Words.moment(result.started))"
    return "<footer>\(run)meshdr \(result.command) of \(result.mesh)\(began)</footer>"
  }
}

extension Tone {
  /// The class that gives an element its colours.
  var name: String {
    switch self {
    case .good: "good"
    case .warning: "warning"
    case .bad: "bad"
    case .plain, .strong, .faint: "plain"
    }
  }
}
