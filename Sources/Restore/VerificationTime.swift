import SnapshotStore

/// About how long reading a region once more and comparing it takes. Pure.
///
/// It reads what was read before the restore, and what was created since. So it takes as long as that
/// reading took for each record; where the region was all but empty, that tells nothing, and it takes as
/// long as the capture of the snapshot took.
struct VerificationTime {
  /// Records in the region before the restore, and the seconds in which they were read.
  let looked: (records: Int, seconds: Double)
  /// Records of the snapshot, and the seconds in which they were captured.
  let captured: (records: Int, seconds: Double)
  /// Records that are created.
  let created: Int

  /// What was read has to be at least this share of what will be.
  private static let telling = 0.25

  /// Seconds; nil where nothing tells.
  var seconds: Double? {
    let records = Double(looked.records + created)
    guard records > 0 else { return nil }
    let known = Double(looked.records) >= records * Self.telling ? looked : captured
    guard known.records > 0, known.seconds > 0 else { return nil }
    return known.seconds * records / Double(known.records)
  }
}

extension RestoreRun {
  /// About how many seconds will pass between the last change and the result.
  func verificationSeconds(_ plan: RestorePlan) -> Double? {
    let details = job.reader.manifest.details
    let captured = details.finished.milliseconds - details.recoveryPoint.milliseconds
    let look = plan.timeline.phases.first { $0.name == "look" }?.seconds ?? 0
    return VerificationTime(
      looked: (plan.region.manifest.records, look),
      captured: (job.reader.manifest.records, Double(captured) / 1000),
      created: plan.plan.actions.count { $0.step == .create && !$0.isOwnAccess }
    ).seconds
  }
}
