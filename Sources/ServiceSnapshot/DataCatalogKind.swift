import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A data catalog that is registered with Athena.
///
/// One of type GLUE only names the catalog of an account, and is put back. The others need a Lambda
/// function or a connector in the region, and a person.
public struct DataCatalogKind: RestorableKind {
  public let kind = Kind.dataCatalog

  /// The catalog that every account and region has.
  private static let byDefault = "AwsDataCatalog"

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  /// Catalogs with a slash in their names are mounted by Athena itself.
  public func restorability(of body: JSON) -> Restorability {
    if body["Name"]?.string?.contains("/") ?? false { return .descriptive }
    return body["Type"] == "GLUE" ? .restorable : .manual
  }

  public func comparable(_ body: JSON) -> JSON { Self.input(body) }

  private static func input(_ body: JSON) -> JSON {
    body.keeping(only: AWSShape.createDataCatalogInput).withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("Name", by: mapper.name)
    body["Parameters"] = body["Parameters"]?.mapStrings(mapper.hint)
    body["Parameters"]?.replace("catalog-id", by: mapper.principal)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("Name", of: body)]
  }

  /// ListDataCatalogs, and GetDataCatalog for the parameters of each.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let names = try await site.client.all(.athenaListDataCatalogs).map {
      try required("CatalogName", of: $0)
    }
    let catalogs = try await gather(names.filter { $0 != Self.byDefault }) { name in
      try await unlessGone {
        let answer = try await site.client.call(.athenaGetDataCatalog, ["Name": .string(name)])
        guard let catalog = answer["DataCatalog"] else {
          throw MalformedRecord(kind: kind, member: "DataCatalog")
        }
        return Record(
          key: site.key(kind, [name]), value: ConnectionSecrets.withholding(catalog))
      }
    }
    for catalog in catalogs { try sink.add(catalog) }
  }

  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? {
    guard restorability(of: body) == .manual else { return nil }
    let fields = live.map { comparable(body).differences(from: comparable($0)) }
    guard fields != [] else { return nil }
    let operation = live == nil ? "athena create-data-catalog" : "athena update-data-catalog"
    var command = CLICommand(operation, region: region)
      .option("name", key.path.first ?? "").option("type", body["Type"]?.string ?? "")
    if let description = body["Description"]?.string, !description.isEmpty {
      command = command.option("description", description)
    }
    command = command.option("parameters", body["Parameters"] ?? [:])
    let differs = fields.map { "differs in \($0.joined(separator: ", ")); " } ?? ""
    return ManualStep(
      live == nil ? .create : .change, key, reason: differs + Self.need(of: body),
      commands: [command.text])
  }

  private static func need(of body: JSON) -> String {
    switch body["Type"]?.string {
    case "LAMBDA", "HIVE": "its Lambda functions have to be in the region first"
    default: "Athena builds its connector anew, which needs a network and a secret of the region"
    }
  }

  /// CreateDataCatalog, UpdateDataCatalog and DeleteDataCatalog.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name: JSON = ["Name": .string(change.key.path.first ?? "")]
      guard let desired = change.desired else {
        try await site.remove(.athenaDeleteDataCatalog, name)
        continue
      }
      guard change.step == .create else {
        _ = try await site.client.call(.athenaUpdateDataCatalog, Self.input(desired))
        continue
      }
      try await site.createOnce(.athenaCreateDataCatalog, Self.input(desired)) {
        try await unlessGone { try await site.client.call(.athenaGetDataCatalog, name) } != nil
      }
    }
    return []
  }
}
