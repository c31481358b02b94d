/// A pack that is to be checked.
struct NeededPack: Sendable {
  let pack: ManifestPack
  /// The snapshot that is named with damage to it.
  let by: String
}

/// Looks for packs and reads them from beginning to end.
struct PackCheck: Sendable {
  struct Result: Sendable {
    var packs = 0
    var packsRead = 0
    var records = 0
    var damaged: [Damage] = []
  }

  let store: any BlobStore
  let selection: PackSelection
  let concurrency: Int

  /// Looks for all of these packs and reads those that the selection takes.
  /// - Parameter present: the sizes of the packs in the store, by the names of their blobs.
  func check(_ needed: [NeededPack], present: [String: Int]) async throws -> Result {
    let taken = selection.taken(of: needed.map(\.pack.digest))
    let wanted = needed.filter { taken.contains($0.pack.digest) }
    var result = lookFor(
      needed.filter { !taken.contains($0.pack.digest) }, present: present)
    result.packs = needed.count
    let checked = try await mapConcurrently(wanted, limit: concurrency) { needed in
      try await self.read(needed)
    }
    result.packsRead = wanted.count
    result.records = checked.reduce(0) { $0 + $1.records }
    result.damaged += checked.flatMap(\.damaged)
    return result
  }

  /// Only looks whether they are there, in their sizes.
  func lookFor(_ needed: [NeededPack], present: [String: Int]) -> Result {
    var result = Result(packs: needed.count)
    for needed in needed {
      let pack = needed.pack
      switch present[pack.blobName] {
      case nil: result.damaged.append(needed.damage("it is missing; it has \(pack.contents)"))
      case pack.bytes?: continue
      case let size?:
        result.damaged.append(
          needed.damage("it has \(size) bytes instead of \(pack.bytes); it has \(pack.contents)"))
      }
    }
    return result
  }

  /// Reads a pack to its end, or to its first damage. Of one whose digest is wrong, every member that
  /// can't be read is named.
  private func read(_ needed: NeededPack) async throws -> Result {
    do {
      let blob = try await store.local(needed.pack.blobName)
      return Self.read(needed, try PackReader(needed.pack, blob, depth: .everything))
    } catch let error as ArchiveError where error.code == .notFound {
      return Result(damaged: [needed.damage("it is missing; it has \(needed.pack.contents)")])
    } catch let error as ArchiveError where error.code == .damaged {
      return Result(damaged: [needed.damage(error)] + (try await lostMembers(needed)))
    }
  }

  private static func read(_ needed: NeededPack, _ reader: PackReader) -> Result {
    var result = Result()
    for (index, member) in needed.pack.members.enumerated() {
      do {
        try reader.open(index)
        while try reader.next() != nil { result.records += 1 }
      } catch {
        result.damaged.append(needed.damage(error, member))
        return result
      }
    }
    return result
  }

  /// The members that can't be read of a pack that is damaged: what is before the damage is whole.
  private func lostMembers(_ needed: NeededPack) async throws -> [Damage] {
    let blob: LocalBlob
    do { blob = try await store.local(needed.pack.blobName) } catch let error as ArchiveError
      where error.code == .damaged || error.code == .notFound
    { return [] }
    var lost: [Damage] = []
    do {
      let reader = try PackReader(needed.pack, blob, depth: .salvage)
      for (index, member) in needed.pack.members.enumerated() {
        do {
          try reader.open(index)
          while try reader.next() != nil {}
        } catch let error as ArchiveError where error.code == .damaged {
          lost.append(needed.damage(error, member))
        }
      }
      return lost
    } catch let error as ArchiveError where error.code == .damaged {
      return needed.pack.members.map { needed.damage(error, $0) }
    }
  }
}

extension NeededPack {
  func damage(_ what: String, _ member: ManifestMember? = nil) -> Damage {
    Damage(snapshot: by, pack: pack.digest, member: member?.path, what: what)
  }

  /// Without the place that stands before the error's message: it has members of its own.
  func damage(_ error: any Error, _ member: ManifestMember? = nil) -> Damage {
    let message = (error as? ArchiveError)?.message ?? "\(error)"
    let pack = "pack \(pack.digest): "
    let places = (member.map { ["member \($0.path) of \(pack)"] } ?? []) + [pack]
    let place = places.first(where: message.hasPrefix) ?? ""
    return damage(String(message.dropFirst(place.count)), member)
  }
}

extension ManifestPack {
  /// `3 table, 120 partition of account 111122223333, database sales`.
  var contents: String {
    let counts = countRecords([self]).sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return "\(counts.joined(separator: ", ")) of \(group)"
  }
}

extension BlobStore {
  /// The sizes of all packs, by the names of their blobs.
  func packSizes() async throws -> [String: Int] {
    let packs = try await list(prefix: "packs/")
    return Dictionary(packs.map { ($0.name, $0.size) }) { first, _ in first }
  }
}
