import AWSAccess

/// Finds the region of a bucket, once, and gives the way to it.
///
/// Any region answers for all buckets of its partition, so one that is lost need not be asked: the
/// candidates are asked in their order, and the next only where one can't be reached.
public actor BucketHome {
  private let bucket: String
  private let candidates: [AWSRegion]
  private let client: @Sendable (AWSRegion) async throws -> AWSClient
  private var search: Task<(s3: S3, region: AWSRegion), any Error>?

  /// - Parameters:
  ///   - candidates: regions to ask where the bucket is, best first.
  ///   - client: gives a client of a region, with credentials for the bucket.
  public init(
    bucket: String, candidates: [AWSRegion],
    client: @escaping @Sendable (AWSRegion) async throws -> AWSClient
  ) {
    self.bucket = bucket
    self.candidates = candidates
    self.client = client
  }

  /// - Throws: `AWSFailure`.
  func s3() async throws -> S3 { try await found().s3 }

  /// - Throws: `AWSFailure`.
  func region() async throws -> AWSRegion { try await found().region }

  private func found() async throws -> (s3: S3, region: AWSRegion) {
    let current = search ?? Task { [self] in try await locate() }
    search = current
    do {
      return try await current.value
    } catch {
      // The next call may have more luck.
      search = nil
      throw error
    }
  }

  private func locate() async throws -> (s3: S3, region: AWSRegion) {
    var last: AWSFailure?
    for candidate in candidates {
      do {
        let asked = S3(try await client(candidate))
        let region = try await asked.region(of: bucket)
        return (region == candidate ? asked : S3(try await client(region)), region)
      } catch let failure as AWSFailure where failure.status == nil || failure.status ?? 0 >= 500 {
        last = failure
      } catch let failure as AWSFailure where failure.isNotFound {
        throw AWSFailure(
          code: "NoSuchBucket", message: "there is no bucket \(bucket)", status: failure.status,
          operation: failure.operation, region: failure.region, requestID: failure.requestID)
      }
    }
    throw last
      ?? AWSFailure(
        code: AWSFailure.Code.badInput, message: "no region is known to ask for \(bucket)")
  }
}
