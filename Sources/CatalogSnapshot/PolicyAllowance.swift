import CanonicalJSON

/// What one statement of a catalog's resource policy allows.
public struct PolicyAllowance: Sendable, Hashable {
  /// Accounts, and users and roles by their ARNs; `*` for everybody.
  public let principals: [String]
  public let actions: [String]
  /// ARNs, maybe with patterns in them.
  public let resources: [String]
  /// Whether it is bound to a condition.
  public let isConditional: Bool
}

extension ResourcePolicyKind {
  /// What a policy allows, in the order of its normal form; nil where it can't be read as a policy.
  ///
  /// What services may do, as RAM may share the catalog, is left out.
  public static func allowances(of body: JSON) -> [PolicyAllowance]? {
    guard let text = body["PolicyInJson"]?.string, let policy = try? PolicyDocument(text) else {
      return nil
    }
    let statements = policy.json["Statement"]?.array ?? []
    return statements.filter { $0["Effect"] == "Allow" }.compactMap { statement in
      let stated = statement["Principal"] ?? nil
      let principals = stated.string.map { [$0] } ?? stated["AWS"]?.strings ?? []
      guard !principals.isEmpty else { return nil }
      return PolicyAllowance(
        principals: principals, actions: statement["Action"]?.strings ?? [],
        resources: statement["Resource"]?.strings ?? [],
        isConditional: statement["Condition"] != nil)
    }
  }
}
