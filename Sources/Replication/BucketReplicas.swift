import CanonicalJSON
import MeshModel

/// Which bucket replicates which, as the captured rules say. Pure.
public struct BucketReplicas {
  private var regions: [String: String] = [:]
  /// Destinations by source, of enabled rules, the rule of the highest priority first.
  private var destinations: [String: [String]] = [:]

  /// - Parameter buckets: the captured buckets of all accounts.
  /// - Throws: what reading them meets.
  public init(_ buckets: inout some RecordStream) throws {
    while let record = try buckets.next() {
      let body = try record.value()
      guard let name = body["Name"]?.string else { continue }
      regions[name] = body["BucketRegion"]?.string
      let rules = (body["ReplicationConfiguration"]?["Rules"]?.array ?? [])
        .filter { $0["Status"]?.string == "Enabled" }
        .sorted { ($0["Priority"]?.integer ?? 0) > ($1["Priority"]?.integer ?? 0) }
      destinations[name] = rules.compactMap {
        $0["Destination"]?["Bucket"]?.string.flatMap { ARN($0)?.resource }
      }
    }
  }

  /// Replicas in a region. A bucket that is there itself stands for itself; a destination whose
  /// region is not known, because it is of an account that was not captured, counts as there.
  public func replicas(in region: String) -> [String: Mapping.Replica] {
    var replicas: [String: Mapping.Replica] = [:]
    for (bucket, destinations) in destinations {
      let there = destinations.first { (regions[$0] ?? region) == region }
      if let there {
        replicas[bucket] = .init(bucket: there, source: .replicationRule)
      } else if regions[bucket] == region {
        replicas[bucket] = .init(bucket: bucket, source: .inRegion)
      }
    }
    return replicas
  }
}
