import CanonicalJSON

/// Who took note of a lost snapshot, when and what for.
public struct Acknowledgement: Sendable, Hashable {
  /// When.
  public let at: UTCTime
  /// Who, as they or their system called them.
  public let by: String
  /// What became of the snapshot, or why it may be gone.
  public let reason: String

  /// Nothing is checked.
  public init(at: UTCTime, by: String, reason: String) {
    self.at = at
    self.by = by
    self.reason = reason
  }

  init(_ fields: Fields) throws {
    self.init(
      at: try fields.time("at"), by: try fields.string("by"), reason: try fields.string("reason"))
  }

  var json: JSON {
    ["at": .string(at.description), "by": .string(by), "reason": .string(reason)]
  }
}

/// A snapshot that is gone without a prune, and that somebody took note of.
public struct AcknowledgedLoss: Sendable, Hashable {
  /// The id of the snapshot.
  public let snapshot: String
  /// By whom, when and why.
  public let acknowledgement: Acknowledgement
}

extension Archive {
  /// The losses that were acknowledged, newest snapshot first; not of those that are there again.
  /// - Throws: `ArchiveError` (`.io`).
  public func acknowledgedLosses() async throws -> [AcknowledgedLoss] {
    let absent = try await absentSnapshots()
    return absent.acknowledgedLosses(besides: Set(try await ids()))
  }

  /// Takes note of snapshots that are missed: from then on they are listed as lost, and no longer
  /// damage. Repeating it changes nothing.
  /// - Parameter references: the ids of snapshots that are missed, or unambiguous starts of them.
  /// - Throws: `ArchiveError` (`.notFound` for one that nothing misses, `.invalid` for one that is
  ///   there, `.ambiguous`, `.io`).
  public func acknowledge(
    _ references: [String], _ acknowledgement: Acknowledgement
  ) async throws -> [AcknowledgedLoss] {
    let chain = try await chainLinks()
    let missed = chain.missed
    let noted = Set(chain.absent.snapshots.filter { $0.reason == .lost }.map(\.snapshot))
    var ids: Set<String> = []
    for reference in references {
      let candidates = Set(missed.map(\.snapshot)).union(noted).filter {
        !reference.isEmpty && $0.hasPrefix(reference)
      }
      guard candidates.count < 2 else {
        let names = candidates.sorted().joined(separator: ", ")
        throw ArchiveError(.ambiguous, "“\(reference)” fits several lost snapshots: \(names)")
      }
      guard let id = candidates.first else { throw notMissed(reference, chain) }
      ids.insert(id)
    }
    let entries = missed.filter { ids.contains($0.snapshot) }.map { link in
      AbsentSnapshot(
        snapshot: link.snapshot, digest: link.digest, reason: .lost,
        previous: chain.newest(before: link.snapshot), acknowledgement: acknowledgement)
    }
    if !entries.isEmpty { try await recordAbsent(entries) }
    return try await acknowledgedLosses().filter { ids.contains($0.snapshot) }
  }

  private func notMissed(_ reference: String, _ chain: ChainLinks) -> ArchiveError {
    let isThere = chain.present.contains { !reference.isEmpty && $0.hasPrefix(reference) }
    guard isThere else {
      return ArchiveError(.notFound, "no lost snapshot is called “\(reference)”")
    }
    return ArchiveError(
      .invalid, "snapshot \(reference) is in the store: only what is gone can be acknowledged")
  }

  /// What names snapshots, and what is there of them.
  private struct ChainLinks {
    var manifests: [Manifest] = []
    /// The ids of all manifests, also of those that can't be read.
    var present: [String] = []
    var heads: [ManifestLink] = []
    var absent = AbsentSnapshots()

    var all: Set<ManifestLink> {
      Set(manifests.compactMap(\.previous) + heads + absent.snapshots.compactMap(\.previous))
    }

    var missed: [ManifestLink] {
      all.filter { !present.contains($0.snapshot) && !absent.contains($0) }
    }

    /// The newest snapshot before a lost one: what is known of its own link. The chain goes on there.
    func newest(before id: String) -> ManifestLink? {
      let known =
        manifests.map { ManifestLink(snapshot: $0.id, digest: $0.digest) }
        + absent.snapshots.map { ManifestLink(snapshot: $0.snapshot, digest: $0.digest) } + all
      return known.filter { $0.snapshot < id }.max { left, right in
        (left.snapshot, left.digest) < (right.snapshot, right.digest)
      }
    }
  }

  private func chainLinks() async throws -> ChainLinks {
    var chain = ChainLinks()
    chain.present = try await ids()
    chain.manifests = try await mapConcurrently(chain.present) { id -> Manifest? in
      do { return try await manifest(id) } catch let error as ArchiveError
        where [.damaged, .newerFormat, .notFound].contains(error.code)
      { return nil }
    }.compactMap(\.self)
    chain.heads = try await chainHeads().links
    chain.absent = try await absentSnapshots()
    return chain
  }

}

extension AbsentSnapshots {
  /// - Parameter present: the ids of snapshots that are there.
  func acknowledgedLosses(besides present: Set<String>) -> [AcknowledgedLoss] {
    let losses = snapshots.compactMap { absent -> AcknowledgedLoss? in
      guard let acknowledgement = absent.acknowledgement, !present.contains(absent.snapshot) else {
        return nil
      }
      return AcknowledgedLoss(snapshot: absent.snapshot, acknowledgement: acknowledgement)
    }
    return Set(losses).sorted {
      ($0.snapshot, $0.acknowledgement.at) > ($1.snapshot, $1.acknowledgement.at)
    }
  }
}
