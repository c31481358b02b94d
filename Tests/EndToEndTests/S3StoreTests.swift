import AWSAccess
import CanonicalJSON
import Foundation
import S3Store
import SnapshotStore
import StoreConformance
import Testing

/// The store in S3 against the stand-in.
@Suite struct S3StoreTests {
  @Test func conforms() async throws {
    let aws = try StandIn(seeded: false)
    try aws.makeBucket("archive", versioned: false)
    try aws.makeBucket("versions", versioned: true)
    for bucket in ["archive", "versions"] {
      for (name, check) in StoreConformance.checks.sorted(by: { $0.key < $1.key }) {
        let prefix = name.replacingOccurrences(of: " ", with: "-")
        try await check(try aws.store(bucket, prefix: prefix))
      }
    }
    let regions = Set(try aws.calls().compactMap { $0["region"]?.string })
    #expect(regions == ["eu-west-1", "eu-central-1"])
  }
}

extension StandIn {
  /// A bucket of the caller's account in eu-central-1.
  func makeBucket(_ name: String, versioned: Bool = true, locked: Bool = false) throws {
    _ = try boto(
      """
      s3 = boto3.client("s3", region_name="eu-central-1")
      s3.create_bucket(
          Bucket="\(name)", ObjectLockEnabledForBucket=\(locked ? "True" : "False"),
          CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
      if \(versioned ? "True" : "False"):
          s3.put_bucket_versioning(
              Bucket="\(name)", VersioningConfiguration={"Status": "Enabled"})
      """)
    try control("DELETE", "calls")
  }

  /// A store of the library itself, found from eu-west-1.
  func store(
    _ bucket: String, prefix: String = "meshdr", options: S3StoreOptions = S3StoreOptions()
  ) throws -> S3Store {
    let session = try AWSSession(configuration: AWSConfiguration(environment: environment))
    let home = BucketHome(bucket: bucket, candidates: [AWSRegion("eu-west-1")]) { region in
      try await session.client(account: "", role: nil, region: region)
    }
    return S3Store(
      bucket: bucket, prefix: prefix, options: options, home: home, scratchDirectory: folder)
  }
}
