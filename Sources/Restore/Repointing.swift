import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import SnapshotStore

/// The catalog of a region as it is, with its locations and link targets moved: nothing else of a
/// record is touched.
///
/// What moves are databases, tables, partitions, resource links, registered locations and the
/// grants on these. A link moves only where what it leads to is in the region that it is moved to.
public struct Repointing: Derivation {
  public let startsFromRegion = true
  public var leadsToReplicas: Bool { !onlyLinks }
  /// The accounts of the mesh.
  private let mesh: Set<String>
  /// Those of them that are looked into.
  private let accounts: Set<String>
  /// Grants that a run which was killed left to the restorer.
  private let leftAccess: Set<RecordKey>
  /// Whether only links are moved, and no location.
  private let onlyLinks: Bool
  /// What links can be moved to; nil where it is found out when the run begins.
  private var targets: LinkTargets?

  /// - Parameters:
  ///   - targets: what links can be moved to; nil for what the region itself holds.
  public init(
    mesh: Set<String>, accounts: Set<String>, leftAccess: Set<RecordKey>, onlyLinks: Bool = false,
    targets: LinkTargets? = nil
  ) {
    self.mesh = mesh
    self.accounts = accounts
    self.leftAccess = leftAccess
    self.onlyLinks = onlyLinks
    self.targets = targets
  }

  public func prepared(for region: SnapshotReader) async throws -> any Derivation {
    guard targets == nil else { return self }
    var copy = self
    copy.targets = try await LinkTargets(region, accounts: accounts)
    return copy
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    guard !leftAccess.contains(record.key) else { return nil }
    switch kind.kind {
    case .database, .table:
      let body = try record.value()
      guard let target = body["TargetDatabase"] ?? body["TargetTable"] else {
        return onlyLinks ? record : try kind.mapped(record, by: mapper)
      }
      return try isMovable(target, record.key, mapper) ? kind.mapped(record, by: mapper) : record
    case .partition, .location:
      return onlyLinks ? record : try kind.mapped(record, by: mapper)
    case .grant:
      let isOnLocation = try record.value()["Resource"]?["DataLocation"] != nil
      return isOnLocation && !onlyLinks ? try kind.mapped(record, by: mapper) : record
    default:
      return record
    }
  }

  private func isMovable(_ target: JSON, _ link: RecordKey, _ mapper: Mapper) -> Bool {
    let region = target["Region"]?.string ?? mapper.mapping.home ?? mapper.mapping.to
    guard region == mapper.mapping.from, mapper.mapping.from != mapper.mapping.to else {
      return false
    }
    let owner = target["CatalogId"]?.string ?? link.account
    let database = target["DatabaseName"]?.string ?? ""
    let place = "\(database) of \(owner)"
    guard mesh.contains(owner) else {
      mapper.remark(
        "\(link.account) \(link.name) is a link to \(place), an account that is not of this mesh: "
          + "it still leads to \(region)")
      return false
    }
    guard targets?.mayHold(database, in: owner) ?? true else {
      mapper.remark(
        "\(link.account) \(link.name) is a link to \(place), which is not in "
          + "\(mapper.mapping.to): it still leads to \(region)")
      return false
    }
    return true
  }
}

/// The databases of a region that links can lead to.
public struct LinkTargets: Sendable {
  private var databases: Set<RecordKey> = []
  private var accounts: Set<String> = []

  /// - Parameter accounts: those that were looked into.
  /// - Throws: `ArchiveError` where the capture can't be read.
  init(_ region: SnapshotReader, accounts: Set<String>) async throws {
    self.accounts = accounts
    let records = try await region.records(kind: .database)
    while let record = try records.next() { databases.insert(record.key) }
  }

  /// Whether a database is there. Of an account that was not looked into that is not known: then it
  /// counts as there.
  func mayHold(_ database: String, in account: String) -> Bool {
    !accounts.contains(account)
      || databases.contains(RecordKey(account: account, kind: .database, path: [database]))
  }
}
