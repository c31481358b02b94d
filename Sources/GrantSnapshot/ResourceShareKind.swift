import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A RAM resource share that the account owns or has received, with what it shares to whom.
///
/// Lake Formation makes shares of its own from cross-account grants, and makes them again when the
/// grants come back. One that people made of parts of the catalog is left to a person: whom else in
/// another region it may reach is theirs to say.
public struct ResourceShareKind: CapturedKind {
  public let kind = Kind.resourceShare
  public let restorability = Restorability.descriptive

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
      "permissionArns": JSON(Self.texts(body["permissions"], "arn")),
      "tags": (body["tags"] ?? []).sorted,
    ]
  }

  private static func texts(_ list: JSON?, _ member: String) -> [String] {
    Set((list?.array ?? []).compactMap { $0[member]?.string }).sorted()
  }

  /// Nothing in a record that a person puts back can stop a restore: what has no counterpart stays.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["owningAccountId"] = body["owningAccountId"]?.mapStrings(mapper.account)
    for (list, member) in [("resources", "arn"), ("principals", "id")] {
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
    let wanted = comparable(body)
    let fields = live.map { wanted.differences(from: comparable($0)) }
    guard fields != [] else { return nil }
    var input = wanted
    input["name"] = body["name"]
    let create = CLICommand("ram create-resource-share", region: region)
      .option("cli-input-json", input)
    guard let live, let fields, let arn = live["resourceShareArn"]?.string else {
      return ManualStep(
        .create, key,
        reason: "somebody made it by hand, and who may reach the secondary is theirs to say",
        commands: [create.text])
    }
    let reason =
      "differs in \(fields.joined(separator: ", ")); what is shared too widely has to be taken away "
      + "before anything is added"
    let show = CLICommand("ram get-resource-share-associations", region: region)
    return ManualStep(
      .change, key, reason: reason,
      commands: ["PRINCIPAL", "RESOURCE"].map {
        show.option("association-type", $0).option("resource-share-arns", arn).text
      } + changes(wanted, comparable(live), arn, region))
  }

  /// Disassociates what is too much, then associates what is missing.
  private func changes(_ wanted: JSON, _ live: JSON, _ arn: String, _ region: String) -> [String] {
    [("disassociate", live, wanted), ("associate", wanted, live)].compactMap { verb, from, other in
      var input: JSON = ["resourceShareArn": .string(arn)]
      for list in ["principals", "resourceArns"] {
        let some = Set((from[list] ?? []).strings).subtracting((other[list] ?? []).strings)
        if !some.isEmpty { input[list] = JSON(some.sorted()) }
      }
      guard (input.object ?? [:]).count > 1 else { return nil }
      return CLICommand("ram \(verb)-resource-share", region: region)
        .option("cli-input-json", input).text
    }
  }
}
