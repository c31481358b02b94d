import AWSAccess
import CanonicalJSON
import Capture
import FileFormats
import MeshModel

/// The inventories that S3 makes of the mesh's buckets, each read once for all products of its bucket.
public final class InventoryReports: Sendable {
  /// Finds a client by the owner of a report's bucket; nil stands for the source's.
  public typealias Clients = @Sendable (_ account: String?) async throws -> AWSClient?

  /// Compressed bytes of one report that are read at most: some tens of millions of objects.
  private static let most = 2 << 30

  /// What the products of each bucket look at.
  private let scopes: [String: [[String]]]
  private let listed = OncePerKey<String, [InventoryEntry]>()
  private let read = OncePerKey<InventoryEntry.ID, [[String]: InventoryTally]>()

  /// - Parameter products: all those of the run.
  public init(_ products: [DataProduct]) {
    var scopes: [String: Set<[String]>] = [:]
    for product in products { scopes[product.route.bucket, default: []].insert(product.scopes) }
    self.scopes = scopes.mapValues { $0.sorted { $0.lexicographicallyPrecedes($1) } }
  }

  /// The enabled inventories of a bucket, with their newest reports, by id.
  /// - Throws: `AWSFailure`, `CancellationError`.
  func entries(
    _ source: BucketSite, _ clients: @escaping Clients
  ) async throws -> [InventoryEntry] {
    try await listed.value(source.bucket) {
      var entries: [InventoryEntry] = []
      let configured = try await source.s3.inventories(source.bucket)
        .compactMap(InventoryConfiguration.init).filter(\.isEnabled)
      for configuration in configured.sorted(by: { $0.id < $1.id }) {
        var entry = InventoryEntry(source: source.bucket, configuration: configuration)
        do {
          try await entry.find(clients)
        } catch let failure as AWSFailure {
          entry.problem = "inventory \(configuration.id) can't be read: \(failure)"
        } catch let error as JSONError {
          entry.problem = "the manifest of inventory \(configuration.id) is \(error)"
        }
        entries.append(entry)
      }
      return entries
    }
  }

  /// What a report says of a product.
  /// - Throws: `InventoryDamage`, `FormatError`, `AWSFailure` and the like for what can't be read,
  ///   `CancellationError`.
  func tally(_ entry: InventoryEntry, of product: DataProduct) async throws -> InventoryTally? {
    let products = (scopes[entry.source] ?? []).filter(entry.configuration.covers)
    let tallies = try await read.value(entry.id) {
      guard let manifest = entry.manifest, let place = entry.place else { return [:] }
      let found = try await Self.read(manifest, at: place, products)
      return Dictionary(uniqueKeysWithValues: zip(products, found))
    }
    return tallies[product.scopes]
  }

  private static func read(
    _ manifest: InventoryManifest, at place: BucketSite, _ products: [[String]]
  ) async throws -> [InventoryTally] {
    guard manifest.bytes <= most else {
      throw InventoryDamage(description: "it has \(manifest.bytes) bytes, more than are read")
    }
    return try await manifest.format == "CSV"
      ? csv(manifest, at: place, products) : parquet(manifest, at: place, products)
  }

  private static func csv(
    _ manifest: InventoryManifest, at place: BucketSite, _ products: [[String]]
  ) async throws -> [InventoryTally] {
    let columns = try InventoryCSV(manifest.columns)
    var reading = InventoryReading(
      created: manifest.created, products: products, hasStatuses: columns.hasStatuses)
    for file in manifest.files {
      let text = try GzipText()
      var rows = CSVRows()
      var size = 0
      for try await piece in place.s3.read(place.bucket, file.key) {
        size += piece.count
        try text.inflate(piece) { bytes in
          try rows.add(bytes) { try columns.add($0, to: &reading) { S3.time($0) } }
        }
      }
      try text.finish()
      try rows.finish()
      guard size == file.size else {
        throw InventoryDamage(
          description: "\(file.key) has \(size) bytes, and the manifest says \(file.size)")
      }
    }
    return reading.finished()
  }

  private static func parquet(
    _ manifest: InventoryManifest, at place: BucketSite, _ products: [[String]]
  ) async throws -> [InventoryTally] {
    var reading: InventoryReading?
    var hasStatuses = false
    for listed in manifest.files {
      let file = try await InventoryParquet(listed, at: place)
      guard reading == nil || file.hasStatuses == hasStatuses else {
        throw InventoryDamage(description: "its files have different columns")
      }
      hasStatuses = file.hasStatuses
      var next =
        reading
        ?? InventoryReading(
          created: manifest.created, products: products, hasStatuses: hasStatuses)
      // Held once, so that it is not copied with every object.
      reading = nil
      try await file.read(into: &next)
      reading = next
    }
    let none = InventoryReading(
      created: manifest.created, products: products, hasStatuses: false)
    return (reading ?? none).finished()
  }
}

/// One inventory of a bucket, and its newest report.
struct InventoryEntry: Sendable {
  struct ID: Hashable {
    let bucket: String
    let inventory: String
  }

  /// The bucket that it is of.
  let source: String
  let configuration: InventoryConfiguration
  /// Nil where there is no report that could be read.
  private(set) var manifest: InventoryManifest?
  /// Where the report lies.
  private(set) var place: BucketSite?
  /// Why there is none.
  var problem: String?

  init(source: String, configuration: InventoryConfiguration) {
    self.source = source
    self.configuration = configuration
  }

  var id: ID { ID(bucket: source, inventory: configuration.id) }

  /// What can be read goes before what can't, then the younger one.
  func goes(before other: InventoryEntry?) -> Bool {
    guard let manifest else { return false }
    guard let best = other?.manifest else { return true }
    return best.isRead == manifest.isRead ? best.created < manifest.created : manifest.isRead
  }

  /// The manifest of the newest report. Its checksum is written last: without one it is not finished.
  mutating func find(_ clients: InventoryReports.Clients) async throws {
    guard let client = try await clients(configuration.account) else {
      problem =
        "whose the bucket \(configuration.bucket) of inventory \(configuration.id) is, is not known"
      return
    }
    let place = BucketSite(client, bucket: configuration.bucket)
    self.place = place
    let folder = configuration.reports(of: source)
    var dates: [String] = []
    let listing = place.s3.objects(place.bucket, prefix: folder, delimiter: "/")
      .makeAsyncIterator()
    defer { listing.stop() }
    while let page = try await listing.next() {
      // `2026-11-24T01-00Z/`, beside `data/` and `hive/`.
      dates += page.prefixes.filter { $0.dropFirst(folder.count).first?.isNumber == true }
    }
    for date in dates.sorted(by: >) {
      guard try await place.s3.head(place.bucket, date + "manifest.checksum") != nil else {
        continue
      }
      let bytes = try await place.s3.get(place.bucket, date + "manifest.json")
      manifest = try InventoryManifest(JSON(parsing: bytes))
      return
    }
    problem = "inventory \(configuration.id) has no report yet"
  }
}

/// Makes a value for each key once, however many ask for it at the same time.
private final class OncePerKey<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let tasks = Guarded<[Key: Task<Value, any Error>]>([:])

  /// - Throws: what making it has thrown, to all who ask.
  func value(
    _ key: Key, _ make: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = tasks.withLock { tasks in
      if let known = tasks[key] { return known }
      let task = Task { try await make() }
      tasks[key] = task
      return task
    }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}
