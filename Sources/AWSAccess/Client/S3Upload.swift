import CanonicalJSON

extension S3 {
  /// Begins an upload in parts: `CreateMultipartUpload`.
  /// - Throws: `AWSFailure`.
  public func upload(
    _ bucket: String, _ key: String, _ writing: Writing = Writing()
  ) async throws -> S3Upload {
    var input = writing.members(bucket, key)
    input["ChecksumAlgorithm"] = "SHA256"
    let answer = try await client.call(.s3CreateMultipartUpload, input)
    guard let id = answer["UploadId"]?.string else {
      throw damaged("CreateMultipartUpload", "\(key): no upload id")
    }
    return S3Upload(s3: self, Unfinished(bucket: bucket, key: key, id: id), writing)
  }

  /// An upload in parts that was begun.
  public struct Unfinished: Sendable, Hashable {
    /// Where it goes.
    public let bucket: String
    /// The object that it would become.
    public let key: String
    /// S3's name for it.
    public let id: String
    /// Seconds since 1970; nil for one's own.
    public var began: Double?

    var input: JSON {
      ["Bucket": .string(bucket), "Key": .string(key), "UploadId": .string(id)]
    }
  }

  /// Uploads that were begun and neither finished nor aborted: `ListMultipartUploads`.
  /// - Throws: `AWSFailure`.
  public func uploads(_ bucket: String, prefix: String) async throws -> [Unfinished] {
    let found = try await client.all(
      .s3ListMultipartUploads, ["Bucket": .string(bucket), "Prefix": .string(prefix)])
    return found.compactMap { upload in
      guard let key = upload["Key"]?.string, let id = upload["UploadId"]?.string else { return nil }
      return Unfinished(
        bucket: bucket, key: key, id: id,
        began: upload["Initiated"]?.string.flatMap(Timestamps.iso8601))
    }
  }

  /// `AbortMultipartUpload`: S3 drops the parts, which cost money for as long as they are kept. One
  /// that is there no more counts as aborted.
  /// - Throws: `AWSFailure`.
  public func abort(_ upload: Unfinished) async throws {
    do {
      _ = try await client.call(.s3AbortMultipartUpload, upload.input)
    } catch let failure as AWSFailure where failure.code == "NoSuchUpload" {
      return
    }
  }
}

/// An object on its way to S3 in parts. Nothing can be seen of it before `finish`.
public actor S3Upload {
  private let s3: S3
  private let upload: S3.Unfinished
  private let writing: S3.Writing
  private var parts: [Int: Part] = [:]
  private var last = 0

  private struct Part {
    let size: Int
    let digest: [UInt8]
    let etag: String
  }

  init(s3: S3, _ upload: S3.Unfinished, _ writing: S3.Writing) {
    self.s3 = s3
    self.upload = upload
    self.writing = writing
  }

  /// The next part.
  /// - Throws: `AWSFailure`.
  public func add(_ bytes: [UInt8]) async throws {
    last += 1
    try await add(bytes, number: last)
  }

  /// `UploadPart`, with a SHA-256 that S3 checks. Several may be under way at once. Each but the
  /// last has at least 5 MiB, and 10,000 are the most.
  /// - Parameter number: counts from 1.
  /// - Throws: `AWSFailure`.
  public func add(_ bytes: [UInt8], number: Int) async throws {
    let digest = Digest.sha256(bytes)
    var input = upload.input
    input["PartNumber"] = JSON(number)
    input["ChecksumSHA256"] = .string(Digest.base64(digest))
    let reply = try await s3.client.send(.s3UploadPart, input, body: bytes, form: .value)
    guard let etag = reply.headers["ETag"] else {
      throw s3.damaged("UploadPart", "\(upload.key): no ETag for part \(number)")
    }
    parts[number] = Part(size: bytes.count, digest: digest, etag: etag)
  }

  /// `CompleteMultipartUpload`: all parts become the object, if their digests together are right.
  /// - Throws: `AWSFailure`: with `ifAbsent`, `PreconditionFailed` where an object is there, and
  ///   `ConditionalRequestConflict` where another was written meanwhile: S3 wants the whole upload
  ///   anew then.
  public func finish() async throws {
    let parts = parts.sorted { $0.key < $1.key }
    let size = parts.reduce(0) { $0 + $1.value.size }
    var input = upload.input
    input["MultipartUpload"] = [
      "Parts": .array(
        parts.map { number, part in
          [
            "PartNumber": JSON(number), "ETag": .string(part.etag),
            "ChecksumSHA256": .string(Digest.base64(part.digest)),
          ]
        })
    ]
    let composite = Digest.sha256(parts.flatMap(\.value.digest))
    input["ChecksumSHA256"] = .string("\(Digest.base64(composite))-\(parts.count)")
    input["MpuObjectSize"] = JSON(size)
    if writing.ifAbsent { input["IfNoneMatch"] = "*" }
    do {
      _ = try await s3.client.call(.s3CompleteMultipartUpload, input)
    } catch let failure as AWSFailure
      where failure.mayHaveHappened
      && ["NoSuchUpload", "PreconditionFailed"].contains(failure.code)
    {
      // The answer to an earlier try was lost: the object is whole, or the failure stands.
      guard let head = try await s3.head(upload.bucket, upload.key), head.size == size,
        head.etag.hasSuffix("-\(parts.count)\""), head.metadata == writing.metadata
      else { throw failure }
    }
  }

  /// As `S3.abort`.
  /// - Throws: `AWSFailure`.
  public func abort() async throws { try await s3.abort(upload) }
}
