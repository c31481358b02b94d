import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A RAM resource share that the account owns or has received, with what it shares to whom.
///
/// Lake Formation makes shares of its own from cross-account grants, and makes them again when the
/// grants come back. One that people made of parts of the catalog is left to a person, with the
/// commands. RAM gives away what Lake Formation does not check: nothing that is computed from records
/// tells whether somebody gained access by it, and a permission of RAM can only be given in the version
/// that is the default on that day, which may allow more than the one that the primary has.
public struct ResourceShareKind: CapturedKind {
  public let kind = Kind.resourceShare
  /// Of the few that people made; most are Lake Formation's own, and descriptive.
  public let restorability = Restorability.manual

  /// How Lake Formation names the shares that it makes: `LakeFormation-V4-1A2B3C4D5E`.
  private static let madeByGrants = "LakeFormation-"

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  /// Manual only where the account itself shares parts of its catalog, other than by grants.
  public func restorability(of body: JSON) -> Restorability {
    let isOwn = body["resourceShareAssociations"] != nil
    let isOfCatalog = Self.texts(body["resources"], "arn").contains { ARN($0)?.service == "glue" }
    let isMadeByGrants = body["name"]?.string?.hasPrefix(Self.madeByGrants) ?? false
    return isOwn && isOfCatalog && !isMadeByGrants ? .manual : .descriptive
  }

  public func comparable(_ body: JSON) -> JSON {
    [
      "allowExternalPrincipals": body["allowExternalPrincipals"] ?? false,
      "principals": JSON(Self.texts(body["principals"], "id")),
      "resourceArns": JSON(Self.texts(body["resources"], "arn")),
      "permissions": JSON.array(
        Self.permissions(body).map { ["arn": $0.arn, "version": $0.version] }),
      "tags": (body["tags"] ?? []).sorted,
    ]
  }

  private typealias Permission = (arn: JSON, version: JSON)

  /// One for each type of resource in the share.
  private static func permissions(_ body: JSON) -> [Permission] {
    (body["permissions"] ?? []).sorted.array?.map { ($0["arn"] ?? nil, $0["version"] ?? nil) } ?? []
  }

  private static func texts(_ list: JSON?, _ member: String) -> [String] {
    Set((list?.array ?? []).compactMap { $0[member]?.string }).sorted()
  }

  /// Nothing in a record that a person puts back can stop a restore: what has no counterpart stays.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["owningAccountId"] = body["owningAccountId"]?.mapStrings(mapper.account)
    for (list, member) in [("resources", "arn"), ("principals", "id"), ("permissions", "arn")] {
      let elements = (body[list]?.array ?? []).map { element in
        var element = element
        element[member] = element[member]?.mapStrings {
          member == "id" ? mapper.principal($0) : mapper.hint($0)
        }
        return element
      }
      body[list] = .array(elements)
    }
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [mapper.account(path.first ?? "")] + path.dropFirst()
  }

  /// GetResourceShares, ListResources, ListPrincipals and, of the account's own,
  /// GetResourceShareAssociations, each for all shares; ListResourceSharePermissions once for each of
  /// its own.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    for owner in ["SELF", "OTHER-ACCOUNTS"] {
      let shares = try await ResourceShares(ownedBy: owner, at: site)
      for share in try await shares.complete() {
        let owner = try required("owningAccountId", of: share)
        let name = try shares.name(of: share)
        try sink.add(Record(key: site.key(kind, [owner] + name), value: share))
      }
    }
  }

  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? {
    guard restorability(of: body) == .manual else { return nil }
    let fields = live.map { comparable(body).differences(from: comparable($0)) }
    guard fields != [] else { return nil }
    guard let live, let fields, let arn = live["resourceShareArn"]?.string else {
      return ManualStep(
        .create, key,
        reason: "somebody made it by hand, and who may reach the secondary is theirs to say"
          + Self.versions(body),
        commands: [ShareCommands(region).create(body, comparable(body))])
    }
    let reason =
      "differs in \(fields.joined(separator: ", ")); what is shared too widely has to be taken away "
      + "before anything is added" + Self.versions(body)
    let commands = ShareCommands(region).change(arn, to: comparable(body), from: comparable(live))
    return ManualStep(.change, key, reason: reason, commands: commands)
  }

  /// RAM takes no version but the default one.
  private static func versions(_ body: JSON) -> String {
    let old = (body["permissions"]?.array ?? []).filter { $0["defaultVersion"] == false }
    return old.map {
      "; the primary has version \($0["version"]?.string ?? "") of \($0["name"]?.string ?? ""), which "
        + "is not the default: the default may allow more"
    }.joined()
  }
}
