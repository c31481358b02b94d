import MeshModel

/// Replication covers every registered location, and what it writes can be read at once. The same
/// judge has said so that `meshdr rpo` asks.
struct ReplicationCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    Array(facts.snapshot?.digest.replication ?? [])
  }
}
