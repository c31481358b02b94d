import MeshModel

extension TextPage {
  /// What a failback found on both sides.
  /// - Parameter limit: how many of each are listed.
  mutating func add(_ report: FailbackReport, limit: Int) {
    addHome(report)
    addConflicts(report, limit)
    addRevocations(report, limit)
    addLeft(report, limit)
    addUnjustified(report, limit)
    addData(report, limit)
    addLater(report, limit)
    guard report.switched else { return }
    gap()
    add(Ink("The mesh runs in its primary again", .good), Ink(": the store says so."))
  }

  private mutating func addHome(_ report: FailbackReport) {
    heading("Goes home from \(report.from)")
    if report.home.isEmpty {
      add(Ink("nothing: whatever has changed there is in the primary already", .faint), indent: 2)
    }
    for (kind, count) in report.home.sorted(by: { $0.key < $1.key }) {
      let parts = [(count.added, "new"), (count.changed, "changed"), (count.removed, "removed")]
        .filter { $0.0 > 0 }.map { Words.whole("\(Figures.count($0.0)) \($0.1)") }
      add(
        Ink(Words.kind(kind, count: 2)), Ink(": \(parts.joined(separator: ", "))"), indent: 2)
    }
  }

  private mutating func addConflicts(_ report: FailbackReport, _ limit: Int) {
    guard !report.conflicts.isEmpty else { return }
    heading(
      "Conflicts",
      Ink(
        ": \(Words.count(report.conflicts.count, "record was", "records were")) changed on both sides",
        report.open.isEmpty ? .warning : .bad))
    // Whatever is overwritten is named, however much it is.
    for conflict in report.conflicts {
      let taken = conflict.taken.map { ", the \($0)’s is taken" } ?? ""
      add(
        Ink("! ", .warning), Ink("\(conflict.kind) \(conflict.key)"),
        Ink(
          ": \(conflict.secondary.rawValue) in the secondary, \(conflict.primary.rawValue) in the "
            + "primary\(taken)"), indent: 2, hanging: 4)
      for field in conflict.fields.prefix(limit) { add(Ink(field, .faint), indent: 6) }
    }
    guard let kept = report.kept, !report.overwritten.isEmpty else { return }
    add(
      Ink("What the primary had is kept in the store, an archive of its own:", .faint), indent: 2)
    addVerbatim("meshdr show latest KIND KEY --store STORE/\(kept)", indent: 4)
  }

  private mutating func addRevocations(_ report: FailbackReport, _ limit: Int) {
    guard !report.revocations.isEmpty else { return }
    heading(
      "Revocations that win",
      Ink(
        ": what \(Words.count(report.revocations.count, "record")) gave is revoked on one side, and stays "
          + "so"))
    for revocation in report.revocations.prefix(limit) {
      add(
        Ink("\(revocation.kind) \(revocation.key)"),
        Ink(
          ": \(Words.first(4, of: revocation.revoked)) revoked in the \(revocation.side)"
            + (revocation.isContested ? ", changed in the other" : ""), .faint), indent: 2,
        hanging: 4)
    }
    more(report.revocations.count, limit)
  }

  private mutating func addLater(_ report: FailbackReport, _ limit: Int) {
    if report.rounds > 1, report.later.isEmpty {
      gap()
      add(Ink("What was changed in \(report.from) meanwhile went home in a second round."))
    }
    guard !report.later.isEmpty else { return }
    heading(
      "Not home",
      Ink(
        ": \(Words.count(report.later.count, "record was", "records were")) changed in \(report.from) "
          + "while others went home", .bad))
    for change in report.later {
      let fields = change.fields.isEmpty ? "" : " (\(Words.first(3, of: change.fields)))"
      add(
        Ink("\(change.kind) \(change.key)"), Ink(" \(change.what.rawValue)\(fields)", .faint),
        indent: 2, hanging: 4)
    }
    add(
      Ink(
        "People have to stop working there; then meshdr failback --resume brings the rest home.",
        .faint), indent: 2)
  }

  private mutating func addLeft(_ report: FailbackReport, _ limit: Int) {
    guard !report.left.isEmpty else { return }
    heading(
      "Left for a person",
      Ink(": \(Words.count(report.left.count, "change")) of the secondary", .warning))
    for left in report.left.prefix(limit) {
      let fields = left.fields.isEmpty ? "" : " (\(Words.first(3, of: left.fields)))"
      add(
        Ink("\(left.kind) \(left.key)"),
        Ink(" \(left.what.rawValue)\(fields): \(left.reason)", .faint),
        indent: 2, hanging: 4)
    }
    more(report.left.count, limit)
  }

  private mutating func addUnjustified(_ report: FailbackReport, _ limit: Int) {
    guard !report.unjustified.isEmpty else { return }
    heading("Access", Ink(": the two sides together would give what they must not", .bad))
    list(report.unjustified, limit: limit)
  }

  private mutating func addData(_ report: FailbackReport, _ limit: Int) {
    guard let data = report.data else { return }
    let places = Words.count(data.locations, "location")
    guard !data.isHome else {
      heading("Data", Ink(": all objects of \(places) are in the primary", .good))
      return
    }
    heading(
      "Data", Ink(": \(Figures.count(data.notHome.count)) of \(places) not known to be home", .bad))
    for place in data.notHome.prefix(limit) {
      add(
        Ink(place.location),
        Ink(" → \(place.target ?? "no counterpart"): \(place.standing)", .faint),
        indent: 2, hanging: 4)
    }
    more(data.notHome.count, limit)
  }

  private mutating func more(_ count: Int, _ limit: Int) {
    if count > limit { add(Ink("and \(Figures.count(count - limit)) more", .faint), indent: 2) }
  }
}

extension FailbackReport.Place {
  /// What is known of it, in a few words.
  var standing: String {
    var parts: [String] = []
    if !hasArrived {
      parts.append(
        pendingObjects.map { "\(Words.count($0, "object")) missing" } ?? "not known to be there")
    }
    if extra.deleted > 0 {
      parts.append("\(Words.count(extra.deleted, "object")) deleted in the secondary still there")
    }
    return parts.isEmpty ? "all there" : parts.joined(separator: ", ")
  }
}
