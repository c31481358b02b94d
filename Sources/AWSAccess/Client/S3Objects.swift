import CanonicalJSON
import Foundation

/// The objects of a bucket, in pages of a thousand, in the order of their keys. Each page is fetched
/// while the one before it is worked on.
public struct S3Objects: AsyncSequence, Sendable {
  public typealias Element = S3ObjectPage

  let s3: S3
  let bucket: String
  let prefix: String
  let after: String?
  let delimiter: String?

  /// Begins the listing anew, with its first call at the first `next`.
  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  /// Not for two tasks at once.
  public final class Iterator: AsyncIteratorProtocol {
    private let listing: S3Objects
    private var ahead: Task<S3ObjectPage, any Error>?
    private var seen: Set<String> = []
    /// As it stands in its page.
    private var lastKey: ArraySlice<UInt8>?
    private var ended = false

    init(_ listing: S3Objects) {
      self.listing = listing
    }

    deinit {
      ahead?.cancel()
    }

    /// - Throws: `AWSFailure`: that of the call, `RepeatedPageToken`, or `DamagedAnswer` for a page
    ///   that does not lie behind the one before. `CancellationError`.
    public func next() async throws -> S3ObjectPage? {
      guard !ended else { return nil }
      let task = ahead ?? fetch(nil)
      ahead = nil
      let page = try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
      try check(page)
      if let token = page.next {
        guard seen.insert(token).inserted else {
          throw listing.failure(
            AWSFailure.Code.repeatedToken, "the listing came back to a page that it had before")
        }
        ahead = fetch(token)
      } else {
        ended = true
      }
      return page
    }

    /// Stops fetching ahead; there is no further page.
    public func stop() {
      ahead?.cancel()
      ahead = nil
      ended = true
    }

    private func check(_ page: S3ObjectPage) throws {
      guard let first = page.entries.first, let last = page.entries.last else { return }
      if let lastKey, !precedes(lastKey, page.bytes[first.key]) {
        throw listing.failure(
          AWSFailure.Code.damagedAnswer,
          "a page begins with \(page.key(first)), behind \(String(decoding: lastKey, as: UTF8.self))"
        )
      }
      lastKey = ArraySlice(Array(page.bytes[last.key]))
    }

    private func fetch(_ token: String?) -> Task<S3ObjectPage, any Error> {
      Task { [listing] in try await listing.page(token) }
    }
  }

  private func page(_ token: String?) async throws -> S3ObjectPage {
    var input: JSON = ["Bucket": .string(bucket), "Prefix": .string(prefix)]
    input["Delimiter"] = delimiter.map(JSON.string)
    input["ContinuationToken"] = token.map(JSON.string)
    if token == nil { input["StartAfter"] = after.map(JSON.string) }
    let reply = try await s3.client.send(.s3ListObjectsV2, input, form: .objects)
    if case .objects(let page)? = reply.content { return page }
    do {
      return try S3ObjectPage(parsing: reply.body)
    } catch {
      throw failure(AWSFailure.Code.damagedAnswer, error.message)
    }
  }

  private func failure(_ code: String, _ message: String) -> AWSFailure {
    AWSFailure(
      code: code, message: message, operation: "ListObjectsV2", account: s3.client.account,
      region: s3.client.region.name)
  }
}

/// Whether a key comes before another, byte by byte.
private func precedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
  let order = left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right -> Int in
      guard let one = left.baseAddress, let other = right.baseAddress else { return 0 }
      return Int(memcmp(one, other, min(left.count, right.count)))
    }
  }
  return order != 0 ? order < 0 : left.count < right.count
}

extension S3 {
  /// `ListObjectsV2`, for listings of any length.
  /// - Parameters:
  ///   - after: begins behind this key.
  ///   - delimiter: groups keys that go on alike up to it.
  public func objects(
    _ bucket: String, prefix: String = "", after: String? = nil, delimiter: String? = nil
  ) -> S3Objects {
    S3Objects(s3: self, bucket: bucket, prefix: prefix, after: after, delimiter: delimiter)
  }

  /// Seconds since 1970 of a time as listings and inventories have it; nil for anything else.
  public static func time(_ text: String) -> Double? { Timestamps.iso8601(text) }

  /// `ListBucketInventoryConfigurations`: all of a bucket's, by id.
  /// - Throws: `AWSFailure`.
  public func inventories(_ bucket: String) async throws -> [JSON] {
    var found: [JSON] = []
    var (token, seen): (String?, Set<String>) = (nil, [])
    while true {
      var input: JSON = ["Bucket": .string(bucket)]
      input["ContinuationToken"] = token.map(JSON.string)
      let answer = try await client.call(.s3ListBucketInventoryConfigurations, input)
      found += answer["InventoryConfigurationList"]?.array ?? []
      token = answer["NextContinuationToken"]?.string
      guard let next = token else { return found }
      guard seen.insert(next).inserted else {
        throw damaged("ListBucketInventoryConfigurations", "the token \(next) came twice")
      }
    }
  }

  /// What `HeadObject` tells of a version beyond `Head`.
  public struct Version: Sendable, Hashable {
    /// Nil in a bucket without versions.
    public let id: String?
    /// Bytes.
    public let size: Int
    /// Without quotes.
    public let etag: String
    /// Seconds since 1970.
    public let modified: Double?
    /// `PENDING`, `COMPLETED`, `FAILED`, `REPLICA`; nil where no rule covers the object.
    public let replicationStatus: String?
    /// `GLACIER`, for one; nil for the standard class.
    public let storageClass: String?
  }

  /// `HeadObject`; nil where there is no such object, or its last version is a delete marker.
  /// - Throws: `AWSFailure`.
  public func version(_ bucket: String, _ key: String) async throws -> Version? {
    do {
      let input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
      let answer = try await client.call(.s3HeadObject, input)
      guard let size = answer["ContentLength"]?.string.flatMap({ Int($0) }),
        let etag = answer["ETag"]?.string
      else { throw damaged("HeadObject", "\(key) has no length or no ETag") }
      return Version(
        id: answer["VersionId"]?.string, size: size,
        etag: etag.filter { $0 != "\"" },
        modified: answer["LastModified"]?.string.flatMap(Timestamps.http),
        replicationStatus: answer["ReplicationStatus"]?.string,
        storageClass: answer["StorageClass"]?.string)
    } catch let failure as AWSFailure where failure.isNotFound && failure.code != "NoSuchBucket" {
      return nil
    }
  }

  /// `DeleteObject` of one version, which leaves no delete marker.
  /// - Parameter version: nil in a bucket without versions.
  /// - Throws: `AWSFailure`.
  public func delete(_ bucket: String, _ key: String, version: String?) async throws {
    var input: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
    input["VersionId"] = version.map(JSON.string)
    _ = try await client.call(.s3DeleteObject, input)
  }
}
