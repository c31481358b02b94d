import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A crawler. It comes back at rest, unless it is asked for at work: one with a schedule writes into
/// the restored catalog.
public struct CrawlerKind: RestorableKind {
  public let kind = Kind.crawler

  private static let input = AWSShape.updateCrawlerRequest.subtracting(["Schedule"])

  /// Whether it gets its schedule.
  private let activates: Bool

  public init(activating: Bool = false) {
    activates = activating
  }

  public func phase(of body: JSON) -> Phase { .services }

  /// The database that it writes into.
  public func scope(of key: RecordKey, body: JSON) -> [String]? {
    body["DatabaseName"]?.string.map { [$0] } ?? []
  }

  /// When it runs; nil for one at rest.
  private static func schedule(of body: JSON) -> String? {
    let schedule = body["Schedule"]
    return schedule?["State"]?.string == "NOT_SCHEDULED"
      ? nil : schedule?["ScheduleExpression"]?.string
  }

  /// Everything but the schedule, unless it is asked for. A role that was given by its ARN may be listed by its name.
  public func comparable(_ body: JSON) -> JSON {
    var crawler = body.keeping(only: Self.input)
    crawler.replace("Role") { role in
      guard let resource = ARN(role)?.resource, resource.hasPrefix("role/") else { return role }
      return String(resource.dropFirst("role/".count))
    }
    if activates { crawler["Schedule"] = Self.schedule(of: body).map(JSON.string) }
    return crawler.withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    for name in ["Name", "DatabaseName"] { body.replace(name, by: mapper.name) }
    body.replace("Role", by: mapper.principal)
    body["Classifiers"] = body["Classifiers"]?.mapStrings(mapper.name)
    body["LakeFormationConfiguration"]?.replace("AccountId", by: mapper.account)
    var targets = body["Targets"]?.mapStrings(mapper.text)
    if let paths = targets?["S3Targets"]?.array {
      targets?["S3Targets"] = .array(paths.map { Self.mapped($0, by: mapper) })
    }
    if let catalogs = targets?["CatalogTargets"] {
      targets?["CatalogTargets"] = catalogs.mapping(["DatabaseName": mapper.name])
    }
    body["Targets"] = targets?.mapping(["ConnectionName": mapper.name])
    return body
  }

  /// The path of an S3 target may lack its scheme: then it begins with the bucket.
  private static func mapped(_ target: JSON, by mapper: Mapper) -> JSON {
    var target = target
    target.replace("Path") { path in
      guard !path.contains("://") else { return path }
      let slash = path.firstIndex(of: "/") ?? path.endIndex
      return mapper.bucket(String(path[..<slash])) + path[slash...]
    }
    return target
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("Name", of: body)]
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    (body["Classifiers"]?.strings ?? []).map {
      .record(RecordKey(account: key.account, kind: .classifier, path: [$0]))
    }
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .glueGetCrawlers, [:], into: sink) {
      [try required("Name", of: $0)]
    }
  }

  /// The command that sets a crawler to work again.
  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? {
    guard !activates, let times = Self.schedule(of: body),
      live?["Schedule"]?["ScheduleExpression"] == nil
    else { return nil }
    let command = CLICommand("glue update-crawler-schedule", region: region)
      .option("crawler-name", key.path.first ?? "").option("schedule", times)
    return ManualStep(
      .finish, key, reason: "is kept at rest; give it its schedule when the mesh runs here",
      commands: [command.text])
  }

  /// CreateCrawler, UpdateCrawler and DeleteCrawler. Without a schedule, unless that is asked for: an
  /// update leaves the one that somebody has set.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      guard let desired = change.desired else {
        try await site.remove(.glueDeleteCrawler, ["Name": .string(change.key.path.first ?? "")])
        continue
      }
      let operation: AWSOperation =
        change.step == .create ? .glueCreateCrawler : .glueUpdateCrawler
      var request = desired.keeping(only: Self.input)
      if activates { request["Schedule"] = .string(Self.schedule(of: desired) ?? "") }
      _ = try await site.client.call(operation, request)
    }
    return []
  }
}
