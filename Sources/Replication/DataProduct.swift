import MeshModel

/// Data that goes one way to the secondary, with the tables in it.
public struct DataProduct: Sendable {
  public let route: ReplicaRoute
  /// `database.table`, in order.
  public internal(set) var tables: [String]
  /// What is looked at of it: prefixes in order, none below another.
  public internal(set) var scopes: [String]
  /// Where a long listing is cut into pieces: the locations of tables, in order.
  public internal(set) var cuts: [String]
  /// The locations of the youngest partitions, youngest first.
  public internal(set) var youngest: [String]
  /// Accounts whose catalogs have tables here: whose roles may reach a bucket of an unknown owner.
  public internal(set) var accounts: [String]

  public var location: String { "s3://\(route.bucket)/\(route.prefix)" }
  public var replica: String? { route.replica.map { "s3://\($0)/\(route.prefix)" } }
}

/// A location that can't be compared, or needs not to be.
public struct OtherPlace: Sendable, Hashable {
  public let location: String
  public let reason: String
  /// Whether there is data that may be lost.
  public let hasData: Bool
  public var tables: [String]
}

/// Folds the locations of a catalog into the prefixes that replication rules cover, as they come.
///
/// Registered locations and tables should come before partitions: most partitions lie below their
/// table, and are then forgotten at once. What is kept grows with tables and rules, not with
/// partitions.
public struct ProductFold {
  private struct Builder {
    var route: ReplicaRoute
    var tables: Set<String> = []
    var scopes: PrefixFold
    var cuts: Set<String> = []
    var youngest: [(created: Double, prefix: String)] = []
    var accounts: Set<String> = []
  }

  private struct Place: Hashable {
    let bucket: String
    let prefix: String
    let replica: String?
  }

  private static let mostYoungest = 32
  private static let mostCuts = 256
  private static let mostUncovered = 64

  private let buckets: [String: BucketFacts]
  private let overrides: [String: String]
  private let secondary: String
  private let regions: [String: String]
  private var builders: [Place: Builder] = [:]
  private var others: [String: OtherPlace] = [:]
  private var routes: [String: Place] = [:]

  /// - Parameters:
  ///   - buckets: what is known of buckets, by name.
  ///   - overrides: replicas by bucket, as the mesh file has them.
  public init(
    buckets: [String: BucketFacts], overrides: [String: String], secondary: String
  ) {
    self.buckets = buckets
    self.overrides = overrides
    self.secondary = secondary
    regions = buckets.compactMapValues(\.region)
  }

  /// A location that is registered with Lake Formation.
  public mutating func add(registered location: String, account: String) {
    add(DataPlace(location), location, table: nil, account: account)
  }

  /// A table's own location.
  public mutating func add(table: String, at location: String, account: String) {
    add(DataPlace(location), location, table: table, account: account)
  }

  /// A table whose data is in another system than S3, whatever its location says.
  public mutating func add(
    table: String, at location: String, otherwise reason: String, hasData: Bool
  ) {
    note(location, reason, hasData: hasData, table: table)
  }

  /// The location of a partition.
  /// - Parameter created: seconds since 1970; 0 where it is not known.
  public mutating func add(
    partitionOf table: String, at location: String, created: Double, account: String
  ) {
    let place = DataPlace(location)
    guard case .objects(let bucket, let prefix) = place else {
      return add(place, location, table: table, account: account, isPartition: true)
    }
    let key = self.place(bucket, prefix)
    builders[key]?.scopes.insert(prefix)
    builders[key]?.tables.insert(table)
    builders[key]?.accounts.insert(account)
    noteYoungest(created, prefix, in: key)
  }

  /// The products by location, and what can't be compared.
  public var result: (products: [DataProduct], others: [OtherPlace]) {
    let products = builders.values.map { builder in
      DataProduct(
        route: builder.route, tables: builder.tables.sorted(), scopes: builder.scopes.all,
        cuts: builder.cuts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
        youngest: builder.youngest.sorted { $0.created > $1.created }.map(\.prefix),
        accounts: builder.accounts.sorted())
    }
    return (
      products.sorted { ($0.location, $0.replica ?? "") < ($1.location, $1.replica ?? "") },
      others.values.sorted { $0.location < $1.location }
    )
  }

  private mutating func add(
    _ place: DataPlace, _ location: String, table: String?, account: String,
    isPartition: Bool = false
  ) {
    switch place {
    case .objects(let bucket, let prefix):
      let key = self.place(bucket, prefix)
      builders[key]?.scopes.insert(prefix)
      builders[key]?.accounts.insert(account)
      guard let table else { return }
      builders[key]?.tables.insert(table)
      if builders[key]?.cuts.count ?? 0 < Self.mostCuts { builders[key]?.cuts.insert(prefix) }
    case .unresolved(let reason), .elsewhere(let reason):
      // Partitions of one table outside of S3 are one entry.
      note(
        isPartition ? "\(table ?? "") (partitions)" : location, reason, hasData: true, table: table)
    case .notApplicable(let reason):
      note(location, reason, hasData: false, table: table)
    }
  }

  private mutating func note(
    _ location: String, _ reason: String, hasData: Bool, table: String?
  ) {
    let name = location.isEmpty ? table ?? "" : location
    var other =
      others[name] ?? OtherPlace(location: name, reason: reason, hasData: hasData, tables: [])
    if let table, !other.tables.contains(table) {
      other.tables.append(table)
      other.tables.sort()
    }
    others[name] = other
  }

  /// The builder for keys that begin so; made where there is none yet.
  private mutating func place(_ bucket: String, _ prefix: String) -> Place {
    let facts = buckets[bucket]
    let isSimple = (facts?.rules ?? []).allSatisfy { $0.prefix.isEmpty && $0.tags.isEmpty }
    if isSimple, let known = routes[bucket], facts?.rules?.isEmpty == false { return known }
    let route = ReplicaRoute(
      bucket: bucket, prefix: prefix, facts: facts, override: overrides[bucket],
      secondary: secondary, regions: regions)
    var whole = route
    if route.source == .inRegion {
      whole.prefix = ""
    } else if route.replica == nil {
      whole.prefix = facts?.rules?.isEmpty == false ? uncovered(bucket, prefix) : ""
    }
    let place = Place(bucket: bucket, prefix: whole.prefix, replica: route.replica)
    if builders[place] == nil {
      builders[place] = Builder(route: whole, scopes: PrefixFold(root: whole.prefix))
    } else if route.coverage != .whole {
      // The least that is covered is what is said of all.
      builders[place]?.route.coverage = route.coverage
    }
    if isSimple { routes[bucket] = place }
    return place
  }

  /// What a product is called whose bucket has rules, of which none covers it: what came first, as
  /// long as that covers what comes later and there are not too many.
  private func uncovered(_ bucket: String, _ prefix: String) -> String {
    let known = builders.keys.filter { $0.bucket == bucket && $0.replica == nil }.map(\.prefix)
    if let above = known.first(where: { prefix.utf8.starts(with: $0.utf8) }) { return above }
    return known.count < Self.mostUncovered ? prefix : ""
  }

  private mutating func noteYoungest(_ created: Double, _ prefix: String, in key: Place) {
    guard let known = builders[key]?.youngest else { return }
    if known.count < Self.mostYoungest {
      builders[key]?.youngest.append((created, prefix))
    } else if let oldest = known.indices.min(by: { known[$0].created < known[$1].created }),
      known[oldest].created < created
    {
      builders[key]?.youngest[oldest] = (created, prefix)
    }
  }
}
