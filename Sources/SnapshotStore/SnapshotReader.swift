import MeshModel

/// Reads one sealed snapshot.
public struct SnapshotReader: Sendable {
  /// Whose packs are read.
  public let manifest: Manifest
  let archive: Archive
  var store: any BlobStore { archive.store }

  init(_ archive: Archive, manifest: Manifest) {
    self.archive = archive
    self.manifest = manifest
  }

  /// Records in the order of their keys. Only the packs that may hold some are touched; each is
  /// opened when its turn comes, and its digest is checked before it gives anything out.
  /// - Parameters:
  ///   - account: an account's id; nil for all.
  ///   - kind: known by its service and name; nil for all.
  ///   - database: only records that are archived with this database; nil for all.
  ///   - under: a key, to read only it and the records below it.
  ///   - only: databases and tables, outside of which nothing is read that belongs to a database; what
  ///     is read is still to be looked at one by one. Empty for all.
  /// - Throws: `ArchiveError` (`.damaged` if a pack is missing, `.io`). The stream throws
  ///   `.damaged`, naming pack and member.
  public func records(
    account: String? = nil, kind: Kind? = nil, database: String? = nil, under: RecordKey? = nil,
    only: [Selector] = []
  ) async throws -> sending SnapshotRecords {
    let wanted = manifest.packs.flatMap { pack -> [PlannedMember] in
      guard account == nil || pack.group.account == account,
        database == nil || pack.group.database == database
      else { return [] }
      return pack.members.indices.lazy.map { PlannedMember(pack: pack, index: $0) }.filter {
        (kind == nil || $0.member.kind == kind) && (under.map($0.mayHold) ?? true)
          && $0.maySelect(only)
      }
    }
    let plan = wanted.sorted { $0.member.firstKey < $1.member.firstKey }
    return SnapshotRecords(plan, under: under, blobs: try await blobs(of: plan))
  }

  /// One record; nil if the snapshot has none with that key.
  /// - Throws: as `records` and its stream do.
  public func record(_ key: RecordKey) async throws -> Record? {
    let stream = try await records(account: key.account, under: key)
    guard let first = try stream.next(), first.key == key else { return nil }
    return first
  }

  func blobs(of plan: [PlannedMember]) async throws -> [String: LocalBlob] {
    let names = Set(plan.map(\.pack.blobName)).sorted()
    let blobs = try await mapConcurrently(names) { name in
      do { return try await store.local(name) } catch let error as ArchiveError
        where error.code == .notFound
      {
        throw ArchiveError.damaged("pack \(name) is missing", cause: error)
      }
    }
    return Dictionary(zip(names, blobs)) { first, _ in first }
  }
}

/// A member that is to be read.
struct PlannedMember {
  let pack: ManifestPack
  /// Counted within its pack.
  let index: Int

  var member: ManifestMember { pack.members[index] }

  /// Whether it can hold `key` or something below it.
  func mayHold(_ key: RecordKey) -> Bool { member.mayHold(key) }

  /// Whether something in it can be selected.
  func maySelect(_ only: [Selector]) -> Bool { member.maySelect(only, in: pack.group) }
}

extension ManifestMember {
  /// Whether it can hold `key` or something below it.
  fileprivate func mayHold(_ key: RecordKey) -> Bool {
    // "0" is what follows "/": everything below the key lies before it.
    guard let end = RecordKey(key.text + "0") else { return false }
    return !(lastKey < key) && firstKey < end
  }

  /// Whether something in it can be selected. What belongs to no database always can.
  /// - Parameters:
  ///   - only: empty for everything.
  ///   - group: that of the pack which it is in.
  public func maySelect(_ only: [Selector], in group: PackGroup) -> Bool {
    guard !only.isEmpty, let database = group.database else { return true }
    return only.contains { selector in
      switch selector {
      case .kind(let name): return name == kind.name
      case .database(let name): return name == database
      case .table(let name, let table):
        guard name == database else { return false }
        let key = RecordKey(account: group.account, kind: kind, path: [database, table])
        return firstKey.path.count < 2 || mayHold(key)
      }
    }
  }
}

/// Records of a snapshot, read as they are asked for. Not for two threads at once.
public final class SnapshotRecords: RecordStream {
  private let plan: [PlannedMember]
  private let under: RecordKey?
  private let blobs: [String: LocalBlob]
  private var following = 0
  private var current: PackReader?
  /// Packs that are read in part, the least recently used first.
  private var open: [(digest: String, reader: PackReader)] = []
  /// Each holds a compressed pack and the window of a decompressor.
  private static let mostOpen = 8

  init(_ plan: [PlannedMember], under: RecordKey?, blobs: [String: LocalBlob]) {
    self.plan = plan
    self.under = under
    self.blobs = blobs
  }

  /// - Throws: `ArchiveError` (`.damaged`, naming pack and member; `.io`).
  public func next() throws -> Record? {
    while true {
      while let record = try current?.next() {
        if under.map({ isWithin(record.key.text, $0.text) }) ?? true { return record }
      }
      guard following < plan.count else { return nil }
      current = try reader(of: plan[following])
      following += 1
    }
  }

  /// The next record as the line that it is, of all members; not to be mixed with `next`.
  /// - Returns: what is good until the next call.
  func nextLine() throws -> RawLine? {
    while true {
      if let line = try current?.nextLine() { return line }
      guard following < plan.count else { return nil }
      current = try reader(of: plan[following])
      following += 1
    }
  }

  /// Passes over the lines that follow the last one here and elsewhere, and are the same, as far as they
  /// have been read already.
  func skipCommonLines(with other: SnapshotRecords) throws {
    guard let current, let theirs = other.current else { return }
    guard let common = CommonLines(current.ahead, theirs.ahead) else { return }
    try current.skip(common)
    try theirs.skip(common)
  }

  private func reader(of planned: PlannedMember) throws -> PackReader {
    let digest = planned.pack.digest
    let reader = try takeOpen(digest, before: planned.index) ?? begin(planned.pack)
    try reader.open(planned.index)
    open.append((digest, reader))
    if open.count > Self.mostOpen { open.removeFirst() }
    return reader
  }

  /// A reader that has not come past the member yet. One that has is dropped.
  private func takeOpen(_ digest: String, before index: Int) -> PackReader? {
    guard let at = open.firstIndex(where: { $0.digest == digest }) else { return nil }
    let reader = open.remove(at: at).reader
    return reader.position < index ? reader : nil
  }

  private func begin(_ pack: ManifestPack) throws -> PackReader {
    guard let blob = blobs[pack.blobName] else {
      throw ArchiveError.damaged("pack \(pack.digest) is missing")
    }
    return try PackReader(pack, blob)
  }
}
