import CanonicalJSON
import MeshModel

/// Every location can be registered, or is.
///
/// With Lake Formation's own role, registering edits a policy of IAM, whose control plane is in
/// us-east-1: it has to be done before that is lost.
struct LocationCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let registered = Dictionary(
      facts.accounts.map { ($0.id, $0.locations.value.map(Self.registered)) },
      uniquingKeysWith: { first, _ in first })
    return (facts.snapshot?.digest.locations ?? []).flatMap { location -> [Finding] in
      // Of accounts that nobody asked for nothing is said.
      guard registered.keys.contains(location.account) else { return [] }
      let known = registered[location.account] ?? nil
      let isRegistered = known?.contains(Self.plain(location.arn)) ?? false
      return [
        isRegistered ? nil : missingRole(location, facts),
        isRegistered ? nil : notRegistered(location, facts, isKnown: known != nil),
      ].compactMap(\.self)
    }
  }

  private static func registered(_ locations: [JSON]) -> Set<String> {
    Set(locations.compactMap { $0["ResourceArn"]?.string }.map(plain))
  }

  private static func plain(_ arn: String) -> String {
    arn.hasSuffix("/") ? String(arn.dropLast()) : arn
  }

  private func missingRole(_ location: SnapshotDigest.Location, _ facts: AuditFacts) -> Finding? {
    guard facts.principals[location.role] == .known(false) else { return nil }
    return Finding(
      .blocker, "location-role-missing", location.arn,
      "\(location.role), with which it is to be registered in \(location.account), does not exist",
      remedy: "make the role in \(location.account), or name another under mapping: principals: in "
        + "the mesh file")
  }

  private func notRegistered(
    _ location: SnapshotDigest.Location, _ facts: AuditFacts, isKnown: Bool
  ) -> Finding? {
    let role =
      location.usesServiceLinkedRole ? "--use-service-linked-role" : "--role-arn \(location.role)"
    let remedy =
      "aws lakeformation register-resource --region \(facts.secondary) "
      + "--resource-arn \(location.arn) \(role)"
    guard isKnown else {
      return Finding(
        .note, "location-unknown", location.arn,
        "whether it is registered in \(location.account) is unknown", remedy: remedy)
    }
    guard location.usesServiceLinkedRole else { return nil }
    let isWithIAM = facts.primary == "us-east-1"
    return Finding(
      isWithIAM ? .warning : .note, "location-not-registered", location.arn,
      "it is not registered in \(location.account) yet, and with Lake Formation's own role that "
        + "needs IAM" + (isWithIAM ? ", which is lost together with us-east-1" : ""),
      remedy: remedy)
  }
}
