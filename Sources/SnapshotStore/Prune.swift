/// What a prune did, or would do.
public struct PruneReport: Sendable, Hashable {
  /// One for each snapshot, newest first.
  public let decisions: [RetentionDecision]
  /// The ids of the snapshots that went.
  public let removedSnapshots: [String]
  /// The packs that no snapshot needs any more and that went.
  public let removedPacks: [BlobInfo]
  /// Packs that no snapshot needs any more and that the store still keeps.
  public let lockedPacks: [BlobInfo]
  /// The ids of snapshots that are being written, or were when their writers were killed less than a
  /// day ago. While there are any, no pack is removed: they may rely on packs that no manifest names.
  public let underWay: [String]

  /// What the packs took in the store.
  public var freedBytes: Int { removedPacks.reduce(0) { $0 + $1.size } }
}

extension Archive {
  /// Removes the snapshots that the policy does not keep, then the packs that no remaining one
  /// needs. A prune that was killed is finished by the next.
  ///
  /// What is removed is written down before as absent, so that the chain of manifests stays whole. A
  /// snapshot may be written at the same time: then snapshots go and their packs stay until the next
  /// prune.
  /// - Parameters:
  ///   - dryRun: only report.
  ///   - needed: the ids of snapshots that stay as if they were on hold.
  /// - Throws: `ArchiveError` (`.damaged` or `.newerFormat` if any manifest can't be read: nobody
  ///   knows then which packs it needs, and nothing is removed; `.io`).
  public func prune(
    _ policy: RetentionPolicy, dryRun: Bool, keeping needed: Set<String> = [], clock: StoreClock
  ) async throws -> PruneReport {
    guard !dryRun else { return try await prune(policy, needed, claim: nil, clock) }
    let claim = try await Claim.take(.prune, in: store, clock: clock)
    do {
      let report = try await prune(policy, needed, claim: claim, clock)
      try await claim.release()
      return report
    } catch {
      // If this fails too, the claim ends by itself.
      try? await claim.release()
      throw error
    }
  }

  /// - Parameter claim: nil to change nothing.
  private func prune(
    _ policy: RetentionPolicy, _ needed: Set<String>, claim: Claim?, _ clock: StoreClock
  ) async throws -> PruneReport {
    let summaries = try await snapshots()
    if let damage = summaries.lazy.compactMap(\.damage).first {
      throw ArchiveError(
        damage.code, "nothing is removed while a snapshot can't be read", cause: damage)
    }
    let candidates = summaries.map { RetentionCandidate($0, isNeeded: needed.contains($0.id)) }
    let decisions = try await withLocks(policy.decide(candidates))
    var removed = decisions.filter(\.keptBy.isEmpty).map(\.id)
    if let claim { removed = try await remove(removed, claim) }
    // Looked for after the prune's own claim was written: a writer that begins later sees that one.
    let underWay = try await snapshotsUnderWay(at: clock.now())
    var unneeded: [BlobInfo] = []
    let useless = try await partsForPrune(at: clock.now()).useless
    if underWay.isEmpty {
      unneeded = try await packs(notNeededBesides: Set(removed), at: clock.now())
    }
    let locked = try await mapConcurrently(unneeded) { try await store.lockedUntil($0.name) != nil }
    let lockedPacks = zip(unneeded, locked).filter(\.1).map(\.0)
    unneeded = zip(unneeded, locked).filter { !$0.1 }.map(\.0)
    if let claim {
      for part in useless { try await store.delete(part) }
      for pack in unneeded {
        try await claim.renew()
        try await store.delete(pack.name)
      }
      try await removeLoneSignatures(at: clock.now())
      try await removeUselessHeads()
      try await removeStaleClaims(at: clock.now())
      _ = try await store.removeLeftovers()
    }
    return PruneReport(
      decisions: decisions, removedSnapshots: removed, removedPacks: unneeded,
      lockedPacks: lockedPacks, underWay: underWay)
  }

  /// Removes manifests, oldest first.
  /// - Returns: those that went: not what was put on hold meanwhile.
  private func remove(_ ids: [String], _ claim: Claim) async throws -> [String] {
    let manifests = try await mapConcurrently(ids) { try await manifest($0) }
    try await recordAbsent(
      manifests.map {
        AbsentSnapshot(
          snapshot: $0.id, digest: $0.digest, reason: .pruned, previous: $0.previous)
      })
    let held = try await heldIDs()
    let removed = ids.filter { !held.contains($0) }
    for id in removed.reversed() {
      try await claim.renew()
      try await store.delete(SnapshotID.blobName(id))
    }
    return removed
  }

  /// The decisions, with what the store keeps although no rule does: what can't be removed is not
  /// hidden either.
  private func withLocks(_ decisions: [RetentionDecision]) async throws -> [RetentionDecision] {
    try await mapConcurrently(decisions) { decision in
      guard decision.keptBy.isEmpty,
        let until = try await store.lockedUntil(SnapshotID.blobName(decision.id))
      else { return decision }
      var locked = decision
      locked.keptBy = [.lock]
      locked.lockedUntil = until
      return locked
    }
  }

  /// Signatures of snapshots that have gone, and of those that were killed before they were sealed.
  private func removeLoneSignatures(at now: UTCTime) async throws {
    let sealed = Set(try await ids())
    for blob in try await store.list(prefix: "signatures/") {
      guard let id = ManifestSignature.id(ofBlob: blob.name), !sealed.contains(id),
        let began = SnapshotID.recoveryPoint(id),
        now.milliseconds - began.milliseconds > 86_400_000,
        try await store.lockedUntil(blob.name) == nil
      else { continue }
      try await store.delete(blob.name)
    }
  }

  /// Packs that only the given snapshots need, or none. The packs are listed before the parts of
  /// snapshots are read, and these before the manifests, so that one sealed in between still counts.
  private func packs(
    notNeededBesides removed: Set<String>, at now: UTCTime
  ) async throws -> [BlobInfo] {
    let packs = try await store.list(prefix: "packs/")
    var needed: Set<String> = []
    for part in try await partsForPrune(at: now).needed {
      needed.formUnion(part.packs.map(\.blobName))
    }
    for id in try await ids() where !removed.contains(id) {
      needed.formUnion(try await manifest(id).packs.map(\.blobName))
    }
    return packs.filter { !needed.contains($0.name) }
  }

  private func snapshotsUnderWay(at now: UTCTime) async throws -> [String] {
    let claims = try await Claim.found(in: store).filter { $0.holds(at: now) }
    let ids = claims.compactMap { claim -> String? in
      guard case .snapshot(let id) = claim.purpose else { return nil }
      return id
    }
    return Set(ids).sorted()
  }

  private func removeStaleClaims(at now: UTCTime) async throws {
    for claim in try await Claim.found(in: store) where !claim.holds(at: now) {
      try await store.delete(claim.name)
    }
  }
}

extension RetentionCandidate {
  fileprivate init(_ summary: SnapshotSummary, isNeeded: Bool) {
    self.init(
      id: summary.id, mesh: summary.mesh, region: summary.region, time: summary.recoveryPoint,
      complete: summary.complete, held: isNeeded || summary.hold != nil)
  }
}
