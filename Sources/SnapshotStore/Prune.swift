/// What a prune did, or would do.
public struct PruneReport: Sendable, Hashable {
  /// One for each snapshot, newest first.
  public let decisions: [RetentionDecision]
  /// The ids of the snapshots that went.
  public let removedSnapshots: [String]
  /// The packs that no snapshot needs any more.
  public let removedPacks: [BlobInfo]

  /// What the packs took in the store.
  public var freedBytes: Int { removedPacks.reduce(0) { $0 + $1.size } }
}

extension Archive {
  /// Removes the snapshots that the policy does not keep, then the packs that no remaining one
  /// needs. A prune that was killed is finished by the next. No snapshot should be written at the
  /// same time: its packs would go, and its sealing fail.
  /// - Parameter dryRun: only report.
  /// - Throws: `ArchiveError` (`.damaged` or `.newerFormat` if any manifest can't be read: nobody
  ///   knows then which packs it needs, and nothing is removed; `.io`).
  public func prune(_ policy: RetentionPolicy, dryRun: Bool) async throws -> PruneReport {
    let summaries = try await snapshots()
    if let damage = summaries.lazy.compactMap(\.damage).first {
      throw ArchiveError(
        damage.code, "nothing is removed while a snapshot can't be read", cause: damage)
    }
    let decisions = policy.decide(summaries.map(RetentionCandidate.init))
    let removed = decisions.filter(\.keptBy.isEmpty).map(\.id)
    if !dryRun {
      for id in removed.reversed() { try await store.delete(SnapshotID.blobName(id)) }
    }
    let unneeded = try await packs(notNeededBesides: Set(removed))
    if !dryRun {
      for pack in unneeded { try await store.delete(pack.name) }
      _ = try await store.removeLeftovers()
    }
    return PruneReport(
      decisions: decisions, removedSnapshots: removed, removedPacks: unneeded)
  }

  /// Packs that only the given snapshots need, or none. The packs are listed before the manifests
  /// are read, so that one sealed in between still counts.
  private func packs(notNeededBesides removed: Set<String>) async throws -> [BlobInfo] {
    let packs = try await store.list(prefix: "packs/")
    var needed: Set<String> = []
    for id in try await ids() where !removed.contains(id) {
      needed.formUnion(try await manifest(id).packs.map(\.blobName))
    }
    return packs.filter { !needed.contains($0.name) }
  }
}

extension RetentionCandidate {
  fileprivate init(_ summary: SnapshotSummary) {
    self.init(
      id: summary.id, mesh: summary.mesh, region: summary.region, time: summary.recoveryPoint,
      complete: summary.complete)
  }
}
