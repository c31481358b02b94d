import CanonicalJSON

extension S3 {
  /// The region of a bucket, asked in any region of its partition: `HeadBucket`, whose answers name
  /// it also where they refuse.
  /// - Throws: `AWSFailure`: `NotFound` where there is no such bucket.
  public func region(of bucket: String) async throws -> AWSRegion {
    do {
      let answer = try await client.call(.s3HeadBucket, ["Bucket": .string(bucket)])
      // Other makers' S3 may leave it out.
      return answer["BucketRegion"]?.string.map(AWSRegion.init) ?? client.region
    } catch let failure as AWSFailure {
      guard let region = failure.bucketRegion else { throw failure }
      return AWSRegion(region)
    }
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

  /// Whether the bucket keeps versions: `GetBucketVersioning`.
  /// - Throws: `AWSFailure`.
  public func isVersioned(_ bucket: String) async throws -> Bool {
    let answer = try await client.call(.s3GetBucketVersioning, ["Bucket": .string(bucket)])
    return answer["Status"] == "Enabled"
  }

  /// What Object Lock does in a bucket.
  public enum ObjectLock: Sendable, Hashable {
    case off
    /// Objects can be retained; by default none is.
    case on
    /// Everything is retained by default.
    case byDefault
  }

  /// What Object Lock does in the bucket: `GetObjectLockConfiguration`.
  /// - Throws: `AWSFailure`.
  public func objectLock(of bucket: String) async throws -> ObjectLock {
    do {
      let answer = try await client.call(
        .s3GetObjectLockConfiguration, ["Bucket": .string(bucket)])
      let configuration = answer["ObjectLockConfiguration"]
      guard configuration?["ObjectLockEnabled"] == "Enabled" else { return .off }
      return configuration?["Rule"]?["DefaultRetention"]?["Mode"] == nil ? .on : .byDefault
    } catch let failure as AWSFailure
      where failure.code == "ObjectLockConfigurationNotFoundError"
    {
      return .off
    }
  }
}
