import MeshModel

/// The keys that encrypt the catalogs in the secondary can be used: no write succeeds without them.
struct EncryptionKeyCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let keys = facts.snapshot?.digest.keys ?? [:]
    return keys.sorted { $0.key < $1.key }.compactMap { key, users in
      let whose = users.sorted().joined(separator: ", ")
      let show = "aws kms describe-key --region \(facts.secondary) --key-id \(key)"
      switch facts.keys[key] ?? .unknown("nobody asked") {
      case .known(.usable): return nil
      case .known(.missing):
        return Finding(
          .blocker, "key-missing", key, "the key that encrypts \(whose) is not there",
          remedy:
            "make it, as a replica of a multi-region key (aws kms replicate-key) or under its "
            + "alias, or name another under mapping: kms: in the mesh file")
      case .known(.unusable(let state)):
        return Finding(
          .blocker, "key-unusable", key, "the key that encrypts \(whose) is \(state)",
          remedy: "aws kms enable-key --region \(facts.secondary) --key-id \(key)")
      case .unknown(let reason):
        return Finding(
          .warning, "key-unknown", key,
          "whether the key that encrypts \(whose) can be used is unknown: \(reason)", remedy: show)
      }
    }
  }
}
