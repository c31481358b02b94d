import AWSAccess
import CanonicalJSON
import MeshModel

/// Reads the newest inventory that S3 has made of a product's bucket, and asks for what it makes
/// suspect. CSV is read; of other formats the manifest alone.
public struct InventoryAsker: Sendable {
  /// Finds a client by the owner of a report's bucket; nil stands for the source's.
  public typealias Clients = @Sendable (_ account: String?) async throws -> AWSClient?

  /// Compressed bytes of one report that are read at most: some tens of millions of objects.
  private static let most = 2 << 30

  private let source: BucketSite
  private let replica: BucketSite
  private let clients: Clients

  public init(source: BucketSite, replica: BucketSite, clients: @escaping Clients) {
    self.source = source
    self.replica = replica
    self.clients = clients
  }

  /// Nil where the bucket has no inventory of what is looked at.
  /// - Throws: `CancellationError`. What else goes wrong is a problem in the evidence.
  public func evidence(of product: DataProduct) async throws -> InventoryEvidence? {
    do {
      let configured = try await source.s3.inventories(source.bucket)
        .compactMap(InventoryConfiguration.init)
      let covering = configured.filter { configuration in
        configuration.isEnabled
          && product.scopes.allSatisfy { $0.utf8.starts(with: configuration.prefix.utf8) }
      }
      guard !covering.isEmpty else { return nil }
      return try await newest(of: covering, product)
    } catch let error as CancellationError {
      throw error
    } catch {
      return InventoryEvidence(problem: "S3 Inventory can't be read: \(error)")
    }
  }

  private func newest(
    of configurations: [InventoryConfiguration], _ product: DataProduct
  ) async throws -> InventoryEvidence {
    var best: (manifest: InventoryManifest, place: BucketSite)?
    var problem: String?
    for configuration in configurations.sorted(by: { $0.id < $1.id }) {
      guard let client = try await clients(configuration.account) else {
        problem =
          "whose the bucket \(configuration.bucket) of inventory \(configuration.id) is, is not known"
        continue
      }
      let place = BucketSite(client, bucket: configuration.bucket)
      guard let manifest = try await manifest(configuration, at: place) else {
        problem = problem ?? "inventory \(configuration.id) has no report yet"
        continue
      }
      if Self.precedes(best?.manifest, manifest) { best = (manifest, place) }
    }
    guard let best else { return InventoryEvidence(problem: problem) }
    return try await read(best.manifest, at: best.place, product)
  }

  /// What can be read goes before what can't, then the younger one.
  private static func precedes(_ best: InventoryManifest?, _ other: InventoryManifest) -> Bool {
    guard let best else { return true }
    let (had, has) = (best.format == "CSV", other.format == "CSV")
    return had == has ? best.created < other.created : has
  }

  /// The manifest of the newest report. Its checksum is written last: without one it is not finished.
  private func manifest(
    _ configuration: InventoryConfiguration, at place: BucketSite
  ) async throws -> InventoryManifest? {
    let folder = configuration.reports(of: source.bucket)
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
      return try InventoryManifest(JSON(parsing: bytes))
    }
    return nil
  }

  private func read(
    _ manifest: InventoryManifest, at place: BucketSite, _ product: DataProduct
  ) async throws -> InventoryEvidence {
    let time = UTCText.text(manifest.created)
    guard manifest.format == "CSV" else {
      return InventoryEvidence(
        problem: "the newest inventory, of \(time), has \(manifest.files.count) files of "
          + "\(manifest.format), which are not read: configure one in CSV")
    }
    guard manifest.bytes <= Self.most else {
      return InventoryEvidence(
        problem: "the inventory of \(time) has \(manifest.bytes) bytes, more than are read")
    }
    guard
      var reading = InventoryReading(manifest, scopes: product.scopes, time: { S3.time($0) })
    else {
      return InventoryEvidence(
        problem: "the inventory of \(time) has no LastModifiedDate, so it tells of no age")
    }
    for file in manifest.files {
      let text = try GzipText()
      var rows = CSVRows()
      for try await piece in place.s3.read(place.bucket, file.key) {
        try text.inflate(piece) { bytes in try rows.add(bytes) { try reading.add($0) } }
      }
      try text.finish()
      try rows.finish()
    }
    let tally = reading.finished()
    return InventoryEvidence(
      tally: tally, check: try await source.check(tally.suspects, against: replica))
  }
}
