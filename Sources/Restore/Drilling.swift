import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import SnapshotStore

/// A rehearsal beside what lives in a region: databases, LF-Tags and expressions of the snapshot
/// under a prefix, and every grant given to somebody who stands in for its principal.
///
/// What there is once in a region, what would act by itself, and what reaches other accounts is left
/// out. No principal of the mesh appears in what is made.
public struct Drilling: Derivation {
  public let prefix: String
  /// Who stands in for a principal.
  private let standIns: [String: String]
  /// The role that stands in, in the account of a grant, for everybody else; nil for the restorer.
  private let role: String?
  /// Accounts of the mesh, by their ids in the secondary.
  private let mesh: Set<String>
  /// What the region has once, and stays as it is.
  private var standing: [Record] = []

  /// Names the databases of a drill, so that no other is ever taken for one.
  static let mark = "meshdr:drill"

  public init(
    prefix: String, standIns: [String: String], role: String?, mesh: Set<String>
  ) {
    self.prefix = prefix
    self.standIns = standIns
    self.role = role
    self.mesh = mesh
  }

  /// The kinds whose records are made.
  private static let kinds: Set<Kind> = [
    .database, .databaseTags, .userDefinedFunction, .table, .partitionIndex, .partition,
    .columnStatistics, .partitionStatistics, .lfTag, .lfTagExpression, .tagAssignment,
    .dataCellsFilter, .grant,
  ]

  public let seesAll = false

  public func prepared(for region: SnapshotReader) async throws -> any Derivation {
    var copy = self
    for kind in Self.onceInARegion {
      let records = try await region.records(kind: kind)
      while let record = try records.next() { copy.standing.append(record) }
    }
    return copy
  }

  /// What the restorer's own access and the default permissions hang on.
  private static let onceInARegion: [Kind] = [.settings, .location]

  public func additional(_ kind: Kind) -> [Record] {
    standing.filter { $0.key.service == kind.service && $0.key.kindName == kind.name }
  }

  public func looksAt(_ key: RecordKey) -> Bool {
    Self.onceInARegion.contains(Kind(key.service, key.kindName)) || owns(key)
  }

  /// Whether a record is one that this drill makes.
  public func owns(_ key: RecordKey) -> Bool { Self.isUnder(prefix, key) }

  /// Whether a record stands under a prefix: a grant, where what it is on does.
  static func isUnder(_ prefix: String, _ key: RecordKey) -> Bool {
    let kind = Kind(key.service, key.kindName)
    guard kinds.contains(kind) else { return false }
    guard kind == .grant else { return key.path.first?.hasPrefix(prefix) ?? false }
    return key.path.dropLast().contains { part in
      part.split(separator: "&").contains { $0.hasPrefix(prefix) }
    }
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    guard Self.kinds.contains(kind.kind), let body = try body(record, kind, mapper) else {
      return nil
    }
    var mapped = try kind.mapped(Record(key: record.key, value: body), by: mapper)
    checkLength(mapped.key, mapper)
    if kind.kind == .database {
      var body = try mapped.value()
      // Nobody but those who stand in may see what is made.
      body["CreateTableDefaultPermissions"] = []
      var parameters = body["Parameters"] ?? [:]
      parameters[Self.mark] = .string(prefix)
      body["Parameters"] = parameters
      mapped = Record(key: mapped.key, value: body)
    }
    return mapped
  }

  /// The body before it is mapped; nil for what is left out.
  private func body(
    _ record: Record, _ kind: any ResourceKind, _ mapper: Mapper
  ) throws -> JSON? {
    var body = try record.value()
    switch kind.kind {
    case .grant:
      guard isRehearsed(body, in: record.key.account) else { return nil }
      let principal = body["Principal"]?["DataLakePrincipalIdentifier"]?.string ?? ""
      guard let standIn = standIn(for: principal, mapper) else { return nil }
      body["Principal"] = ["DataLakePrincipalIdentifier": .string(standIn)]
      return body
    case .table where body["ViewDefinition"] != nil:
      mapper.remark(
        "views for several engines are left out: their definers would need grants on what lives "
          + "in the region")
      return nil
    default:
      return body
    }
  }

  /// Whether a grant is one that a drill makes: not one to everybody, not on what there is once in a
  /// region, and not one that hands on what another account shares.
  public func isRehearsed(_ grant: JSON, in account: String) -> Bool {
    let principal = grant["Principal"]?["DataLakePrincipalIdentifier"]?.string
    guard principal != "IAM_ALLOWED_PRINCIPALS",
      let resource = GrantResource(grant["Resource"] ?? nil, account: account)
    else { return false }
    return resource.catalog == account && ![.catalog, .location].contains(resource.form)
  }

  /// Who stands in for a principal in the account of the record that the mapper has begun.
  private func standIn(for principal: String, _ mapper: Mapper) -> String? {
    if let named = standIns[principal] { return named }
    guard let role else { return mapper.restorer }
    return "arn:aws:iam::\(mapper.currentAccount):role/\(role)"
  }

  private func checkLength(_ key: RecordKey, _ mapper: Mapper) {
    let longest = key.kindName == Kind.lfTag.name ? 128 : 255
    guard [Kind.database.name, Kind.lfTag.name, Kind.lfTagExpression.name].contains(key.kindName),
      let name = key.path.first, name.count > longest
    else { return }
    mapper.note(name, "\(name) has more than \(longest) characters with its prefix")
  }
}

/// Takes away everything that stands under the prefixes of drills, and nothing else.
public struct Clearing: Derivation {
  public enum Stage: Sendable, CaseIterable {
    /// What hangs on databases, tables and tags: it would go with them, or keep them from going.
    case hanging
    /// Databases with their tables, tags.
    case standing

    fileprivate var kinds: Set<Kind> {
      switch self {
      case .hanging: [.grant, .tagAssignment, .dataCellsFilter, .lfTagExpression]
      case .standing: [.database, .table, .lfTag, .userDefinedFunction, .grant, .tagAssignment]
      }
    }
  }

  public let startsFromRegion = true
  public let seesAll = false
  private let prefixes: [String]
  private let stage: Stage
  private var standing: [Record] = []

  public init(_ prefixes: [String], _ stage: Stage) {
    self.prefixes = prefixes
    self.stage = stage
  }

  public func looksAt(_ key: RecordKey) -> Bool {
    stage.kinds.contains(Kind(key.service, key.kindName))
      && prefixes.contains { Drilling.isUnder($0, key) }
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? { nil }

  /// What stands under the prefixes of drills in a region, and so is left of them.
  /// - Parameter region: a capture of it.
  /// - Returns: the prefixes, and the keys of what stands under them.
  /// - Throws: `ArchiveError`, `JSONError` where the capture can't be read.
  public static func leftovers(
    in region: SnapshotReader, of known: [String]
  ) async throws -> (prefixes: [String], keys: [RecordKey]) {
    var prefixes = Set(known)
    let databases = try await region.records(kind: .database)
    while let record = try databases.next() {
      let mark = try record.value()["Parameters"]?[Drilling.mark]?.string
      if let mark, isPrefix(mark), record.key.path.first?.hasPrefix(mark) == true {
        prefixes.insert(mark)
      }
    }
    for kind in [Kind.lfTag, .lfTagExpression] {
      let records = try await region.records(kind: kind)
      while let record = try records.next() {
        let prefix = String((record.key.path.first ?? "").prefix(prefixLength))
        if isPrefix(prefix) { prefixes.insert(prefix) }
      }
    }
    var keys: [RecordKey] = []
    let records = try await region.records()
    while let record = try records.next() {
      if prefixes.contains(where: { Drilling.isUnder($0, record.key) }) { keys.append(record.key) }
    }
    return (prefixes.sorted(), keys)
  }

  // MARK: Prefixes

  private static let prefixHead = "drill_"
  private static let prefixLength = 15

  /// A drill's prefix: letters, digits and underscores, which Athena takes without quotes.
  /// - Parameter chance: tells it from other drills.
  public static func prefix(_ chance: UInt32) -> String {
    let digits = String(chance, radix: 16)
    return prefixHead + String(repeating: "0", count: 8 - digits.count) + digits + "_"
  }

  /// Whether a text is the whole of a drill's prefix.
  static func isPrefix(_ text: String) -> Bool {
    text.utf8.count == prefixLength && text.hasPrefix(prefixHead) && text.hasSuffix("_")
      && text.dropFirst(prefixHead.count).dropLast().allSatisfy { "0123456789abcdef".contains($0) }
  }
}
