import Replication

/// Where the replica of a key is, as the products of a measurement have it.
struct ReplicaRoutes: Sendable {
  private struct Route {
    let prefix: String
    let replica: BucketFacts
  }

  /// Routes by bucket, those of the longest prefixes first.
  private var routes: [String: [Route]] = [:]

  /// - Parameters:
  ///   - sources: what is known of buckets, by name.
  ///   - replicas: what is known of those that replicate, by name.
  init(
    _ products: [DataProduct], _ sources: [String: BucketFacts], _ replicas: [String: BucketFacts]
  ) {
    for product in products {
      guard let name = product.route.replica else { continue }
      let facts = replicas[name] ?? sources[name] ?? BucketFacts(name: name)
      routes[product.route.bucket, default: []].append(
        Route(prefix: product.route.prefix, replica: facts))
    }
    for bucket in routes.keys {
      routes[bucket]?.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }
  }

  /// Nil where nothing of the bucket goes anywhere.
  func replica(_ bucket: String, _ key: String) -> BucketFacts? {
    routes[bucket]?.first { key.utf8.starts(with: $0.prefix.utf8) }?.replica
  }
}
