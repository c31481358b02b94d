import CanonicalJSON

/// S3's objects and bucket settings through one client. Buckets are asked in the client's region.
public struct S3: Sendable {
  let client: AWSClient

  /// Buckets of other accounts are reached with what the client may do there.
  public init(_ client: AWSClient) {
    self.client = client
  }

  /// `HeadObject`; nil where there is no such object.
  /// - Throws: `AWSFailure`. Without the right to list the bucket, a missing object is
  ///   `AccessDenied`.
  public func head(_ bucket: String, _ key: String) async throws -> Head? {
    do {
      let input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
      let reply = try await client.send(.s3HeadObject, input, form: .bytes)
      guard let head = Head(reply.headers) else {
        throw damaged("HeadObject", "\(key) has no length or no ETag")
      }
      return head
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
    try await object(bucket, key, range: range, etag: etag).bytes
  }

  /// The same, with what S3 tells of the object. `Head.size` is that of the whole object.
  /// - Throws: `AWSFailure`: `InvalidRange` for a range behind the object's end.
  public func object(
    _ bucket: String, _ key: String, range: Range<Int>? = nil, etag: String? = nil
  ) async throws -> (bytes: [UInt8], head: Head) {
    var input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
    input["Range"] = range.map { .string("bytes=\($0.lowerBound)-\($0.upperBound - 1)") }
    input["IfMatch"] = etag.map(JSON.string)
    let reply = try await client.send(.s3GetObject, input, form: .bytes)
    guard let length = reply.headers["Content-Length"].flatMap({ Int($0) }),
      length == reply.body.count, let head = Head(reply.headers)
    else { throw damaged("GetObject", "\(key) came with \(reply.body.count) bytes and no length") }
    return (reply.body, head)
  }

  /// An object in pieces, for what is too large to hold.
  public func read(_ bucket: String, _ key: String, pieces: Int = 8 << 20) -> S3Pieces {
    S3Pieces(s3: self, bucket: bucket, key: key, size: pieces)
  }

  /// `DeleteObject`. S3 takes a missing object for a deleted one; in a bucket with versions it
  /// makes a delete marker.
  /// - Throws: `AWSFailure`.
  public func delete(_ bucket: String, _ key: String) async throws {
    _ = try await client.call(.s3DeleteObject, ["Bucket": .string(bucket), "Key": .string(key)])
  }

  /// `ListObjectsV2`: elements with `Key`, `Size`, `ETag`, `LastModified`, in the order of keys.
  /// Characters that XML can't hold, and some others, are percent-encoded in `Key`.
  public func list(_ bucket: String, prefix: String = "") -> AWSPages {
    client.pages(
      .s3ListObjectsV2,
      ["Bucket": .string(bucket), "Prefix": .string(prefix), "EncodingType": "url"])
  }

  /// `ListBuckets`: names of the account's buckets in all regions.
  /// - Throws: `AWSFailure`.
  public func buckets() async throws -> [String] {
    try await client.all(.s3ListBuckets).compactMap { $0["Name"]?.string }
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
