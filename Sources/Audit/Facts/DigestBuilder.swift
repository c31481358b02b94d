import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import Replication

/// Makes a digest out of a snapshot's records. Pure.
///
/// Records of a kind may come in any order, but kinds come in that of `kinds`: filters tell of which
/// tables the columns are needed.
public struct DigestBuilder {
  /// The kinds whose records are needed, in the order in which they are.
  public static let kinds: [Kind] = [
    .bucket, .encryptionSettings, .settings, .location, .lfTag, .dataCellsFilter, .database, .table,
    .userDefinedFunction, .lfTagExpression, .optIn, .grant, .resourceShare, .invitation, .catalog,
  ]

  private let kinds: [String: any ResourceKind]
  private let mapper: Mapper
  private var digest = SnapshotDigest()
  private var held: Set<RecordKey> = []
  private var tags: [String: [String: Set<String>]] = [:]
  /// Columns that filters name, by filter.
  private var filtered: [RecordKey: Set<String>] = [:]
  private var filteredTables: Set<RecordKey> = []
  private var columns: [RecordKey: Set<String>] = [:]
  /// The accounts that own buckets, by the buckets' names.
  private var owners: [String: String] = [:]
  private var buckets: [String: BucketFacts] = [:]
  private var tablesOfDatabases: [RecordKey: Int] = [:]

  /// - Parameter kinds: those of `Self.kinds`, at least.
  public init(_ kinds: [any ResourceKind], mapping: Mapping) {
    self.kinds = Dictionary(kinds.map { ($0.kind.name, $0) }) { first, _ in first }
    mapper = Mapper(mapping)
  }

  /// Takes over one record.
  /// - Throws: `JSONError` where it can't be read.
  public mutating func add(_ original: Record) throws {
    guard let kind = kinds[original.key.kindName] else { return }
    let record = try kind.mapped(original, by: mapper)
    let body = try record.value()
    let key = record.key
    held.insert(key)
    switch kind.kind {
    case .bucket:
      owners[key.path.first ?? ""] = key.account
      if let facts = try BucketFacts(original, primary: mapper.mapping.from) {
        buckets[facts.name] = facts
      }
    case .encryptionSettings: addKeys(body, of: key)
    case .settings: addSettings(body, of: key.account)
    case .location:
      addLocation(body, of: key)
      checkReplication(of: original.key.path.first ?? "")
    case .lfTag:
      count(.lfTags, in: key.account)
      tags[key.account, default: [:]][key.path.first ?? ""] = Set(body["TagValues"]?.strings ?? [])
    case .dataCellsFilter:
      filtered[key] = Self.columns(ofFilter: body)
      filteredTables.insert(.table(of: key))
    case .database: count(.databases, in: key.account)
    case .table: addTable(body, of: key)
    case .userDefinedFunction: count(.functions, in: key.account)
    case .lfTagExpression: checkTags(body["Expression"], of: key)
    case .optIn: name(body["Principal"])
    case .grant: addGrant(body, of: key)
    case .resourceShare: addShare(body, of: key)
    case .invitation: addInvitation(body, of: key)
    case .catalog: addCatalog(body, of: key)
    default: break
    }
  }

  /// The kinds that tell what decides whether a restore can begin: who is named, and which keys.
  public static let decisiveKinds: [Kind] = [.encryptionSettings, .settings, .optIn, .grant]

  /// Takes over how many records there are of a kind that is not read.
  /// - Parameter database: the database that they are in.
  public mutating func count(
    _ kind: Kind, in account: String, _ database: String?, by number: Int
  ) {
    let account = mapper.account(account)
    if kind == .table, let database {
      let key = RecordKey(account: account, kind: .database, path: [database])
      tablesOfDatabases[key, default: 0] += number
    }
    if let quota = SnapshotDigest.Quota(kind) { count(quota, in: account, by: number) }
  }

  private mutating func count(
    _ quota: SnapshotDigest.Quota, in account: String, by number: Int = 1
  ) {
    digest.counts[account, default: [:]][quota, default: 0] += number
  }

  /// The digest, when every record was added.
  public func finished() -> SnapshotDigest {
    var digest = digest
    digest.unmapped = mapper.problems
    for use in mapper.uses.keys where use.from.hasPrefix("s3://") {
      let (from, to) = (String(use.from.dropFirst(5)), String(use.to.dropFirst(5)))
      digest.replicas[from] = .init(bucket: to, account: owners[to] ?? owners[from] ?? "")
    }
    for (database, count) in tablesOfDatabases {
      let most = digest.counts[database.account]?[.tablesPerDatabase] ?? 0
      digest.counts[database.account, default: [:]][.tablesPerDatabase] = max(most, count)
    }
    for (filter, named) in filtered.sorted(by: { $0.key < $1.key }) {
      guard let there = columns[.table(of: filter)] else { continue }
      let missing = named.subtracting(there).sorted()
      if !missing.isEmpty { digest.faults.append(.filterWithoutColumns(filter, columns: missing)) }
    }
    return digest
  }
}

// MARK: - One record

extension DigestBuilder {
  private mutating func name(_ principal: JSON?) {
    guard let name = principal?["DataLakePrincipalIdentifier"]?.string else { return }
    digest.principals[name, default: 0] += 1
  }

  private mutating func addKeys(_ body: JSON, of key: RecordKey) {
    let named = [
      body["EncryptionAtRest"]?["SseAwsKmsKeyId"],
      body["ConnectionPasswordEncryption"]?["AwsKmsKeyId"],
    ]
    for name in named.compactMap({ $0?.string }) where !name.isEmpty {
      let arn =
        name.hasPrefix("arn:")
        ? name : "arn:aws:kms:\(mapper.mapping.to):\(key.account):\(Self.resource(ofKey: name))"
      digest.keys[arn, default: []].insert("the catalog of \(key.account)")
      digest.keyAccounts[arn, default: []].insert(key.account)
    }
  }

  private static func resource(ofKey name: String) -> String {
    name.hasPrefix("alias/") || name.hasPrefix("key/") ? name : "key/\(name)"
  }

  private mutating func addSettings(_ body: JSON, of account: String) {
    digest.settings[account] = body
    for list in ["DataLakeAdmins", "ReadOnlyAdmins"] {
      for principal in body[list]?.array ?? [] { name(principal) }
    }
  }

  private mutating func addLocation(_ body: JSON, of key: RecordKey) {
    count(.locations, in: key.account)
    let role = body["RoleArn"]?.string ?? ""
    digest.locations.append(
      .init(
        account: key.account, arn: key.path.first ?? "", role: role,
        usesServiceLinkedRole: LocationKind.isServiceLinked(role)))
  }

  /// What is asked of the replicas themselves is judged there, and metrics by whoever measures.
  private static let judgedElsewhere: Set = [
    "replica-in-wrong-region", "replica-unknown", "no-metrics",
  ]

  /// A bucket without any replica is noted by the mapping, and one that the mesh file maps is copied
  /// otherwise.
  private mutating func checkReplication(of location: String) {
    guard let resource = ARN(location)?.resource else { return }
    let parts = resource.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let bucket = String(parts[0])
    guard mapper.mapping.buckets[bucket]?.source == .replicationRule else { return }
    let place = parts.count > 1 ? String(parts[1]) : ""
    // What lies in a location has its name and a slash before it.
    let route = ReplicaRoute(
      bucket: bucket, prefix: place.isEmpty || place.hasSuffix("/") ? place : place + "/",
      facts: buckets[bucket], override: nil, secondary: mapper.mapping.to,
      regions: buckets.compactMapValues(\.region))
    let found = ReplicationJudge(secondary: mapper.mapping.to).findings(
      route, source: buckets[bucket], replica: route.replica.flatMap { buckets[$0] })
    digest.replication.formUnion(
      found.filter { $0.severity != .note && !Self.judgedElsewhere.contains($0.code) })
  }

  private static func columns(ofFilter body: JSON) -> Set<String> {
    let excluded = body["ColumnWildcard"]?["ExcludedColumnNames"]?.strings ?? []
    return Set(((body["ColumnNames"]?.strings ?? []) + excluded).map { $0.lowercased() })
  }

  private mutating func addTable(_ body: JSON, of key: RecordKey) {
    count(.tables, in: key.account)
    let database = RecordKey(
      account: key.account, kind: .database, path: Array(key.path.prefix(1)))
    tablesOfDatabases[database, default: 0] += 1
    guard filteredTables.contains(key) else { return }
    let all =
      (body["StorageDescriptor"]?["Columns"]?.array ?? []) + (body["PartitionKeys"]?.array ?? [])
    columns[key] = Set(all.compactMap { $0["Name"]?.string?.lowercased() })
  }

  private mutating func addGrant(_ body: JSON, of key: RecordKey) {
    name(body["Principal"])
    let principal = body["Principal"]?["DataLakePrincipalIdentifier"]?.string ?? ""
    if principal == "IAM_ALLOWED_PRINCIPALS" { digest.openGrants[key.account, default: 0] += 1 }
    if principal.hasPrefix("arn:aws:identitystore:") {
      digest.identityCenterGrants[key.account, default: 0] += 1
    }
    guard let resource = GrantResource(body["Resource"] ?? nil, account: key.account) else {
      return
    }
    if resource.catalog == key.account, Self.isElsewhere(principal, than: key.account) {
      digest.sharingAccounts.insert(key.account)
    }
    if let target = resource.target(in: key.account), !held.contains(target),
      !Self.isVirtual(target)
    {
      digest.faults.append(.grantOnMissing(key, target: target))
    }
    guard resource.catalog == key.account else { return }
    checkTags(body["Resource"]?["LFTagPolicy"]?["Expression"], of: key)
  }

  /// Catalogs below the account's own are not among the databases.
  private static func isVirtual(_ target: RecordKey) -> Bool { target.path.contains("") }

  private static func isElsewhere(_ principal: String, than account: String) -> Bool {
    if principal.hasPrefix("arn:aws:organizations:") { return true }
    let id = ARN(principal)?.account ?? String(principal.prefix(12))
    return isAccountID(id) && id != account
  }

  private mutating func checkTags(_ expression: JSON?, of key: RecordKey) {
    let known = tags[key.account] ?? [:]
    let missing = (expression?.array ?? []).flatMap { term -> [String] in
      let tag = term["TagKey"]?.string ?? ""
      guard let values = known[tag] else { return [tag] }
      return (term["TagValues"]?.strings ?? []).filter { $0 != "*" && !values.contains($0) }
        .map { "\(tag)=\($0)" }
    }
    if !missing.isEmpty { digest.faults.append(.missingTag(key, tags: missing)) }
  }

  private mutating func addShare(_ body: JSON, of key: RecordKey) {
    for association in body["resourceShareAssociations"]?.array ?? [] {
      guard let status = association["status"]?.string, status == "FAILED",
        let entity = association["associatedEntity"]?.string
      else { continue }
      digest.faults.append(
        .shareNotAccepted(
          key, share: body["name"]?.string ?? key.name, principal: entity, status: status))
    }
  }

  private mutating func addInvitation(_ body: JSON, of key: RecordKey) {
    guard let status = body["status"]?.string, ["EXPIRED", "PENDING"].contains(status) else {
      return
    }
    digest.faults.append(
      .shareNotAccepted(
        key, share: body["resourceShareName"]?.string ?? key.name,
        principal: body["receiverAccountId"]?.string ?? key.account, status: status))
  }

  private mutating func addCatalog(_ body: JSON, of key: RecordKey) {
    let name = body["FederatedCatalog"]?["ConnectionName"]?.string ?? ""
    if name == "aws:s3tables" || key.path.contains("s3tablescatalog") {
      digest.tableBuckets[key.account, default: []].insert(key.path.joined(separator: "/"))
    }
  }
}
