/// Checks that what a manifest names as the snapshot before it is there unaltered, or is rightly
/// absent.
struct ChainCheck {
  /// What is known of a snapshot's manifest.
  enum Target {
    case known(String)
    case missing
    /// Damaged by itself, which is said elsewhere.
    case unreadable
    /// Damaged, as this says.
    case damaged(String)
  }

  let absent: AbsentSnapshots
  let digest: @Sendable (String) async throws -> Target

  init(
    absent: AbsentSnapshots, digest: @escaping @Sendable (String) async throws -> Target
  ) {
    self.absent = absent
    self.digest = digest
  }

  /// - Parameter id: the snapshot that has the link.
  /// - Throws: what looking for the other manifest throws.
  func check(_ link: ManifestLink?, of id: String) async throws -> [Damage] {
    guard let link else { return [] }
    return try await check(
      link, altered: "is not the one that came before \(id)",
      gone: "which came before \(id), is gone, and no prune removed it")
  }

  /// The same for an end of the chain, which no manifest names.
  func check(head link: ManifestLink) async throws -> [Damage] {
    try await check(
      link, altered: "is not the one that was sealed",
      gone: "which no later one names yet, is gone, and no prune removed it")
  }

  private func check(
    _ link: ManifestLink, altered: String, gone: String
  ) async throws -> [Damage] {
    switch try await digest(link.snapshot) {
    case .known(let digest):
      if digest == link.digest { return [] }
      return [
        Damage(
          snapshot: link.snapshot,
          what: "the snapshot \(link.snapshot) \(altered)")
      ]
    case .missing:
      if absent.contains(link) { return [] }
      return [
        Damage(
          snapshot: link.snapshot,
          what: "the snapshot \(link.snapshot), \(gone)", isLoss: true)
      ]
    case .unreadable: return []
    case .damaged(let what): return [Damage(snapshot: link.snapshot, what: what)]
    }
  }
}

extension Archive {
  /// What the manifest of a snapshot has for its digest.
  /// - Throws: `ArchiveError` (`.io`).
  func digest(of id: String) async throws -> ChainCheck.Target {
    do {
      return .known(try await manifest(id).digest)
    } catch let error as ArchiveError where error.code == .notFound {
      return .missing
    } catch let error as ArchiveError where error.code == .damaged || error.code == .newerFormat {
      return .damaged(error.description)
    }
  }
}
