import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The AWS tags of a database. Of what belongs to a catalog, Glue lets only databases bear any.
///
/// IAM policies can go by them, so they come in the call that creates their database. They are not
/// LF-Tags.
public struct DatabaseTagsKind: RestorableKind {
  public let kind = Kind.databaseTags
  public let parents = [Kind.database]
  public let restrictsAccess = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .databases }

  /// The tags, without those that AWS reserves: nobody can set them.
  public func comparable(_ body: JSON) -> JSON {
    .object((body["Tags"]?.object ?? [:]).filter { !$0.key.lowercased().hasPrefix("aws:") })
  }

  public func parent(of key: RecordKey) -> RecordKey? { .database(of: key) }
  public func createdWith(_ key: RecordKey) -> RecordKey? { .database(of: key) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.database(of: key))]
  }

  /// GetTags, once a database; a link bears tags as well.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let key = parent?.key else { return }
    let answer = try await site.client.call(
      .glueGetTags, ["ResourceArn": .string(Self.arn(key, at: site))])
    guard !(comparable(answer).object ?? [:]).isEmpty else { return }
    try sink.add(Record(key: site.key(kind, key.path), value: answer))
  }

  static func arn(_ key: RecordKey, at site: Site) -> String {
    let partition = AWSRegion(site.region).partition.name
    let database = key.path.first ?? ""
    return "arn:\(partition):glue:\(site.region):\(key.account):database/\(database)"
  }

  /// TagResource and UntagResource: what is too much goes before what is missing comes.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let arn = JSON.string(Self.arn(change.key, at: site))
      let desired = comparable(change.desired ?? [:]).object ?? [:]
      let live = comparable(change.live ?? [:]).object ?? [:]
      let excess = live.keys.filter { desired[$0] == nil }.sorted()
      if !excess.isEmpty {
        _ = try await site.client.call(
          .glueUntagResource, ["ResourceArn": arn, "TagsToRemove": JSON(excess)])
      }
      let missing = desired.filter { live[$0.key] != $0.value }
      if !missing.isEmpty {
        _ = try await site.client.call(
          .glueTagResource, ["ResourceArn": arn, "TagsToAdd": .object(missing)])
      }
    }
    return []
  }
}
