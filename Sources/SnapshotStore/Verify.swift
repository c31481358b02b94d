/// What a check of a snapshot's packs found.
public struct VerifyReport: Sendable, Hashable {
  /// The snapshot's id.
  public let snapshot: String
  /// How many packs were looked at, whole or not.
  public let packs: Int
  /// How many records were read and found right.
  public let records: Int
  /// Empty if all is well.
  public let damaged: [Damage]
  /// What is no damage, but should be known.
  public let notes: [String]
}

/// One thing that is not as the manifest says.
public struct Damage: Sendable, Hashable {
  /// The pack's digest, which is its name; nil if the manifest itself is concerned.
  public let pack: String?
  /// The member's path, where it is known which one.
  public let member: String?
  /// One sentence.
  public let what: String
}

extension SnapshotReader {
  /// Reads every pack and checks digests, sizes, counts, order and canonical form, and the link to
  /// the snapshot before.
  /// - Parameter concurrency: how many packs are read at once.
  /// - Throws: `ArchiveError` (`.io`) only: damage is reported.
  public func verify(concurrency: Int = 4) async throws -> VerifyReport {
    let results = try await mapConcurrently(manifest.packs, limit: concurrency) { pack in
      try await check(pack)
    }
    let link = try await checkLink()
    return VerifyReport(
      snapshot: manifest.id, packs: results.count, records: results.reduce(0) { $0 + $1.records },
      damaged: results.compactMap(\.damage) + link.damaged, notes: link.notes)
  }

  private func check(_ pack: ManifestPack) async throws -> PackCheck {
    do {
      let blob = try await store.local(pack.blobName)
      return try PackCheck(pack, blob)
    } catch let error as ArchiveError where error.code == .notFound {
      return PackCheck(damage: Damage(pack: pack.digest, member: nil, what: "it is missing"))
    } catch let error as ArchiveError where error.code == .damaged {
      return PackCheck(damage: Damage(pack: pack.digest, member: nil, what: error.message))
    }
  }

  private func checkLink() async throws -> (damaged: [Damage], notes: [String]) {
    guard let link = manifest.previous else { return ([], []) }
    do {
      let previous = try await Archive(store: store).manifest(link.snapshot)
      if previous.digest == link.digest { return ([], []) }
      let what = "the snapshot \(link.snapshot) is not the one that came before this one"
      return ([Damage(pack: nil, member: nil, what: what)], [])
    } catch let error as ArchiveError where error.code == .notFound {
      return ([], ["the snapshot before, \(link.snapshot), is no longer there"])
    } catch let error as ArchiveError where error.code == .damaged {
      return ([Damage(pack: nil, member: nil, what: error.message)], [])
    }
  }
}

/// The result of reading one pack to its end or to its first damage.
private struct PackCheck: Sendable {
  var records = 0
  var damage: Damage?

  init(damage: Damage) {
    self.damage = damage
  }

  /// - Throws: `ArchiveError` for what concerns the whole pack.
  init(_ pack: ManifestPack, _ blob: LocalBlob) throws {
    let reader = try PackReader(pack, blob, depth: .everything)
    for (index, member) in pack.members.enumerated() {
      do {
        try reader.open(index)
        while try reader.next() != nil { records += 1 }
      } catch let error as ArchiveError where error.code == .damaged {
        damage = Damage(pack: pack.digest, member: member.path, what: error.message)
        return
      }
    }
  }
}
