import Capture
import MeshModel
import Replication

extension RPOMeasurement {
  /// What the replication roles lack: one finding for each rule whose role lacks something. IAM can't be
  /// asked where the primary is lost.
  func roleFindings(
    _ products: [DataProduct], _ buckets: [String: BucketFacts]
  ) async throws -> [Finding] {
    guard !primaryLost else { return [] }
    var routes: [MetricSubject: ReplicaRoute] = [:]
    for product in products where product.route.source == .replicationRule {
      guard let subject = product.metricSubject else { continue }
      routes[subject] = product.route
    }
    let found = Guarded<[Finding]>([])
    try await forEachConcurrently(routes.values, limit: options.concurrency) { route in
      guard let facts = buckets[route.bucket], let role = facts.replicationRole,
        let account = ARN(role)?.account
      else { return }
      do {
        let client = try await clients.client(account, mesh.primary)
        let findings = try await ReplicationRole(role, client).findings(route)
        found.withLock { $0 += findings }
      } catch let error as CancellationError {
        throw error
      } catch {
        found.withLock { $0.append(ReplicationRole.unknown(route, error)) }
      }
    }
    return found.withLock(\.self)
  }
}
