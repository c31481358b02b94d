import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Asks IAM what a role may do: SimulatePrincipalPolicy, by the role itself. Nothing is tried.
public struct RightsAsker: Sendable {
  private let site: Site
  private let role: AccountRole
  /// How many actions one call asks about.
  private static let actionsPerCall = 100

  /// - Parameter site: the account, entered with the role in the region that it works in.
  public init(_ site: Site, as role: AccountRole) {
    self.site = site
    self.role = role
  }

  /// What of its policy the role may not do in the region.
  public func rights() async -> Answer<Rights> {
    await .asking {
      var rights = Rights()
      // What a statement is bound to is told along, so that actions are asked about by that.
      let permissions = PermissionTable.of(role).filter { $0.resource == "*" }
      let groups = Dictionary(grouping: permissions) { $0.condition?.canonicalText ?? "" }
      for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
        try await ask(group, into: &rights)
      }
      rights.denied = Set(rights.denied).sorted()
      rights.deniedByOrganization = Set(rights.deniedByOrganization).sorted()
      return rights
    }
  }

  private func ask(_ permissions: [Permission], into rights: inout Rights) async throws {
    let actions = Set(permissions.map(\.action)).sorted()
    let context = Self.context(permissions.first?.condition, site.region)
    for start in stride(from: 0, to: actions.count, by: Self.actionsPerCall) {
      let some = Array(actions[start..<min(start + Self.actionsPerCall, actions.count)])
      let results = try await site.client.all(
        .iamSimulatePrincipalPolicy,
        [
          "PolicySourceArn": .string(site.principal), "ActionNames": JSON(some),
          "ContextEntries": context,
        ])
      for result in results where result["EvalDecision"] != "allowed" {
        guard let action = result["EvalActionName"]?.string else { continue }
        rights.denied.append(action)
        let organization = result["OrganizationsDecisionDetail"]?["AllowedByOrganizations"]
        if organization == "false" || organization == false {
          rights.deniedByOrganization.append(action)
        }
      }
    }
  }

  /// The region that is asked for, and one value for each key that the condition looks at.
  private static func context(_ condition: JSON?, _ region: String) -> JSON {
    func entry(_ key: String, _ value: String) -> JSON {
      [
        "ContextKeyName": .string(key), "ContextKeyType": "string",
        "ContextKeyValues": [.string(value)],
      ]
    }
    var entries = [entry("aws:RequestedRegion", region)]
    for (_, keys) in condition?.object ?? [:] {
      for (key, wanted) in keys.object ?? [:] {
        let pattern = wanted.string ?? wanted.strings.first ?? ""
        entries.append(
          entry(key, pattern.replacing("*", with: key == "kms:ViaService" ? region : "")))
      }
    }
    return .array(entries)
  }
}
