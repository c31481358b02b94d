import MeshModel

/// What a run came to, in one word; what stands first in every report.
enum Verdict: Sendable, Hashable {
  /// Nothing was carried out.
  case planned
  case interrupted
  /// Somebody has access that the primary does not give.
  case wider
  /// Something failed, was skipped, or is not as it was wanted.
  case incomplete
  /// Nothing failed, but nobody looked.
  case unverified
  /// All is well, but it took longer than it may.
  case late
  case good

  init(_ result: RestoreResult) {
    let isWhole = result.failures.isEmpty && result.actions.failed + result.actions.skipped == 0
    let answers: [(Bool, Verdict)] = [
      (result.verified?.widened.isEmpty == false || result.drill?.isWider == true, .wider),
      (result.interrupted, .interrupted),
      (
        !isWhole || result.verified?.isGood == false || result.drill?.isGood == false
          || result.failback?.isWhole == false, .incomplete
      ),
      (result.run.isEmpty && result.verified == nil, .planned),
      (result.verified == nil, .unverified),
      (!result.keptTime, .late),
    ]
    self = answers.first(where: \.0)?.1 ?? .good
  }

  var tone: Tone {
    switch self {
    case .good: .good
    case .planned: .strong
    case .unverified, .late, .interrupted: .warning
    case .wider, .incomplete: .bad
    }
  }
}

extension RestoreResult {
  /// Whether the clock alone kept the objective.
  var keptTime: Bool { rto.seconds <= rto.objectiveSeconds }

  /// Whether anything was, or would be, changed.
  var hasChanges: Bool { actions.create + actions.update + actions.remove > 0 }

  /// What the command does, in the past.
  private var did: String {
    switch command {
    case "restore": "Restored"
    case "repoint": "Re-pointed"
    case "failback": "Failed back"
    case "drill": "Rehearsed"
    default: "Done"
    }
  }

  /// The verdict as a headline.
  var headline: String {
    switch Verdict(self) {
    case .planned: "A plan: nothing was changed"
    case .interrupted: "Interrupted before its end"
    case .wider where drill != nil: "\(did), but somebody could do more than they should"
    case .wider: "\(did), but somebody gained access"
    case .incomplete where drill?.undoing.isUndone == false: "\(did), but not undone"
    case .incomplete where drill?.undoing.isClean == false:
      "\(did) and undone, but \(region) is not as it was"
    case .incomplete where hasFallenBehind: "Brought home, but the secondary was changed meanwhile"
    case .incomplete: "\(did) with failures"
    case .unverified: "\(did), not verified"
    case .late: "\(did) and verified, but too late"
    case .good where !hasChanges: "Verified: nothing had to be changed"
    case .good: "\(did) and verified"
    }
  }

  /// Whether all went home that was to, and nothing is wrong but that more has come since.
  var hasFallenBehind: Bool {
    failback?.isWhole == false && failures.isEmpty && actions.skipped == 0
      && verified?.isGood != false
  }

  /// What a region is already where its plan is empty.
  var goal: String {
    switch command {
    case "repoint": "names nothing that is to be moved"
    case "failback": "has all that happened during the outage already"
    default: "is already as the snapshot"
    }
  }

  /// What stands behind “as it should be” where records wait for a person.
  var reserve: String {
    let isMissing = manual.contains { $0.what != .finish }
    return isMissing ? ", but for what is left for a person" : ""
  }

  /// How the recovery time stands against its objective: `4.2 s of 2 h: met`.
  var rtoVerdict: String {
    let time = "\(Figures.duration(rto.seconds)) of \(Figures.duration(rto.objectiveSeconds))"
    if !keptTime {
      return "\(time): MISSED by \(Figures.duration(rto.seconds - rto.objectiveSeconds))"
    }
    if metObjective { return "\(time): met" }
    return "\(time): NOT MET, not all is as it should be"
  }

  /// Where the time went, in sentences; none where that was not counted.
  var timeSentences: [String] {
    var sentences: [String] = []
    if rto.detectionSeconds > 0 {
      sentences.append(
        "\(Figures.duration(rto.detectionSeconds)) passed before the run was begun.")
    }
    for part in rto.priorities {
      sentences.append("\(part.name) was back after \(Figures.duration(part.seconds)).")
    }
    if let waiting = rto.waitingSeconds {
      let own = max(0, rto.seconds - rto.detectionSeconds - waiting)
      sentences.append(
        "\(Figures.duration(waiting)) waiting for AWS, \(Figures.duration(own)) own work.")
    }
    if !criticalPath.isEmpty {
      let stretches = criticalPath.map { span in
        "\(accounts[span.account] ?? span.account) \(span.phase) "
          + Words.whole(Figures.duration(span.end - span.start))
      }
      sentences.append("The time of applying hung on \(stretches.joined(separator: ", then ")).")
    }
    return sentences
  }

  /// Whether anybody gained access, in a sentence. What was not looked at is not claimed.
  var accessSentence: String {
    guard let verified else { return "Whether anybody gained access was not looked at." }
    if verified.widened.isEmpty { return "Nobody gained access." }
    return "\(Words.count(verified.widened.count, "grant gives", "grants give")) access that the "
      + "primary does not give."
  }

  /// How old the captured catalog was when the run began; nil where either time is unknown.
  var catalogAge: Double? {
    guard let begun = Words.seconds(of: started), let point = Words.seconds(of: recoveryPoint)
    else { return nil }
    return begun >= point ? begun - point : nil
  }
}
