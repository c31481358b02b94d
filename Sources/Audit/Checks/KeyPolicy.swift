import CanonicalJSON
import MeshModel

/// What the policy of a KMS key says of one principal that writes to an encrypted catalog. Pure.
///
/// A policy is taken for leave only where it gives it without doubt; grants of KMS, which can give it as
/// well, are not looked at.
struct KeyPolicy {
  private static let needed = ["kms:decrypt", "kms:encrypt", "kms:generatedatakey"]

  private let statements: [JSON]

  /// Nil for what has no statements.
  init?(_ policy: JSON) {
    guard let stated = policy["Statement"] else { return nil }
    statements = stated.array ?? [stated]
  }

  /// Why it is not certain that the principal may use the key through Glue; nil where it is.
  /// - Parameters:
  ///   - principal: the restorer's ARN.
  ///   - account: whose catalog it is.
  ///   - region: where the catalog is.
  func doubt(of principal: String, account: String, in region: String) -> String? {
    let denying = statements.filter { statement in
      statement["Effect"] != "Allow" && Self.needed.contains { Self.concerns($0, statement) }
    }
    if let denial = denying.first {
      let name = denial["Sid"]?.string.map { " “\($0)”" } ?? ""
      return "statement\(name) denies something, and whom it concerns is not judged"
    }
    let missing = Self.needed.filter { action in
      !statements.contains { statement in
        statement["Effect"] == "Allow" && statement["NotAction"] == nil
          && statement["NotPrincipal"] == nil && Self.concerns(action, statement)
          && Self.names(principal, account, statement["Principal"] ?? nil)
          && Self.holds(statement["Condition"], account, region)
      }
    }
    return missing.isEmpty
      ? nil : "no statement lets \(principal) do \(missing.joined(separator: ", ")) without doubt"
  }

  private static func list(_ value: JSON?) -> [String] {
    value?.string.map { [$0] } ?? value?.strings ?? []
  }

  private static func concerns(_ action: String, _ statement: JSON) -> Bool {
    // What is left out is not looked at: it may be any of them.
    if statement["NotAction"] != nil { return true }
    return list(statement["Action"]).contains { pattern in
      let pattern = pattern.lowercased()
      guard pattern.hasSuffix("*") else { return pattern == action }
      return action.hasPrefix(pattern.dropLast())
    }
  }

  /// A key policy that names an account leaves it to the policies of IAM there, which are judged with
  /// the restorer's rights.
  private static func names(_ principal: String, _ account: String, _ stated: JSON) -> Bool {
    let partition = principal.split(separator: ":").dropFirst().first ?? "aws"
    let root = "arn:\(partition):iam::\(account):root"
    return (list(stated) + list(stated["AWS"])).contains {
      [principal, account, root, "*"].contains($0)
    }
  }

  /// The conditions that AWS's own keys have: calls of the account, through Glue.
  private static func holds(_ condition: JSON?, _ account: String, _ region: String) -> Bool {
    let known = [
      "kms:calleraccount": account, "kms:viaservice": "glue.\(region).amazonaws.com",
    ]
    return (condition?.object ?? [:]).allSatisfy { test, keys in
      ["StringEquals", "StringLike"].contains(test)
        && (keys.object ?? [:]).allSatisfy { key, values in
          known[key.lowercased()].map { wanted in
            list(values).contains {
              $0 == wanted || $0.replacing("*.amazonaws", with: "\(region).amazonaws") == wanted
            }
          } ?? false
        }
    }
  }
}
