import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// All resource shares that an account owns, or all that it has received, and what belongs to them.
struct ResourceShares {
  /// Shares that are gone are listed for some hours more.
  private static let gone: Set<String> = ["DELETING", "DELETED"]

  private let site: Site
  private let isOwn: Bool
  private var shares: [JSON]
  /// Elements of each member by the ARN of their share.
  private var members: [String: [String: [JSON]]] = [:]

  /// - Parameter owner: `SELF` or `OTHER-ACCOUNTS`.
  /// - Throws: `AWSFailure`.
  init(ownedBy owner: String, at site: Site) async throws {
    self.site = site
    isOwn = owner == "SELF"
    let request: JSON = ["resourceOwner": .string(owner)]
    shares = try await site.client.all(.ramGetResourceShares, request).filter {
      !Self.gone.contains($0["status"]?.string ?? "")
    }
    guard !shares.isEmpty else { return }
    try await gather(.ramListResources, request, as: "resources")
    try await gather(.ramListPrincipals, request, as: "principals")
    guard isOwn else { return }
    for type in ["PRINCIPAL", "RESOURCE"] {
      try await gather(
        .ramGetResourceShareAssociations, ["associationType": .string(type)],
        as: "resourceShareAssociations")
    }
  }

  private mutating func gather(
    _ operation: AWSOperation, _ request: JSON, as member: String
  ) async throws {
    for element in try await site.client.all(operation, request) {
      guard let arn = element["resourceShareArn"]?.string else { continue }
      members[arn, default: [:]][member, default: []].append(element)
    }
  }

  /// Each share with its members, in one order whatever the order in which AWS listed them.
  /// - Throws: `AWSFailure` and `MalformedRecord`.
  func complete() async throws -> [JSON] {
    var complete: [JSON] = []
    for var share in shares {
      let arn = try ResourceShareKind().required("resourceShareArn", of: share)
      var lists = ["resources", "principals"]
      if isOwn {
        lists.append("resourceShareAssociations")
        let permissions = try await site.client.all(
          .ramListResourceSharePermissions, ["resourceShareArn": .string(arn)])
        share["permissions"] = JSON.array(permissions).sorted
      }
      for list in lists { share[list] = JSON.array(members[arn]?[list] ?? []).sorted }
      complete.append(share)
    }
    return complete
  }

  /// What names a share among those of its owner: its name, and where several bear it, its id, too.
  /// - Throws: `MalformedRecord`.
  func name(of share: JSON) throws -> [String] {
    let name = try ResourceShareKind().required("name", of: share)
    let owner = share["owningAccountId"]
    let namesakes = shares.filter { $0["name"] == share["name"] && $0["owningAccountId"] == owner }
    guard namesakes.count > 1 else { return [name] }
    let arn = try ResourceShareKind().required("resourceShareArn", of: share)
    return [name, arn.split(separator: "/").last.map(String.init) ?? arn]
  }
}
