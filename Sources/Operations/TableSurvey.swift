import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import Replication
import SnapshotStore
import TableFormats

/// A table whose format names its files, as the catalog has it.
struct FormatTable: Sendable {
  /// `database.table`.
  let name: String
  let account: String
  let format: TableFormat
  /// The members of Glue's Table that its state is found by.
  let entry: JSON

  /// Nil for a table of plain files, a federated one and a link.
  init?(_ key: RecordKey, _ table: JSON) {
    guard table["TargetTable"] == nil, table["FederatedTable"] == nil,
      let format = TableFormat(glueTable: table)
    else { return nil }
    name = key.path.suffix(2).joined(separator: ".")
    account = key.account
    self.format = format
    let wanted = [
      "table_type", "spark.sql.sources.provider", "metadata_location", "previous_metadata_location",
    ]
    var parameters: [String: JSON] = [:]
    for name in wanted { parameters[name] = table["Parameters"]?[name] }
    let storage = table["StorageDescriptor"]
    entry = [
      "Parameters": .object(parameters),
      "StorageDescriptor": [
        "Location": .string(storage?["Location"]?.string ?? ""),
        "InputFormat": .string(storage?["InputFormat"]?.string ?? ""),
      ],
    ]
  }

  /// Where its files are; empty where the catalog does not say.
  var location: String { entry["StorageDescriptor"]?["Location"]?.string ?? "" }

  /// The file that names its newest state, or its folder.
  var metadata: String { entry["Parameters"]?["metadata_location"]?.string ?? location }

  /// - Parameter place: finds replicas.
  /// - Throws: `CancellationError`.
  func state(_ place: @escaping ReplicaObjects.Place) async throws -> TableState? {
    let objects = ReplicaObjects(below: location, place: place)
    return try await TableClosure(objects: objects).state(ofGlueTable: entry)
  }
}

/// Finds what of many tables has arrived, for a measurement.
struct TableSurvey: Sendable {
  /// Metadata of so many tables is held at once.
  private static let atOnce = 4

  /// Finds the replica of what a table of an account names.
  typealias Place =
    @Sendable (_ account: String, _ bucket: String, _ key: String) async throws -> BucketSite?

  let place: Place
  /// The bucket of the replica, without asking anybody.
  let replica: @Sendable (_ bucket: String, _ key: String) -> String?
  /// Seconds.
  let objective: Double
  /// Seconds since 1970.
  let now: Double

  /// In the order of their names.
  /// - Throws: `CancellationError`.
  func judged(_ tables: [FormatTable]) async throws -> [RPOResult.Table] {
    let found = Guarded<[RPOResult.Table]>([])
    try await forEachConcurrently(tables, limit: Self.atOnce) { table in
      let state = try await table.state { try await place(table.account, $0, $1) }
      guard let state else { return }
      var judged = RPOResult.Table(table, state, objective: objective, now: now)
      judged.namesLostBucket = table.format == .iceberg && isElsewhere(table.metadata)
      found.withLock { [judged] in $0.append(judged) }
    }
    return found.withLock(\.self).sorted { ($0.name, $0.account) < ($1.name, $1.account) }
  }

  private func isElsewhere(_ location: String) -> Bool {
    guard let parts = S3Location(location),
      let replica = replica(parts.bucket, String(parts.rest.dropFirst()))
    else { return false }
    return replica != parts.bucket
  }
}

extension RPOResult.Table {
  /// What a state means against the objective: pure.
  /// - Parameters:
  ///   - objective: seconds.
  ///   - now: seconds since 1970.
  init(_ table: FormatTable, _ state: TableState, objective: Double, now: Double) {
    self.init(name: table.name, account: table.account, format: table.format.rawValue)
    location = table.location
    standing = state.standing.rawValue
    self.state = state.recoveryPoint?.name
    recoveryPoint = state.recoveryPoint?.time.map { UTCTime(milliseconds: $0).description }
    missingFiles = state.missing.count
    missing = state.missing.first
    reasons = state.reasons
    func age(_ milliseconds: Int64?) -> Double? {
      milliseconds.map { max(0, now - Double($0) / 1000) }
    }
    switch state.standing {
    case .current: (status, lagSeconds) = (.ok, 0)
    case .behind:
      lagSeconds = age(state.oldestMissing?.time ?? state.recoveryPoint?.time)
      status = lagSeconds.map { $0 <= objective ? .ok : .breach } ?? .unknown
    case .lost:
      // What was before the states that are known of is not known: never a pass.
      lagSeconds = age(state.oldestMissing?.time)
      status = lagSeconds.map { $0 > objective } ?? true ? .breach : .unknown
    case .unknown: status = .unknown
    }
  }
}
