import AWSAccess
import CanonicalJSON

/// The two roles that meshdr enters accounts with.
public enum AccountRole: String, Sendable, Hashable, CaseIterable {
  case reader, restorer
}

/// One action of IAM that a role needs, and what it is for.
public struct Permission: Sendable {
  /// As policies name it: `glue:GetTables`.
  public let action: String
  /// The operation that needs it, as the call log names it; nil where AWS does something by itself
  /// with the caller's rights.
  public let operation: String?
  public let roles: Set<AccountRole>
  /// Why a snapshot and a restore of a healthy mesh may never call it; nil where they do.
  public let onlyWhere: String?
  /// What the statement is bound to; nil for none.
  public let condition: JSON?
  public let resource: String

  init(
    _ action: String, of operation: String? = nil, _ roles: Set<AccountRole>,
    onlyWhere: String? = nil, condition: JSON? = nil, resource: String = "*"
  ) {
    self.action = action
    self.operation = operation
    self.roles = roles
    self.onlyWhere = onlyWhere
    self.condition = condition
    self.resource = resource
  }

  /// The action of an operation: its service and name, unless AWS says otherwise.
  init(
    _ operation: AWSOperation, as action: String? = nil, _ roles: Set<AccountRole>,
    onlyWhere: String? = nil, condition: JSON? = nil, resource: String = "*"
  ) {
    let service = operation.service.signingName
    let prefix = service == "monitoring" ? "cloudwatch" : service
    self.init(
      action ?? "\(prefix):\(operation.name)", of: "\(service):\(operation.name)", roles,
      onlyWhere: onlyWhere, condition: condition, resource: resource)
  }
}

/// Every action that the roles need. The policies are made of it, audits simulate it, and a test
/// holds it against the calls that a snapshot and a restore make.
public enum PermissionTable {
  public static let all: [Permission] =
    catalogReads + lakeReads + shareReads + serviceReads + bucketReads + replicationReads
    + tableReads
    + auditReads
    + catalogWrites + lakeWrites + serviceWrites + silent

  public static func of(_ role: AccountRole) -> [Permission] {
    all.filter { $0.roles.contains(role) }
  }
}
