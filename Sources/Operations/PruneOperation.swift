import CanonicalJSON
import MeshFile
import SnapshotStore

/// `meshdr prune`: applies the mesh file's retention policy.
public struct PruneOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// - Throws: what `CommandFailure` maps; exit code 2 where the mesh file has no policy.
  public func run(dryRun: Bool) async throws -> ExitCode {
    guard let retention = try context.meshFile().retention else {
      throw CommandFailure(.usage, "the mesh file has no `retention`, so nothing may be removed")
    }
    let policy = RetentionPolicy(
      last: retention.last, daily: retention.daily, weekly: retention.weekly,
      monthly: retention.monthly, yearly: retention.yearly)
    let report = try await context.archive().prune(policy, dryRun: dryRun)
    show(report, dryRun: dryRun)
    return .done
  }

  private static func json(_ report: PruneReport) -> JSON {
    let decisions = report.decisions.map { decision -> JSON in
      ["snapshot": .string(decision.id), "keptBy": JSON(decision.keptBy.map(\.rawValue))]
    }
    return [
      "decisions": .array(decisions), "removed": JSON(report.removedSnapshots),
      "packs": JSON(report.removedPacks.count), "bytes": JSON(report.freedBytes),
    ]
  }

  private func show(_ report: PruneReport, dryRun: Bool) {
    switch context.options.output {
    case .json: context.surroundings.output(Self.json(report).canonicalText)
    case .text:
      for decision in report.decisions {
        let rules = decision.keptBy.map(\.rawValue).joined(separator: ", ")
        let fate = rules.isEmpty ? (dryRun ? "would remove" : "removed") : "keep"
        context.surroundings.output("\(decision.id)  \(fate)  \(rules)")
      }
    }
  }
}
