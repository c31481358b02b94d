import CanonicalJSON
import MeshModel

/// What the replication rules of a bucket do with a prefix, as far as an audit needs it. Pure.
struct ReplicationRules {
  private struct Rule {
    let prefix: String
    let priority: Int
    let storageClass: String
  }

  /// Enabled ones without tags, the one that wins first.
  private let rules: [Rule]

  /// - Parameter bucket: a bucket as it was captured.
  init(_ bucket: JSON) {
    let listed = bucket["ReplicationConfiguration"]?["Rules"]?.array ?? []
    rules = listed.compactMap { rule -> Rule? in
      let filter = rule["Filter"]
      let and = filter?["And"]
      let hasTags =
        filter?["Tag"] != nil || !(and?["Tags"]?.array ?? and?["Tag"]?.array ?? []).isEmpty
      guard rule["Status"] == "Enabled", !hasTags else { return nil }
      return Rule(
        prefix: rule["Prefix"]?.string ?? filter?["Prefix"]?.string ?? and?["Prefix"]?.string ?? "",
        priority: rule["Priority"]?.integer ?? 0,
        storageClass: rule["Destination"]?["StorageClass"]?.string ?? "STANDARD")
    }.sorted { $0.priority > $1.priority }
  }

  /// Why what lies in a location can't be read from its replica: the code of a finding, and its
  /// sentence; nil where it can.
  /// - Parameter location: what stands behind the bucket.
  func shortcoming(of location: String) -> (code: String, message: String)? {
    // What lies in a location has its name and a slash before it.
    let prefix = location.isEmpty || location.hasSuffix("/") ? location : location + "/"
    guard let rule = rules.first(where: { prefix.hasPrefix($0.prefix) }) else {
      return ("prefix-not-covered", "no enabled replication rule covers all of it")
    }
    guard ["GLACIER", "DEEP_ARCHIVE"].contains(rule.storageClass) else { return nil }
    return (
      "replica-archived",
      "its replicas are written to \(rule.storageClass): they can't be read before they are restored"
    )
  }
}
