import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

extension Kind {
  public static let bucket = Kind("s3", "bucket")
}

/// An S3 bucket: where it is, and the rules by which it is replicated. Kept for the mapping.
public struct BucketKind: CapturedKind {
  public let kind = Kind.bucket
  public let restorability = Restorability.descriptive

  public init() {}

  public func phase(of body: JSON) -> Phase { .prepare }
  public func comparable(_ body: JSON) -> JSON { body }

  /// ListBuckets, and GetBucketReplication for those of the region: others answer elsewhere.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    for listed in try await site.client.all(.s3ListBuckets) {
      var bucket = listed
      let name = try required("Name", of: bucket)
      let region = try await region(of: bucket, name, at: site)
      bucket["BucketRegion"] = .string(region)
      if region == site.region {
        bucket["ReplicationConfiguration"] = try await replication(of: name, at: site)
      }
      try sink.add(Record(key: site.key(kind, [name]), value: bucket))
    }
  }

  /// ListBuckets tells it, but not everywhere; GetBucketLocation has no name for us-east-1.
  private func region(of bucket: JSON, _ name: String, at site: Site) async throws -> String {
    if let region = bucket["BucketRegion"]?.string { return region }
    let answer = try await site.client.call(.s3GetBucketLocation, ["Bucket": .string(name)])
    let location = answer["LocationConstraint"]?.string ?? ""
    return location.isEmpty ? "us-east-1" : location == "EU" ? "eu-west-1" : location
  }

  private func replication(of name: String, at site: Site) async throws -> JSON? {
    do {
      let answer = try await site.client.call(
        .s3GetBucketReplication, ["Bucket": .string(name)])
      return answer["ReplicationConfiguration"]
    } catch let failure as AWSFailure where failure.code == "ReplicationConfigurationNotFoundError"
    {
      return nil
    }
  }
}

/// Every kind of S3 that is captured.
public let replicationKinds: [any CapturedKind] = [BucketKind()]
