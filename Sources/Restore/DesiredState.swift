import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// Records as they should be in the secondary, read and derived one at a time.
struct MappedRecords: RecordStream {
  private let base: SnapshotRecords
  private let kind: any ResourceKind
  private let mapper: Mapper
  private let derivation: any Derivation
  /// What the record that was read last was derived from.
  private(set) var original: Record?

  init(
    _ base: SnapshotRecords, kind: any ResourceKind, mapper: Mapper, derivation: any Derivation
  ) {
    self.base = base
    self.kind = kind
    self.mapper = mapper
    self.derivation = derivation
  }

  mutating func next() throws -> Record? {
    while let record = try base.next() {
      original = record
      mapper.begin(record.key)
      if let wanted = try derivation.derived(record, of: kind, by: mapper) { return wanted }
    }
    return nil
  }
}

/// What is wanted of the secondary: a snapshot, or the region itself, seen through a mapping.
struct DesiredState: Sendable {
  let reader: SnapshotReader
  let mapping: Mapping
  /// The accounts that are restored, by their ids in the snapshot.
  let accounts: [String]
  let derivation: any Derivation
  /// The snapshot that the mapping is of.
  let snapshot: String

  /// All records of a kind of which there are few.
  func records(of kind: any CapturedKind, mapper: Mapper) async throws -> RecordList {
    var records: [RecordKey: Record] = [:]
    for account in accounts {
      var stream = MappedRecords(
        try await reader.records(account: account, kind: kind.kind), kind: kind, mapper: mapper,
        derivation: derivation)
      while let record = try stream.next() {
        guard let other = records[record.key] else {
          records[record.key] = record
          continue
        }
        // Two become one: a grant gives what both give, of others the one stays that is there.
        if kind.givesAccess {
          records[record.key] = try kind.merged(other, record)
        } else if stream.original?.key == record.key {
          records[record.key] = record
        }
      }
    }
    for record in derivation.additional(kind.kind) where records[record.key] == nil {
      records[record.key] = record
    }
    return RecordList(records.values)
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
  /// - Parameters:
  ///   - database: as it is called in the snapshot.
  ///   - only: outside of which nothing needs to be read; what is read is still to be looked at.
  func records(
    of kind: any ResourceKind, in database: PackGroup, mapper: Mapper, only: [Selector] = []
  ) async throws -> MappedRecords {
    let stream = try await reader.records(
      account: database.account, kind: kind.kind, database: database.database, only: only)
    return MappedRecords(stream, kind: kind, mapper: mapper, derivation: derivation)
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
