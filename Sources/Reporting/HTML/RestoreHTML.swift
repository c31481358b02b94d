import MeshModel

/// The report of a run as one self-contained page: no network, no script.
public enum RestoreHTML {
  /// - Parameter sharing: who shares what with whom in the snapshot; nil where it is not known.
  public static func page(_ result: RestoreResult, sharing: SharingPicture? = nil) -> String {
    let body = HTML([
      VerdictSection(result).html, next(result), FailureSection(result).html,
      TimelineSection(result).html, ActionSection(result).html, VerificationSection(result).html,
      ManualSection(result).html, sharing.map { SharingSection($0).html } ?? .nothing,
      mapping(result), blockers(result), warnings(result), NumbersSection(result).html,
    ])
    let styles =
      [Stylesheet.css, Stylesheet.verdict, Stylesheet.body, Stylesheet.picture]
      + (sharing == nil ? [] : [Stylesheet.sharing])
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(result.headline): \(result.mesh) in \(result.region)</title>
      <style>
      \(styles)
      </style>
      </head>
      <body>
      <main>
      \(body)
      \(footer(result))
      </main>
      </body>
      </html>

      """
    return page.source
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
