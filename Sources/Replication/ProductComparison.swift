import AWSAccess
import Capture
import MeshModel

/// A bucket as one side of a comparison is asked.
public struct BucketSite: Sendable {
  public let s3: S3
  public let bucket: String

  public init(_ client: AWSClient, bucket: String) {
    s3 = S3(client)
    self.bucket = bucket
  }
}

/// Why a listing could not be read, and of which side.
public struct ListingFailure: Error, Sendable {
  public let isSource: Bool
  public let failure: AWSFailure
}

/// Lists a product's source and replica side by side.
public struct ProductComparison: Sendable {
  /// How much is compared.
  public struct Depth: Sendable, Hashable {
    /// Pages of the source for each prefix, of at most a thousand objects each; nil for all.
    public var pages: Int?

    /// Every object.
    public static let whole = Depth(pages: nil)
    /// The first ten thousand of each prefix, and the youngest partitions.
    public static let sample = Depth(pages: 10)

    public init(pages: Int?) { self.pages = pages }
  }

  private let source: BucketSite
  private let replica: BucketSite
  private let depth: Depth
  private let concurrency: Int
  private let namesExtra: Bool

  /// - Parameters:
  ///   - concurrency: parts that are listed at once.
  ///   - namesExtra: whether objects that only the replica has are kept by name.
  public init(
    source: BucketSite, replica: BucketSite, depth: Depth, concurrency: Int,
    namesExtra: Bool = false
  ) {
    self.source = source
    self.replica = replica
    self.depth = depth
    self.concurrency = concurrency
    self.namesExtra = namesExtra
  }

  /// A stretch of keys below a prefix: behind one key, up to and with another.
  private struct Part: Sendable {
    let prefix: String
    var after: String?
    var through: String?
  }

  /// ListObjectsV2 of both sides; nothing is kept of what agrees.
  /// - Throws: `ListingFailure`; `CancellationError`.
  public func tally(of product: DataProduct) async throws -> ListingTally {
    let parts =
      depth.pages == nil ? Self.parts(of: product) : product.scopes.map { Part(prefix: $0) }
    let total = Guarded(ListingTally())
    try await forEachConcurrently(parts, limit: concurrency) { part in
      let tally = try await self.tally(of: part, youngest: product.youngest)
      total.withLock { $0.add(tally) }
    }
    return total.withLock(\.self)
  }

  /// Long prefixes are cut where tables begin, so that their parts are listed at the same time.
  private static func parts(of product: DataProduct) -> [Part] {
    product.scopes.flatMap { scope -> [Part] in
      let cuts = product.cuts.filter { $0 != scope && $0.utf8.starts(with: scope.utf8) }
      let bounds = [nil] + cuts.map(Optional.some) + [nil]
      return zip(bounds, bounds.dropFirst()).map { after, through in
        Part(prefix: scope, after: after, through: through)
      }
    }
  }

  private func tally(of part: Part, youngest: [String]) async throws -> ListingTally {
    let (first, end) = try await compare(part, pages: depth.pages)
    guard let lastKey = end else { return first }
    var total = first
    // The rest is too long for a sample: the youngest partitions of it, by the catalog's word.
    for prefix in youngest where prefix.utf8.starts(with: part.prefix.utf8) {
      guard lastKey.utf8.lexicographicallyPrecedes(prefix.utf8) else { continue }
      total.add(try await compare(Part(prefix: prefix), pages: 1).tally)
    }
    total.isWhole = false
    return total
  }

  /// - Returns: beside the tally, the last key that was compared, where the listing goes on.
  private func compare(
    _ part: Part, pages: Int?
  ) async throws -> (tally: ListingTally, lastKey: String?) {
    let listings = (
      source.s3.objects(source.bucket, prefix: part.prefix, after: part.after)
        .makeAsyncIterator(),
      replica.s3.objects(replica.bucket, prefix: part.prefix, after: part.after)
        .makeAsyncIterator()
    )
    defer {
      listings.0.stop()
      listings.1.stop()
    }
    var merge = ListingMerge(through: part.through, namesExtra: namesExtra)
    var (read, hasMore) = (0, true)
    var latest: S3ObjectPage?
    while true {
      switch try merge.run() {
      case .nothing: return (merge.tally, nil)
      case .page(.source) where hasMore && read == pages:
        return (merge.tally, latest.flatMap { page in page.entries.last.map(page.key) } ?? "")
      case .page(.source):
        let page = try await Self.next(listings.0, isSource: true)
        read += 1
        hasMore = page?.next != nil
        if pages != nil, let page, !page.entries.isEmpty { latest = page }
        try merge.add(page, to: .source)
      case .page(.replica):
        try merge.add(try await Self.next(listings.1, isSource: false), to: .replica)
      }
    }
  }

  private static func next(
    _ listing: S3Objects.Iterator, isSource: Bool
  ) async throws -> S3ObjectPage? {
    do {
      return try await listing.next()
    } catch let failure as AWSFailure {
      throw ListingFailure(isSource: isSource, failure: failure)
    }
  }
}

extension BucketSite {
  /// Looks at one side alone: how many objects are found, and which are the youngest. For when the
  /// other side can't be listed.
  /// - Parameter pages: how many pages of each prefix are read.
  /// - Throws: `AWSFailure`, `CancellationError`.
  public func look(at product: DataProduct, pages: Int) async throws -> ListingTally {
    var total = ListingTally()
    for prefix in Set(product.scopes + product.youngest).sorted() {
      let listing = s3.objects(bucket, prefix: prefix).makeAsyncIterator()
      defer { listing.stop() }
      var merge = ListingMerge()
      try merge.add(nil, to: .source)
      for _ in 0..<pages {
        guard case .page(.replica) = try merge.run(), let page = try await listing.next() else {
          break
        }
        try merge.add(page, to: .replica)
      }
      total.add(merge.tally)
    }
    return total
  }

  /// The youngest objects of one side, for asking after their status.
  /// - Throws: as `look` does.
  public func youngest(of product: DataProduct, pages: Int) async throws -> ListingTally {
    var total = ListingTally()
    for prefix in Set(product.scopes + product.youngest).sorted() {
      let listing = s3.objects(bucket, prefix: prefix).makeAsyncIterator()
      defer { listing.stop() }
      for _ in 0..<pages {
        guard let page = try await listing.next() else { break }
        try total.addYoungest(of: page)
      }
    }
    return total
  }
}
