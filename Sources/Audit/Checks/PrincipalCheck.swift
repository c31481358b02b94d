import MeshModel

/// The roles and users that grants name exist: what names one that does not can be neither granted
/// nor revoked.
struct PrincipalCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let named = facts.snapshot?.digest.principals ?? [:]
    let missing = named.sorted { $0.key < $1.key }.compactMap { principal, count -> Finding? in
      guard facts.principals[principal] == .known(false) else { return nil }
      return finding(principal, count)
    }
    return missing + unknown(facts, named)
  }

  private func finding(_ principal: String, _ count: Int) -> Finding {
    let isUser = ARN(principal)?.resource.hasPrefix("user/") ?? false
    let name = RightsCheck.name(of: principal)
    let show = isUser ? "get-user --user-name" : "get-role --role-name"
    return Finding(
      .warning, "principal-missing", principal,
      "it does not exist, and \(count == 1 ? "one record names" : "\(count) records name") it: "
        + "a restore leaves them out, and says so",
      remedy:
        "aws iam \(show) \(name) shows whether it is there. Name its successor under mapping: "
        + "principals: in the mesh file, or make it again and revoke its grants")
  }

  /// One finding for all: in an account that can't be asked there may be very many.
  private func unknown(_ facts: AuditFacts, _ named: [String: Int]) -> [Finding] {
    let unknown = named.keys.filter { facts.principals[$0]?.reason != nil }
    let byReason = Dictionary(grouping: unknown) { facts.principals[$0]?.reason ?? "" }
    return byReason.sorted { $0.key < $1.key }.map { reason, principals in
      let sorted = principals.sorted()
      return Finding(
        .note, "principals-unknown", sorted[0],
        (sorted.count == 1
          ? "whether it exists is unknown"
          : "whether it and \(sorted.count - 1) more exist is unknown") + ": \(reason)",
        remedy: "allow the restorer iam:GetRole and iam:GetUser, or run meshdr audit when IAM "
          + "answers again")
    }
  }
}
