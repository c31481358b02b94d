import MeshModel

// What stands first on the page of a drill.

extension VerdictSection {
  func lede(of drill: DrillReport) -> HTML {
    let region = HTML.whole(result.region)
    return switch Verdict(result) {
    case .planned: "This is what would be rehearsed in \(region). Nothing was touched."
    case .interrupted:
      "It was stopped before anybody could say how a recovery would go. \(ending(drill))"
    case .wider:
      """
      After a real recovery somebody could do more than the snapshot lets them. Do not rely on one \
      before this is understood. \(ending(drill))
      """
    case .incomplete where !drill.undoing.isClean:
      "\(ending(drill)) What is named below comes first."
    case .incomplete where shortcomings.isEmpty:
      "Users could not have worked as they should. \(ending(drill))"
    case .incomplete: "A recovery would not have been whole: \(shortcomings). \(ending(drill))"
    case .unverified: "Nothing failed, but nobody looked at what was made. \(ending(drill))"
    case .late: "Everything came back, but it took too long. \(ending(drill))"
    case .good where drill.isFull:
      "Everything came back, in accounts of the drill's own in \(region). \(ending(drill))"
    case .good: "Everything came back, beside what lives in \(region). \(ending(drill))"
    }
  }

  private func ending(_ drill: DrillReport) -> String {
    if drill.undoing.isClean {
      return drill.isFull
        ? "Nothing of it is left, and the drill accounts are as they were."
        : "Nothing of it is left, and \(result.region) is as it was, byte for byte."
    }
    return drill.undoing.isUndone
      ? "Nothing of it is left, but \(result.region) is not as it was."
      : "It is not proved that nothing is left of it in \(result.region)."
  }

  /// The facts of a drill: both objectives, what users could do, and that nothing is left.
  func facts(_ drill: DrillReport) -> [HTML] {
    [time, catalog(drill), data(drill), users(drill.access), records, undone(drill.undoing)]
  }

  private func catalog(_ drill: DrillReport) -> HTML {
    let moment = Words.moment(result.recoveryPoint)
    let snapshot = "recovery point \(moment), snapshot \(result.snapshot)"
    let value = drill.catalogAge.map(Figures.duration) ?? "Unknown"
    let objective = drill.rpoObjective.map { "objective \(Figures.duration($0))" }
    return switch drill.metRecoveryPoint {
    case true?: fact("Age of the catalog", value, .good, "\(objective ?? ""): met; \(snapshot)")
    case false?: fact("Age of the catalog", value, .bad, "\(objective ?? ""): missed; \(snapshot)")
    case nil:
      fact("Age of the catalog", value, .warning, "\(objective ?? "no objective"); \(snapshot)")
    }
  }

  private func data(_ drill: DrillReport) -> HTML {
    let objective = drill.rpoObjective.map { "objective \(Figures.duration($0))" } ?? "no objective"
    guard let lag = drill.dataLag else {
      return fact(
        "Data behind", "Unknown", .warning, "\(objective); nobody measured it for \(result.region)")
    }
    let when =
      lag.age.map { "measured \(Figures.duration($0)) before" } ?? "measured at no known time"
    let value = lag.isFresh ? lag.worst.map(Figures.duration) ?? "Unknown" : "Unknown"
    let products = "\(Words.count(lag.products, "product")), \(when)"
    return switch lag.met {
    case true?: fact("Data behind, at worst", value, .good, "\(objective): met; \(products)")
    case false?: fact("Data behind, at worst", value, .bad, "\(objective): missed; \(products)")
    case nil: fact("Data behind, at worst", value, .warning, "\(objective); \(products)")
    }
  }

  private func users(_ access: DrillReport.AccessCheck) -> HTML {
    guard !result.interrupted else {
      return fact("Users", "Unknown", .warning, "what they could do was not looked at")
    }
    let wrong = access.principals.filter { !$0.isRight }
    let count = Words.count(access.principals.count, "principal")
    if access.isWider {
      return fact(
        "Users", "Could do too much", .bad, "\(wrong.count) of \(count), and what is named below")
    }
    guard access.unread.isEmpty else {
      return fact(
        "Users", "Not known of all", .bad, "\(Words.count(access.unread.count, "account")) not read"
      )
    }
    return wrong.isEmpty
      ? fact("Users", "Could do what they should", .good, "\(count), and nothing else")
      : fact("Users", "\(Words.count(wrong.count, "principal")) could not", .bad, "of \(count)")
  }

  private func undone(_ undoing: DrillReport.Undoing) -> HTML {
    let time = "in \(Figures.duration(undoing.seconds))"
    if undoing.isClean {
      return fact("Undone", "Nothing is left", .good, "\(time), and read again to prove it")
    }
    return undoing.isUndone
      ? fact(
        "Undone", "Not as it was", .bad,
        "nothing is left, but \(Words.count(undoing.changed.count, "record")) changed")
      : fact(
        "Undone", "Not proved", .bad, "\(Words.count(undoing.left.count, "record")) still there")
  }
}
