import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// What a restore into an empty region would have to do, from counts alone: the steps of a simulation.
///
/// What waits for what is that of a restore, taken together: all tables of a database are there before
/// its partitions, all assignments of an account before its grants, the grants of an owner before
/// those of whom it shares with.
public struct Workload: Sendable {
  /// How many records of each kind one database has, or an account besides.
  public struct Counts: Sendable {
    public var account: String
    /// Nil for what belongs to no database.
    public var database: String?
    public var kinds: [Kind: Int]

    public init(account: String, database: String?, kinds: [Kind: Int]) {
      self.account = account
      self.database = database
      self.kinds = kinds
    }
  }

  public private(set) var steps: [RecoverySimulation.Step] = []
  /// Records that a restore would put back.
  public var records: Int { steps.reduce(0) { $0 + $1.records } }

  private struct Place: Hashable {
    let account: String
    let database: String?
    let kind: Kind
  }
  private var places: [Place: Int] = [:]
  private var ofPhase: [String: [Phase: [Int]]] = [:]

  /// - Parameters:
  ///   - kinds: those that are captured; only the restorable ones count.
  ///   - order: the accounts, owners before those with whom they share. Others may follow in any order.
  ///   - shares: which accounts share with which.
  public init(
    _ counts: [Counts], kinds: [any CapturedKind], order: [String],
    shares: [(owner: String, user: String)]
  ) {
    let restorable = kinds.compactMap { $0 as? any RestorableKind }
      .filter { $0.restorability == .restorable }
    let accounts = order + Set(counts.map(\.account)).subtracting(order).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: accounts.enumerated().map { ($1, $0) })
    let byAccount = Dictionary(grouping: counts, by: \.account)
    for account in accounts {
      guard let own = byAccount[account] else { continue }
      let owners = shares.filter {
        $0.user == account && ranks[$0.owner, default: 0] < ranks[account, default: 0]
      }
      add(account, own, restorable, owners: owners.map(\.owner))
    }
  }

  private static let phases: [Phase] = [
    .prepare, .locations, .tags, .databases, .tables, .assignments, .partitions, .filters,
    .services, .grants, .links, .settle,
  ]

  private mutating func add(
    _ account: String, _ counts: [Counts], _ kinds: [any RestorableKind], owners: [String]
  ) {
    let settings = counts.compactMap { $0.kinds[.settings] }.reduce(0, +)
    addStep(account, nil, .settings, .prepare, calls: settings, records: settings)
    let databases = counts.filter { $0.database != nil }.count
    for phase in Self.phases {
      for kind in kinds where kind.kind != .settings && kind.phase(of: [:]) == phase {
        for place in counts.sorted(by: { ($0.database ?? "") < ($1.database ?? "") }) {
          guard let records = place.kinds[kind.kind], records > 0, !isCompanion(kind) else {
            continue
          }
          let batch = max(1, kind.batchLimit(.create))
          addStep(
            account, place.database, kind.kind, phase,
            calls: (records + batch - 1) / batch, records: records,
            inFlight: kind.kind == .grant ? databases + 1 : .max, owners: owners)
        }
      }
    }
    addStep(account, nil, .settings, .settle, calls: settings, records: 0)
  }

  /// Whether records of the kind come with the creation of another, without a call of their own.
  private func isCompanion(_ kind: any RestorableKind) -> Bool {
    kind.createdWith(RecordKey(account: "", kind: kind.kind, path: ["a", "b", "c"])) != nil
  }

  private mutating func addStep(
    _ account: String, _ database: String?, _ kind: Kind, _ phase: Phase, calls: Int, records: Int,
    inFlight: Int = .max, owners: [String] = []
  ) {
    guard calls > 0 else { return }
    var step = RecoverySimulation.Step(
      account: account, service: kind.service, operation: Self.operation(kind),
      phase: phase.rawValue,
      calls: calls, records: records, inFlight: inFlight)
    step.after = waits(account, database, kind, phase, owners)
    steps.append(step)
    ofPhase[account, default: [:]][phase, default: []].append(steps.count - 1)
    places[Place(account: account, database: database, kind: kind)] = steps.count - 1
  }

  // MARK: What waits for what

  private func waits(
    _ account: String, _ database: String?, _ kind: Kind, _ phase: Phase, _ owners: [String]
  ) -> [Int] {
    let own = ofPhase[account] ?? [:]
    func all(_ phases: Phase...) -> [Int] { phases.flatMap { own[$0] ?? [] } }
    func here(_ kind: Kind) -> [Int] {
      places[Place(account: account, database: database, kind: kind)].map { [$0] } ?? []
    }
    let before: [Int] =
      switch phase {
      case .prepare, .revoke: []
      case .locations, .tags, .services: []
      case .databases where kind != .database: here(.database)
      case .databases: all(.locations)
      case .tables where kind != .table: here(.database) + here(.table)
      case .tables: here(.database)
      case .partitions where kind == .partitionStatistics: here(.partition)
      case .partitions, .filters: here(.table)
      case .assignments: here(.database) + here(.table) + all(.tags)
      case .grants, .links:
        all(.locations, .tags, .databases, .tables, .assignments, .filters)
          + owners.flatMap { ofPhase[$0]?[.grants] ?? [] }
      case .settle: own.values.flatMap(\.self).sorted()
      }
    return before.isEmpty ? all(.prepare) : before
  }

  // MARK: Operations

  private static let operations: [Kind: String] = [
    .settings: "PutDataLakeSettings", .location: "RegisterResource", .database: "CreateDatabase",
    .databaseTags: "TagResource", .table: "CreateTable",
    .userDefinedFunction: "CreateUserDefinedFunction", .partition: "BatchCreatePartition",
    .columnStatistics: "UpdateColumnStatisticsForTable",
    .partitionStatistics: "UpdateColumnStatisticsForPartition", .lfTag: "CreateLFTag",
    .lfTagExpression: "CreateLFTagExpression", .tagAssignment: "AddLFTagsToResource",
    .dataCellsFilter: "CreateDataCellsFilter", .grant: "BatchGrantPermissions",
    .encryptionSettings: "PutDataCatalogEncryptionSettings", .resourcePolicy: "PutResourcePolicy",
  ]

  /// The operation that creates most of a kind's records; for those beside the catalog, which are few,
  /// a name that says so.
  private static func operation(_ kind: Kind) -> String {
    operations[kind] ?? "Create(\(kind.name))"
  }
}
