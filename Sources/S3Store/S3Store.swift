import AWSAccess
import SnapshotStore

/// A store in an S3 bucket, below a prefix.
///
/// A blob is written with `If-None-Match: *`, in parts where it is large, and with digests that S3
/// checks: it appears whole, and nothing is ever overwritten. In a bucket with versions, what is
/// current counts, and deleting makes a delete marker. The bucket is called in its own region and
/// nowhere else.
public final class S3Store: BlobStore {
  /// `s3://bucket/prefix`, as messages name it.
  public let url: String
  /// The same.
  public var place: String { url }
  let bucket: String
  private let prefix: String
  let options: S3StoreOptions
  private let home: BucketHome
  private let downloads: Downloads
  let clock: any AWSClock

  /// Nothing is called before a method is.
  /// - Parameters:
  ///   - prefix: without slashes at its ends; empty for the whole bucket.
  ///   - home: how the bucket is reached.
  ///   - scratchDirectory: must exist, with room for what is downloaded.
  public init(
    bucket: String, prefix: String, options: S3StoreOptions = S3StoreOptions(), home: BucketHome,
    scratchDirectory: String, clock: any AWSClock = SystemClock()
  ) {
    self.bucket = bucket
    self.prefix = prefix.isEmpty ? "" : "\(prefix)/"
    self.options = options
    self.home = home
    self.clock = clock
    url = "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)")
    downloads = Downloads(scratchDirectory: scratchDirectory)
  }

  /// The region of the bucket: asked once.
  /// - Throws: `ArchiveError` (`.io`).
  public func region() async throws -> AWSRegion {
    try await talking("find the bucket") { _ in try await self.home.region() }
  }

  /// By `HeadObject`, then `PutObject` or a multipart upload.
  public func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    try checkBlobName(name)
    return try await talking("write \(name)") { s3 in
      if let head = try await s3.head(self.bucket, self.key(name)) {
        return try await self.taken(name, head, content, s3)
      }
      guard let head = try await self.create(name, content, s3) else { return .written }
      return try await self.taken(name, head, content, s3)
    }
  }

  /// By `PutObject`. Where its answer was lost, the object tells whose it is.
  public func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try checkBlobName(name)
    return try await talking("claim \(name)") { s3 in
      try await self.create(name, .bytes(bytes), s3) == nil
    }
  }

  private func taken(
    _ name: String, _ head: S3.Head, _ content: BlobContent, _ s3: S3
  ) async throws -> PutOutcome {
    guard head.size == content.size else {
      throw ArchiveError(
        .damaged,
        "\(name) is in \(url) with \(head.size) bytes, but should have \(content.size)")
    }
    try await extend(name, head, s3)
    return .alreadyThere
  }

  /// By `GetObject`. Its length and, where its writer left one, its digest are checked.
  public func read(_ name: String) async throws -> [UInt8] {
    try checkBlobName(name)
    return try await talking("read \(name)") { s3 in
      var bytes: [UInt8] = []
      try await self.download(name, s3) { piece, isFirst in
        if isFirst { bytes.removeAll() }
        bytes += piece
      }
      return bytes
    }
  }

  /// Downloads by `GetObject` to a temporary file, once in the life of the store; checks as `read`
  /// does.
  public func local(_ name: String) async throws -> LocalBlob {
    try checkBlobName(name)
    if let known = downloads[name] { return known.blob }
    return try await talking("read \(name)") { s3 in
      var pieces = try self.downloads.begin()
      try await self.download(name, s3) { piece, isFirst in
        if isFirst { pieces = try self.downloads.begin() }
        try self.downloads.append(piece, to: &pieces)
      }
      self.downloads[name] = pieces
      return pieces.blob
    }
  }

  /// By `ListObjectsV2`. Keys that can't be those of blobs are passed over.
  public func list(prefix: String) async throws -> [BlobInfo] {
    try await talking("list \(prefix)*") { s3 in
      var found: [BlobInfo] = []
      for try await page in s3.list(self.bucket, prefix: self.prefix + prefix) {
        if page.isRestart { found.removeAll() }
        found += try page.elements.compactMap { try self.blob(listed: $0) }
      }
      return found.sorted { $0.name < $1.name }
    }
  }

  /// By `DeleteObject`. In a bucket with versions the blob stays behind the delete marker.
  ///
  /// What belongs to snapshots and is still locked is left alone: a delete marker would only hide it.
  /// - Throws: `ArchiveError` (`.locked`).
  public func delete(_ name: String) async throws {
    try checkBlobName(name)
    try await talking("remove \(name)") { s3 in
      if let until = try await self.lockedUntil(name, s3) {
        throw ArchiveError(.locked, "\(name) in \(self.url) is locked until \(until)")
      }
      try await s3.delete(self.bucket, self.key(name))
    }
  }

  /// By `HeadObject`.
  public func exists(_ name: String) async throws -> Bool {
    try checkBlobName(name)
    return try await talking("look for \(name)") { s3 in
      try await s3.head(self.bucket, self.key(name)) != nil
    }
  }

  /// Aborts uploads below the prefix that were begun longer ago than any writer takes.
  public func removeLeftovers() async throws -> Int {
    try await talking("look for unfinished uploads") { s3 in
      let newest = self.clock.wallTime() - self.options.leftoverAge
      let stale = try await s3.uploads(self.bucket, prefix: self.prefix)
        .filter { $0.began.map { $0 < newest } ?? false }
      for upload in stale { try await s3.abort(upload) }
      return stale.count
    }
  }

  func key(_ name: String) -> String { prefix + name }

  /// Runs `body` with the bucket in its region. Its failures become `ArchiveError`s that name the
  /// store and what could not be done.
  func talking<Result: Sendable>(
    _ what: String, _ body: (S3) async throws -> Result
  ) async throws -> Result {
    do {
      return try await body(try await home.s3())
    } catch let failure as AWSFailure {
      throw error(failure, what)
    }
  }

  private func error(_ failure: AWSFailure, _ what: String) -> ArchiveError {
    if failure.code == "NoSuchKey" {
      return ArchiveError(.notFound, "\(url): can't \(what): it is not there")
    }
    return ArchiveError(.io, "\(url): can't \(what)", cause: failure)
  }
}
