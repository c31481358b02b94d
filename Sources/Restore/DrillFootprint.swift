import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import SnapshotStore

/// What a full drill makes in its accounts, by the keys of what stands by itself: what lies in a database
/// is known by that. Small enough for a journal.
public struct DrillFootprint: Sendable {
  public let keys: Set<RecordKey>
  private let inDatabases: Set<Kind>

  /// - Parameters:
  ///   - keys: as a journal has them.
  ///   - kinds: all that there are.
  public init(keys: Set<RecordKey>, kinds: [Kind]) {
    self.keys = keys
    inDatabases = Set(kinds.filter(\.belongsToDatabase))
  }

  /// - Parameters:
  ///   - accounts: those that are rehearsed, by their ids in the snapshot.
  ///   - derivation: what makes of the snapshot's records those of the drill.
  /// - Throws: `ArchiveError`, `JSONError` where the snapshot can't be read.
  public init(
    of snapshot: SnapshotReader, accounts: [String], _ kinds: [any ResourceKind],
    _ mapping: Mapping, _ derivation: any Derivation
  ) async throws {
    let mapper = Mapper(mapping)
    var keys: Set<RecordKey> = []
    for kind in kinds where Self.standsByItself(kind) {
      for account in accounts {
        let records = try await snapshot.records(account: account, kind: kind.kind)
        while let record = try records.next() {
          mapper.begin(record.key)
          guard let made = try derivation.derived(record, of: kind, by: mapper),
            kind.restorability(of: try made.value()) == .restorable,
            !DrillGround.isInEveryAccount(made.key)
          else { continue }
          keys.insert(made.key)
        }
      }
    }
    self.init(keys: keys, kinds: kinds.map(\.kind))
  }

  private static func standsByItself(_ kind: any ResourceKind) -> Bool {
    kind.restorability == .restorable && kind.kind != .grant
      && (kind.kind == .database || !kind.kind.belongsToDatabase)
  }

  /// Whether a record is one that the drill makes. A grant is, where what it is on is.
  public func owns(_ key: RecordKey) -> Bool {
    let kind = Kind(key.service, key.kindName)
    if kind == .grant { return ownsGrant(key) }
    guard inDatabases.contains(kind) else { return keys.contains(key) }
    return keys.contains(.init(account: key.account, kind: .database, path: [key.path.first ?? ""]))
  }

  private func ownsGrant(_ key: RecordKey) -> Bool {
    let path = key.path
    guard path.count > 2, let form = GrantResource.Form(rawValue: path[0]) else { return true }
    switch form {
    case .database, .table, .columns, .filter, .allTables, .allColumns:
      return keys.contains(RecordKey(account: path[1], kind: .database, path: [path[2]]))
    case .catalog, .policy, .tag, .location, .expression:
      return true
    }
  }
}

/// What drill accounts hold before a drill.
public struct DrillGround: Sendable {
  /// What stays, or is put back as it was.
  public private(set) var standing: [Record] = []
  /// What a drill would meet, and must not.
  public private(set) var occupants: [RecordKey] = []

  /// - Parameters:
  ///   - region: a capture of the accounts.
  ///   - restorers: who looks, and may have grants of its own.
  /// - Throws: `ArchiveError`, `JSONError` where it can't be read.
  public init(
    _ region: SnapshotReader, _ footprint: DrillFootprint, restorers: Set<String>
  ) async throws {
    let records = try await region.records()
    while let record = try records.next() {
      if try Self.mayStand(record, footprint, restorers) {
        standing.append(record)
      } else {
        occupants.append(record.key)
      }
    }
  }

  /// - Parameter standing: as a journal has it.
  public init(standing: [Record]) { self.standing = standing }

  // Kinds of services that stand beside the catalog: this layer does not know them.
  private static let workGroup = Kind("athena", "work-group")
  private static let dataCatalog = Kind("athena", "data-catalog")
  static let namedQuery = Kind("athena", "named-query")
  static let preparedStatement = Kind("athena", "prepared-statement")
  static let crawler = Kind("glue", "crawler")

  /// What there is once in each account: it is changed, and put back.
  static func isInEveryAccount(_ key: RecordKey) -> Bool {
    switch Kind(key.service, key.kindName) {
    case .settings, .encryptionSettings: true
    case workGroup: key.path == ["primary"]
    default: false
    }
  }

  private static func mayStand(
    _ record: Record, _ footprint: DrillFootprint, _ restorers: Set<String>
  ) throws -> Bool {
    let kind = Kind(record.key.service, record.key.kindName)
    if isInEveryAccount(record.key) { return true }
    switch kind {
    case .grant:
      let body = try record.value()
      let principal = GrantKind().principal(of: body) ?? ""
      if restorers.contains(principal) { return true }
      return principal == "IAM_ALLOWED_PRINCIPALS" && body["Resource"]?["Catalog"] != nil
    case .identityCenter, .resourceShare, .catalog, workGroup, namedQuery, preparedStatement,
      dataCatalog:
      return !footprint.owns(record.key)
    default:
      return false
    }
  }

  /// What is not as it was: what is left of a drill, and what else differs.
  /// - Parameters:
  ///   - after: a capture of the accounts.
  ///   - kinds: all that there are: what can be written is compared in their normal form.
  /// - Throws: `ArchiveError`, `JSONError` where it can't be read.
  public func differences(
    _ after: SnapshotReader, _ footprint: DrillFootprint, _ kinds: [any ResourceKind]
  ) async throws -> (left: [RecordKey], changed: [RecordKey]) {
    let known = Dictionary(kinds.map { ($0.kind, $0) }) { first, _ in first }
    var before = Dictionary(standing.map { ($0.key, $0) }) { first, _ in first }
    var (left, changed): ([RecordKey], [RecordKey]) = ([], [])
    let records = try await after.records()
    while let record = try records.next() {
      guard let was = before.removeValue(forKey: record.key) else {
        if footprint.owns(record.key) {
          left.append(record.key)
        } else {
          changed.append(record.key)
        }
        continue
      }
      guard was.body != record.body else { continue }
      let kind = known[Kind(record.key.service, record.key.kindName)]
      let (old, new) = (try was.value(), try record.value())
      if (kind?.comparable(old) ?? old) != (kind?.comparable(new) ?? new) {
        changed.append(record.key)
      }
    }
    return (left, (changed + before.keys).sorted())
  }
}

/// Takes away what a full drill has made in its accounts, and puts back what it has changed.
public struct DrillRemoval: Derivation {
  public enum Stage: Sendable, CaseIterable {
    /// What accounts hand on of what others share with them: nobody can revoke it when that is gone.
    case handedOn
    /// What hangs on others: it would go with them, or keep them from going.
    case hanging
    /// Databases, tags, locations and what stands beside the catalog.
    case standing
    /// What there was is as it was again.
    case former
  }

  public let startsFromRegion = true
  public let seesAll = false
  private let footprint: DrillFootprint
  private let former: [RecordKey: Record]
  private let stage: Stage

  private static let hanging: Set<Kind> = [
    .grant, .optIn, .resourcePolicy, .tagAssignment, .dataCellsFilter, .lfTagExpression,
    .tableOptimizer, DrillGround.crawler, DrillGround.namedQuery, DrillGround.preparedStatement,
  ]

  public init(_ footprint: DrillFootprint, _ ground: DrillGround, _ stage: Stage) {
    self.footprint = footprint
    former = Dictionary(ground.standing.map { ($0.key, $0) }) { first, _ in first }
    self.stage = stage
  }

  public func looksAt(_ key: RecordKey) -> Bool {
    if former[key] != nil { return [.hanging, .former].contains(stage) }
    guard footprint.owns(key) else { return false }
    return switch stage {
    case .handedOn: Self.isHandedOn(key)
    case .hanging, .standing: true
    case .former: false
    }
  }

  private static func isHandedOn(_ key: RecordKey) -> Bool {
    guard Kind(key.service, key.kindName) == .grant else { return false }
    let path = key.path
    return path.count > 2 && isAccountID(path[1]) && path[1] != key.account
  }

  /// What others hang on still stands while these are taken away.
  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    guard stage == .hanging else { return nil }
    let stays = former[record.key] != nil || !Self.hanging.contains(kind.kind)
    return stays ? record : nil
  }

  /// Settings are put back apart, when all else is done.
  public func additional(_ kind: Kind) -> [Record] {
    guard stage == .former, kind != .settings else { return [] }
    return former.values.filter { $0.key.service == kind.service && $0.key.kindName == kind.name }
  }
}
