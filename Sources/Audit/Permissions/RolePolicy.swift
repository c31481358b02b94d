import CanonicalJSON

/// The least-privilege policy of a role, as IAM takes it.
public struct RolePolicy: Sendable {
  /// The most characters, white space not counted, that the inline policies of a role may have
  /// together.
  public static let largestSize = 10_240

  public let document: JSON

  public init(of role: AccountRole) {
    let permissions = PermissionTable.of(role)
    let groups = Dictionary(grouping: permissions) { permission in
      [
        permission.condition?.canonicalText ?? "", permission.resource,
        // What is bound to nothing stands together by service.
        String(permission.action.prefix { $0 != ":" }),
      ]
    }
    let statements = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    document = [
      "Version": "2012-10-17", "Statement": .array(statements.map { Self.statement($0.value) }),
    ]
  }

  private static func statement(_ permissions: [Permission]) -> JSON {
    let actions = Set(permissions.map(\.action)).sorted()
    var statement: JSON = [
      "Effect": "Allow", "Action": JSON(actions),
      "Resource": .string(permissions.first?.resource ?? "*"),
    ]
    statement["Condition"] = permissions.first?.condition
    return statement
  }

  /// How much of IAM's limit it takes: its characters without white space between them.
  public var size: Int { document.canonicalText.count }
}
