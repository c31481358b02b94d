import Audit
import CanonicalJSON

/// `meshdr iam-policy`: the least-privilege policy of a role.
public struct PolicyOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// Prints the policy as `aws iam put-role-policy` takes it.
  /// - Parameter role: `reader` or `restorer`.
  public func run(_ role: String) throws -> ExitCode {
    guard let role = AccountRole(rawValue: role) else {
      throw CommandFailure(.usage, "“\(role)” is no role: write reader or restorer")
    }
    let policy = RolePolicy(of: role)
    switch context.options.output {
    case .json: context.output(policy.document)
    case .text: context.surroundings.output(policy.document.prettyText)
    }
    return .done
  }
}
