import CanonicalJSON

/// S3's objects and bucket settings through one client. Buckets are asked in the client's region.
public struct S3: Sendable {
  let client: AWSClient

  /// Buckets of other accounts are reached with what the client may do there.
  public init(_ client: AWSClient) {
    self.client = client
  }

  /// What S3 tells of an object without its bytes.
  public struct Head: Sendable, Hashable {
    /// Bytes.
    public let size: Int
    /// With its quotes, as S3 sends it.
    public let etag: String
    /// `PENDING`, `COMPLETED`, `FAILED`, `REPLICA`; nil where no rule covers the object.
    public let replicationStatus: String?
    /// Seconds since 1970.
    public let lastModified: Double?
  }

  /// `HeadObject`; nil where there is no such object.
  /// - Throws: `AWSFailure`. Without the right to list the bucket, a missing object is
  ///   `AccessDenied`.
  public func head(_ bucket: String, _ key: String) async throws -> Head? {
    do {
      let input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
      let answer = try await client.call(.s3HeadObject, input)
      guard let size = answer["ContentLength"]?.string.flatMap({ Int($0) }),
        let etag = answer["ETag"]?.string
      else { throw damaged("HeadObject", "\(key) has no length or no ETag") }
      return Head(
        size: size, etag: etag, replicationStatus: answer["ReplicationStatus"]?.string,
        lastModified: answer["LastModified"]?.string.flatMap(Timestamps.http))
    } catch let failure as AWSFailure where failure.isNotFound {
      return nil
    }
  }

  /// `GetObject`, whole or in part.
  /// - Parameters:
  ///   - range: Offsets in bytes; S3 cuts it at the object's end.
  ///   - etag: Only this version of the object; another gives `PreconditionFailed`.
  /// - Throws: `AWSFailure`.
  public func get(
    _ bucket: String, _ key: String, range: Range<Int>? = nil, etag: String? = nil
  ) async throws -> [UInt8] {
    var input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
    input["Range"] = range.map { .string("bytes=\($0.lowerBound)-\($0.upperBound - 1)") }
    input["IfMatch"] = etag.map(JSON.string)
    let reply = try await client.send(.s3GetObject, input, form: .bytes)
    guard let length = reply.headers["Content-Length"].flatMap({ Int($0) }),
      length == reply.body.count
    else { throw damaged("GetObject", "\(key) came with \(reply.body.count) bytes and no length") }
    return reply.body
  }

  /// An object in pieces, for what is too large to hold.
  public func read(_ bucket: String, _ key: String, pieces: Int = 8 << 20) -> S3Pieces {
    S3Pieces(s3: self, bucket: bucket, key: key, size: pieces)
  }

  /// `PutObject`.
  /// - Parameter ifAbsent: Writes only where there is no such object.
  /// - Returns: Whether it was written. False only with `ifAbsent`, for an object that was there.
  /// - Throws: `AWSFailure`.
  @discardableResult
  public func put(
    _ bucket: String, _ key: String, _ bytes: [UInt8], ifAbsent: Bool = false
  ) async throws -> Bool {
    var input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
    if ifAbsent { input["IfNoneMatch"] = "*" }
    do {
      _ = try await client.send(.s3PutObject, input, body: bytes, form: .value)
      return true
    } catch let failure as AWSFailure where ifAbsent && failure.code == "PreconditionFailed" {
      // After a lost answer the object that is there may be ours.
      return failure.mayHaveHappened ? try await get(bucket, key) == bytes : false
    }
  }

  /// `DeleteObject`. S3 takes a missing object for a deleted one.
  /// - Throws: `AWSFailure`.
  public func delete(_ bucket: String, _ key: String) async throws {
    _ = try await client.call(.s3DeleteObject, ["Bucket": .string(bucket), "Key": .string(key)])
  }

  /// `ListObjectsV2`: elements with `Key`, `Size`, `ETag`, `LastModified`, in the order of keys.
  public func list(_ bucket: String, prefix: String = "") -> AWSPages {
    client.pages(.s3ListObjectsV2, ["Bucket": .string(bucket), "Prefix": .string(prefix)])
  }

  /// `ListBuckets`: names of the account's buckets in all regions.
  /// - Throws: `AWSFailure`.
  public func buckets() async throws -> [String] {
    try await client.all(.s3ListBuckets).compactMap { $0["Name"]?.string }
  }

  /// `GetBucketLocation`, with its two old spellings put right.
  /// - Throws: `AWSFailure`.
  public func location(_ bucket: String) async throws -> AWSRegion {
    let answer = try await client.call(.s3GetBucketLocation, ["Bucket": .string(bucket)])
    switch answer["LocationConstraint"]?.string ?? "" {
    case "": return AWSRegion("us-east-1")
    case "EU": return AWSRegion("eu-west-1")
    case let name: return AWSRegion(name)
    }
  }

  /// `GetBucketReplication`: the `ReplicationConfiguration`; nil where the bucket has none.
  /// - Throws: `AWSFailure`.
  public func replication(_ bucket: String) async throws -> JSON? {
    do {
      let answer = try await client.call(.s3GetBucketReplication, ["Bucket": .string(bucket)])
      return answer["ReplicationConfiguration"]
    } catch let failure as AWSFailure
      where failure.code == "ReplicationConfigurationNotFoundError"
    {
      return nil
    }
  }

  func damaged(_ operation: String, _ message: String) -> AWSFailure {
    AWSFailure(
      code: AWSFailure.Code.damagedAnswer, message: message, operation: operation,
      account: client.account, region: client.region.name)
  }
}

/// The bytes of one version of an object, in pieces of one size, the last one shorter. Each piece
/// is a call of its own, tried again by itself.
public struct S3Pieces: AsyncSequence, Sendable {
  /// The bytes of one piece.
  public typealias Element = [UInt8]

  let s3: S3
  let bucket: String
  let key: String
  let size: Int

  /// Begins with `HeadObject`, at the first `next`.
  public func makeAsyncIterator() -> Iterator {
    Iterator(pieces: self)
  }

  /// Reads one piece at each `next`, none ahead.
  public struct Iterator: AsyncIteratorProtocol {
    let pieces: S3Pieces
    private var head: S3.Head?
    private var offset = 0
    private var ended = false

    init(pieces: S3Pieces) {
      self.pieces = pieces
    }

    /// - Throws: `AWSFailure`: `NoSuchKey` for a missing object, `PreconditionFailed` where it is
    ///   replaced while it is read.
    public mutating func next() async throws -> [UInt8]? {
      guard !ended else { return nil }
      let head = try await known()
      guard offset < head.size else {
        ended = true
        return nil
      }
      let range = offset..<Swift.min(offset + pieces.size, head.size)
      let bytes = try await pieces.s3.get(
        pieces.bucket, pieces.key, range: range, etag: head.etag)
      guard bytes.count == range.count else {
        throw pieces.s3.damaged(
          "GetObject", "\(pieces.key): \(bytes.count) bytes of \(range.count) at \(offset)")
      }
      offset = range.upperBound
      return bytes
    }

    private mutating func known() async throws -> S3.Head {
      if let head { return head }
      guard let found = try await pieces.s3.head(pieces.bucket, pieces.key) else {
        throw AWSFailure(
          code: "NoSuchKey", message: pieces.key, status: 404, operation: "HeadObject",
          account: pieces.s3.client.account, region: pieces.s3.client.region.name)
      }
      head = found
      return found
    }
  }
}
