import CanonicalJSON
import MeshModel

/// The keys that encrypt the catalogs in the secondary can be used: no write succeeds without them.
struct EncryptionKeyCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let keys = facts.snapshot?.digest.keys ?? [:]
    return keys.sorted { $0.key < $1.key }.flatMap { key, users in findings(facts, key, users) }
  }

  private func findings(_ facts: AuditFacts, _ key: String, _ users: Set<String>) -> [Finding] {
    let whose = users.sorted().joined(separator: ", ")
    switch facts.keys[key] ?? .unknown("nobody asked") {
    case .known(.usable): return policyFindings(facts, key, whose)
    case .known(.missing):
      return [
        Finding(
          .blocker, "key-missing", key, "the key that encrypts \(whose) is not there",
          remedy:
            "make it, as a replica of a multi-region key (aws kms replicate-key) or under its "
            + "alias, or name another under mapping: kms: in the mesh file")
      ]
    case .known(.unusable(let state)):
      return [
        Finding(
          .blocker, "key-unusable", key, "the key that encrypts \(whose) is \(state)",
          remedy: "aws kms enable-key --region \(facts.secondary) --key-id \(key)")
      ]
    case .unknown(let reason):
      return [
        Finding(
          .warning, "key-unknown", key,
          "whether the key that encrypts \(whose) can be used is unknown: \(reason)",
          remedy: "aws kms describe-key --region \(facts.secondary) --key-id \(key)")
      ]
    }
  }

  /// A key that is there may still refuse whoever writes.
  private func policyFindings(_ facts: AuditFacts, _ key: String, _ whose: String) -> [Finding] {
    func unknown(_ reason: String) -> [Finding] {
      [
        Finding(
          .warning, "key-policy-unknown", key,
          "whether the policy of the key that encrypts \(whose) lets the restorer use it is unknown: "
            + reason,
          remedy: "aws kms get-key-policy --policy-name default --region \(facts.secondary) "
            + "--key-id \(key)")
      ]
    }
    let policy: JSON
    switch facts.keyPolicies[key] ?? .unknown("nobody asked") {
    case .unknown(let reason): return unknown(reason)
    case .known(let answer): policy = answer
    }
    guard let judged = KeyPolicy(policy) else { return unknown("it has no statements") }
    for account in (facts.snapshot?.digest.keyAccounts[key] ?? []).sorted() {
      guard let restorer = facts.accounts.first(where: { $0.id == account })?.restorer.principal
      else { return unknown("nobody could enter \(account)") }
      if let doubt = judged.doubt(of: restorer, account: account, in: facts.secondary) {
        return unknown(doubt)
      }
    }
    return []
  }
}
