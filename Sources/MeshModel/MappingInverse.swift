extension Mapping {
  /// The mapping that leads back: what the secondary has, as the primary calls it.
  ///
  /// What two names were mapped to leads back to neither: whoever maps with it is told of it as of
  /// what has no counterpart. Buckets of the primary stand for themselves.
  public var inverse: Mapping {
    var back = Mapping(from: to, to: from)
    back.keys = Self.inverted(keys)
    back.principals = Self.inverted(principals)
    back.accounts = Self.inverted(accounts)
    let moved = buckets.filter { $0.key != $0.value.bucket }
    for (replica, bucket) in Self.inverted(moved.mapValues(\.bucket)) {
      back.buckets[replica] = Replica(
        bucket: bucket, source: moved[bucket]?.source ?? .replicationRule)
    }
    for bucket in moved.keys where back.buckets[bucket] == nil {
      back.buckets[bucket] = Replica(bucket: bucket, source: .inRegion)
    }
    return back
  }

  private static func inverted(_ names: [String: String]) -> [String: String] {
    Dictionary(grouping: names, by: \.value).compactMapValues { $0.count == 1 ? $0[0].key : nil }
  }
}
