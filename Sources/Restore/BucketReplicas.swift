import MeshModel
import Replication
import SnapshotStore

extension Mapping {
  /// The mapping that a snapshot's own records tell: each bucket to the replica that its
  /// replication rules name in the secondary region.
  /// - Throws: `ArchiveError` where the buckets can't be read.
  public init(of reader: SnapshotReader, to region: String) async throws {
    self.init(from: reader.manifest.details.region, to: region)
    var records = try await reader.records(kind: .bucket)
    buckets = try BucketReplicas(&records).replicas(in: region)
  }
}
