import CanonicalJSON

extension S3 {
  /// Begins an upload in parts: `CreateMultipartUpload`.
  /// - Throws: `AWSFailure`.
  public func upload(_ bucket: String, _ key: String) async throws -> S3Upload {
    let object: JSON = ["Bucket": .string(bucket), "Key": .string(key)]
    let answer = try await client.call(.s3CreateMultipartUpload, object)
    guard let id = answer["UploadId"]?.string else {
      throw damaged("CreateMultipartUpload", "\(key): no upload id")
    }
    var input = object
    input["UploadId"] = .string(id)
    return S3Upload(s3: self, bucket: bucket, key: key, input: input)
  }
}

/// An object on its way to S3 in parts. Nothing can be seen of it before `finish`.
public actor S3Upload {
  private let s3: S3
  private let bucket: String
  private let key: String
  private let input: JSON
  private var parts: [JSON] = []
  private var size = 0

  init(s3: S3, bucket: String, key: String, input: JSON) {
    self.s3 = s3
    self.bucket = bucket
    self.key = key
    self.input = input
  }

  /// `UploadPart`: the next part. Each but the last has at least 5 MiB, and 10,000 are the most.
  /// - Throws: `AWSFailure`.
  public func add(_ bytes: [UInt8]) async throws {
    let number = parts.count + 1
    parts.append(.null)
    size += bytes.count
    var input = input
    input["PartNumber"] = JSON(number)
    let reply = try await s3.client.send(.s3UploadPart, input, body: bytes, form: .value)
    guard let etag = reply.headers["ETag"] else {
      throw s3.damaged("UploadPart", "\(key): no ETag for part \(number)")
    }
    parts[number - 1] = ["PartNumber": JSON(number), "ETag": .string(etag)]
  }

  /// `CompleteMultipartUpload`: all parts become the object.
  /// - Parameter ifAbsent: Only where there is no such object; else `PreconditionFailed`.
  /// - Throws: `AWSFailure`.
  public func finish(ifAbsent: Bool = false) async throws {
    var input = input
    input["MultipartUpload"] = ["Parts": .array(parts)]
    if ifAbsent { input["IfNoneMatch"] = "*" }
    do {
      _ = try await s3.client.call(.s3CompleteMultipartUpload, input)
    } catch let failure as AWSFailure
      where failure.mayHaveHappened
      && ["NoSuchUpload", "PreconditionFailed"].contains(failure.code)
    {
      // The answer to an earlier try was lost: the object is whole, or the failure stands.
      guard let head = try await s3.head(bucket, key), head.size == size,
        head.etag.hasSuffix("-\(parts.count)\"")
      else { throw failure }
    }
  }

  /// `AbortMultipartUpload`: S3 drops the parts, which cost money for as long as they are kept.
  /// - Throws: `AWSFailure`.
  public func abort() async throws {
    _ = try await s3.client.call(.s3AbortMultipartUpload, input)
  }
}
