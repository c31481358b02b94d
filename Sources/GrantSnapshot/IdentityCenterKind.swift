import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The account's connection between Lake Formation and IAM Identity Center.
///
/// An instance of Identity Center is of one region, and an application of it is made with the
/// connection: a person decides to which instance the secondary belongs.
public struct IdentityCenterKind: CapturedKind {
  public let kind = Kind.identityCenter
  public let restorability = Restorability.manual

  /// What can be chosen; the rest AWS makes.
  private static let chosen: Set<String> = [
    "ExternalFiltering", "ShareRecipients", "ServiceIntegrations",
  ]

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  public func comparable(_ body: JSON) -> JSON {
    var connection = body.keeping(only: Self.chosen)
    connection["ShareRecipients"] = (body["ShareRecipients"] ?? []).sorted
    return connection
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    body["ShareRecipients"] = body["ShareRecipients"]?.mapStrings(mapper.principal)
    return body
  }

  /// DescribeLakeFormationIdentityCenterConfiguration, which finds nothing where there is none.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    do {
      let connection = try await site.client.call(
        .lakeFormationDescribeLakeFormationIdentityCenterConfiguration, [:])
      try sink.add(Record(key: site.key(kind, []), value: connection))
    } catch let failure as AWSFailure where failure.isNotFound {
      return
    }
  }

  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? {
    let wanted = comparable(body)
    let fields = live.map { wanted.differences(from: comparable($0)) }
    guard fields != [] else { return nil }
    let verb = live == nil ? "create" : "update"
    var command = CLICommand(
      "lakeformation \(verb)-lake-formation-identity-center-configuration", region: region)
    if live == nil {
      command = command.option(
        "instance-arn", "<ARN of the instance of IAM Identity Center for \(region)>")
    }
    for (option, member) in [
      ("external-filtering", "ExternalFiltering"), ("share-recipients", "ShareRecipients"),
      ("service-integrations", "ServiceIntegrations"),
    ] {
      guard let value = wanted[member], live != nil || value != [] else { continue }
      command = command.option(option, value)
    }
    return ManualStep(
      live == nil ? .create : .change, key,
      reason: fields.map { "differs in \($0.joined(separator: ", "))" }
        ?? "an instance of IAM Identity Center is of one region; the secondary's has to know the "
        + "same users and groups",
      commands: [command.text])
  }
}
