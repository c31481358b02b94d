import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// Records of a snapshot as they should be in the secondary, read and mapped one at a time.
struct MappedRecords: RecordStream {
  private let base: SnapshotRecords
  private let kind: any ResourceKind
  private let mapper: Mapper

  init(_ base: SnapshotRecords, kind: any ResourceKind, mapper: Mapper) {
    self.base = base
    self.kind = kind
    self.mapper = mapper
  }

  mutating func next() throws -> Record? {
    guard let record = try base.next() else { return nil }
    return try kind.mapped(record, by: mapper)
  }
}

/// A snapshot, seen through a mapping.
struct DesiredState: Sendable {
  let reader: SnapshotReader
  let mapping: Mapping
  /// The accounts that are restored, by their ids in the snapshot.
  let accounts: [String]

  /// All records of a kind of which there are few.
  func records(of kind: any ResourceKind, mapper: Mapper) async throws -> RecordList {
    var records: [Record] = []
    for account in accounts {
      var stream = MappedRecords(
        try await reader.records(account: account, kind: kind.kind), kind: kind, mapper: mapper)
      records += try stream.collect()
    }
    return RecordList(records)
  }

  /// The databases of the snapshot, by the names that they have in the secondary.
  func databases(mapper: Mapper) -> [PackGroup: PackGroup] {
    let groups = Set(reader.manifest.packs.map(\.group)).filter {
      $0.database != nil && accounts.contains($0.account)
    }
    return Dictionary(
      groups.map { group in
        let account = mapper.account(group.account)
        return (PackGroup(account: account, database: group.database.map(mapper.name)), group)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The records of a kind in one database. Within it the mapping changes no order: only the names
  /// of the account and the database are mapped in their keys, the same for all.
  /// - Parameter database: as it is called in the snapshot.
  func records(
    of kind: any ResourceKind, in database: PackGroup, mapper: Mapper
  ) async throws -> MappedRecords {
    let stream = try await reader.records(
      account: database.account, kind: kind.kind, database: database.database)
    return MappedRecords(stream, kind: kind, mapper: mapper)
  }
}

extension DesiredState: BulkSource {
  func records(
    of kind: any RestorableKind, account: String, at path: [String]
  ) async throws -> MappedRecords {
    let mapper = Mapper(mapping)
    let group = PackGroup(account: account, database: path.first)
    guard let original = databases(mapper: mapper)[group] else {
      throw ArchiveError(.notFound, "the snapshot has no \(group)")
    }
    return try await records(of: kind, in: original, mapper: mapper)
  }
}
