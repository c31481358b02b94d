import CanonicalJSON

extension S3 {
  /// How an object is written.
  public struct Writing: Sendable {
    /// Only where there is no such object, or a delete marker in its place.
    public var ifAbsent = false
    /// The media type that S3 gives with the object.
    public var contentType = "application/octet-stream"
    /// The KMS key that encrypts it, by id, alias or ARN; nil for what the bucket is set to.
    public var kmsKey: String?
    /// Needs a bucket with Object Lock, and `s3:PutObjectRetention`.
    public var lock: Lock?
    /// What `Head.metadata` will have: names in lower case, plain ASCII.
    public var metadata: [String: String] = [:]

    /// Overwrites, encrypted as the bucket says.
    public init(ifAbsent: Bool = false) {
      self.ifAbsent = ifAbsent
    }

    /// The members that PutObject and CreateMultipartUpload have in common.
    func members(_ bucket: String, _ key: String) -> JSON {
      var input: JSON = [
        "Bucket": .string(bucket), "Key": .string(key), "ContentType": .string(contentType),
      ]
      if let kmsKey {
        input["ServerSideEncryption"] = "aws:kms"
        input["SSEKMSKeyId"] = .string(kmsKey)
        input["BucketKeyEnabled"] = true
      }
      if let lock {
        input["ObjectLockMode"] = .string(lock.mode.rawValue)
        input["ObjectLockRetainUntilDate"] = .string(lock.untilText)
      }
      if !metadata.isEmpty { input["Metadata"] = .object(metadata.mapValues(JSON.string)) }
      return input
    }
  }

  /// `PutObject`, with a SHA-256 that S3 checks. For objects of some megabytes; `upload` is for
  /// larger ones.
  /// - Throws: `AWSFailure`: with `ifAbsent`, `PreconditionFailed` where an object is there, which
  ///   may be the caller's own after a lost answer, and `ConditionalRequestConflict` where another
  ///   write or deletion of it was under way all the time.
  public func write(
    _ bucket: String, _ key: String, _ bytes: [UInt8], _ writing: Writing
  ) async throws {
    var input = writing.members(bucket, key)
    input["ChecksumSHA256"] = .string(Digest.base64(Digest.sha256(bytes)))
    if writing.ifAbsent { input["IfNoneMatch"] = "*" }
    _ = try await client.send(.s3PutObject, input, body: bytes, form: .value)
  }

  /// `PutObject`, overwriting or not.
  /// - Parameter ifAbsent: Writes only where there is no such object.
  /// - Returns: Whether it was written. False only with `ifAbsent`, for an object that was there.
  /// - Throws: `AWSFailure`.
  @discardableResult
  public func put(
    _ bucket: String, _ key: String, _ bytes: [UInt8], ifAbsent: Bool = false
  ) async throws -> Bool {
    do {
      try await write(bucket, key, bytes, Writing(ifAbsent: ifAbsent))
      return true
    } catch let failure as AWSFailure where ifAbsent && failure.code == "PreconditionFailed" {
      // After a lost answer the object that is there may be ours.
      return failure.mayHaveHappened ? try await get(bucket, key) == bytes : false
    }
  }

  /// `PutObjectRetention` of the current version: sets a retention, or makes it longer.
  /// - Throws: `AWSFailure`: `AccessDenied` where that would shorten it.
  public func retain(_ bucket: String, _ key: String, _ lock: Lock) async throws {
    _ = try await client.call(
      .s3PutObjectRetention,
      [
        "Bucket": .string(bucket), "Key": .string(key),
        "Retention": [
          "Mode": .string(lock.mode.rawValue), "RetainUntilDate": .string(lock.untilText),
        ],
      ])
  }
}
