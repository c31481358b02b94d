import MeshModel
import SnapshotStore

/// A region as a run has captured it.
public struct RegionLook: Sendable {
  var captured: CapturedSecondary
  /// When the capture began, by the run's clock.
  let start: Double

  public var reader: SnapshotReader { captured.reader }
  /// Where the archive lies that it is in.
  public var folder: String { captured.folder }
  /// Why some accounts were not captured whole, by account.
  public var failures: [RestoreResult.Failure] { captured.failures }
  /// Whether the restorer may not see everything.
  public var isBlind: Bool { !captured.hidden.isEmpty }

  /// The same, without any word on the other accounts: nothing is decided about them.
  /// - Parameter accounts: those that are left.
  public func limited(to accounts: Set<String>) -> RegionLook {
    var look = self
    let known = Set(reader.manifest.packs.map(\.group.account))
    look.captured.unread.formUnion(known.subtracting(accounts))
    return look
  }
}

extension RestoreRun {
  /// Captures the region. Changes nothing.
  /// - Parameter isBinding: as of `plan`.
  /// - Throws: as `plan` does.
  public func look(isBinding: Bool) async throws -> RegionLook {
    let start = tools.clock.seconds()
    return RegionLook(captured: try await captureSecondary(needsRights: isBinding), start: start)
  }

  /// Makes the plan from what was seen.
  /// - Throws: as `plan` does.
  public func plan(of look: RegionLook) async throws -> RestorePlan {
    try await plan(of: look.captured, since: look.start)
  }
}

extension RestorePlan {
  /// Names more that keeps the plan from being carried out as it is.
  public mutating func block(_ problems: [Mapper.Problem]) { plan.blockers += problems }

  /// Ties the plan to what the wanted state was worked out from: where that has changed, a plan that was
  /// saved does not fit any more.
  /// - Parameter digest: nil for nothing.
  public mutating func bind(to digest: String?) { origin = digest }

  /// The steps that another plan has not, which was made of this one by leaving some out.
  public func steps(leftOutOf limited: RestorePlan) -> [SavedPlan.Step] {
    let kept = Set(limited.plan.actions.map(SavedPlan.Step.init))
    return plan.actions.map(SavedPlan.Step.init).filter { !kept.contains($0) }
  }
}
