import MeshModel

/// When the databases of each account were listed, as a picture and as a table. It is drawn as the
/// timeline of a run is.
struct SnapshotTimeline {
  private let page: SnapshotPage

  init(_ page: SnapshotPage) {
    self.page = page
  }

  var html: HTML {
    guard !page.listings.isEmpty else { return .nothing }
    let run = run
    return .section(
      "Timeline",
      """
      <figure>
      \(GanttSVG(run, size: .wide).svg)
      \(GanttSVG(run, size: .narrow).svg)
      <figcaption>Each bar is a database with all that is in it, from the first question to the last \
      answer. What belongs to no database, as grants do, is listed beside them and not drawn.\
      </figcaption>
      </figure>
      <details><summary>The same as a table</summary>
      \(table)
      </details>
      """)
  }

  private var run: RestoreResult {
    let spans = page.listings.map {
      RestoreResult.Span(
        account: $0.account, phase: "databases", start: $0.start, end: $0.end, actions: 1)
    }
    let begin = spans.map(\.start).min() ?? 0
    let end = spans.map(\.end).max() ?? 0
    var run = RestoreResult(
      command: "snapshot", mesh: page.mesh, snapshot: page.summary.id, region: page.summary.region,
      rto: .init(
        objectiveSeconds: 0, seconds: page.summary.seconds,
        phases: [.init(name: "databases", seconds: end - begin, actions: spans.count)]))
    run.accounts = names
    run.timeline = spans
    return run
  }

  private var names: [String: String] {
    Dictionary(page.summary.accounts.map { ($0.id, $0.name) }) { first, _ in first }
  }

  private var table: HTML {
    let listings = page.listings.sorted {
      ($0.account, $0.start, $0.database) < ($1.account, $1.start, $1.database)
    }
    let rows = listings.map { listing -> [HTML] in
      [
        "\(Words.account(listing.account, names))", "\(listing.database)",
        "\(Figures.duration(listing.start))", "\(Figures.duration(listing.end - listing.start))",
      ]
    }
    return .table(
      "When databases were listed, after the recovery point",
      ["Account", "Database", "Began after", "Took"], numbers: [2, 3], rows)
  }
}
