import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// The LF-Tags assigned to a database, a table or a column itself; not those that it inherits.
///
/// The path is the database, the table and the column, as far down as the assignment goes.
public struct TagAssignmentKind: RestorableKind {
  public let kind = Kind.tagAssignment
  public let parents = [Kind.database, Kind.table]
  /// A tag can open a resource to whoever was granted a policy on it.
  public let givesAccess = true
  public let restrictsAccess = true
  /// Tags go when they come: while no policy on them is in force.
  public let removalPhase = Phase.assignments

  let clock: any AWSClock
  /// Nil where no search was made, or none could be: then everything is asked.
  let bearers: TagBearers?

  /// - Parameter clock: tells which tables may be newer than the search for what bears tags.
  public init(clock: any AWSClock = SystemClock()) {
    self.init(clock: clock, bearers: nil)
  }

  init(clock: any AWSClock, bearers: TagBearers?) {
    self.clock = clock
    self.bearers = bearers
  }

  public func phase(of body: JSON) -> Phase { .assignments }

  public func comparable(_ body: JSON) -> JSON {
    let tags = body["LFTags"]?.array ?? []
    return .object(
      Dictionary(
        tags.compactMap { tag in
          tag["TagKey"]?.string.map {
            ($0.lowercased(), (tag["TagValues"] ?? []).lowercased.sorted)
          }
        },
        uniquingKeysWith: { first, _ in first }))
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    let tags = (body["LFTags"]?.array ?? []).map { tag in
      var tag = tag
      tag["TagKey"] = tag["TagKey"]?.mapStrings(mapper.name)
      tag["CatalogId"] = tag["CatalogId"]?.mapStrings(mapper.account)
      return tag
    }
    body["LFTags"] = .array(tags)
    return body
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    let tags = comparable(body).object ?? [:]
    return [.record(bearer(of: key))]
      + tags.keys.sorted().map {
        .record(RecordKey(account: key.account, kind: .lfTag, path: [$0]))
      }
  }

  public func isCovered(_ key: RecordKey, body: JSON, by snapshot: Coverage) -> Bool {
    snapshot.holds(bearer(of: key))
  }

  private func bearer(of key: RecordKey) -> RecordKey {
    let path = key.path
    return RecordKey(
      account: key.account, kind: path.count == 1 ? .database : .table, path: Array(path.prefix(2)))
  }

  /// Tags of one resource are changed one call after the other.
  public func batchGroup(_ key: RecordKey) -> String {
    key.path.prefix(2).map { $0.replacing("/", with: "%2F") }.joined(separator: "/")
  }
  public var isSerial: Bool { true }

  /// AddLFTagsToResource and RemoveLFTagsFromResource, whose refusals come back for each tag.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    var failures: [ChangeFailure] = []
    for change in changes {
      let desired = tags(change.desired)
      let live = tags(change.live)
      let kept = Set(desired.keys)
      let excess = live.keys.filter { !kept.contains($0) }.sorted().compactMap { live[$0] }
      let missing = desired.keys.sorted().compactMap { desired[$0] }
      do {
        failures += try await send(.lakeFormationRemoveLFTagsFromResource, excess, change, at: site)
        guard change.step != .remove else { continue }
        failures += try await send(.lakeFormationAddLFTagsToResource, missing, change, at: site)
      } catch let failure as AWSFailure where failure.isNotFound {
        // What is not there is open to nobody: policies need not wait for its tags.
        let isGone = try await isGone(Array(change.key.path.prefix(2)), at: site)
        failures.append(
          ChangeFailure(
            key: change.key, code: failure.code, message: failure.message, holdsBack: !isGone))
      }
    }
    return failures
  }

  private func tags(_ body: JSON?) -> [String: JSON] {
    (comparable(body ?? [:]).object ?? [:]).reduce(into: [:]) { result, tag in
      result[tag.key] = ["TagKey": .string(tag.key), "TagValues": tag.value]
    }
  }

  private func send(
    _ operation: AWSOperation, _ tags: [JSON], _ change: Change, at site: Site
  ) async throws -> [ChangeFailure] {
    guard !tags.isEmpty else { return [] }
    let answer = try await site.client.call(
      operation, ["Resource": Self.resource(change.key.path), "LFTags": .array(tags)])
    return (answer["Failures"]?.array ?? []).map { failure in
      let tag = failure["LFTag"]?["TagKey"]?.string ?? "a tag"
      let message = failure["Error"]?["ErrorMessage"]?.string ?? ""
      return ChangeFailure(
        key: change.key, code: failure["Error"]?["ErrorCode"]?.string ?? "UnknownError",
        message: "\(tag): \(message)")
    }
  }

  static func resource(_ path: [String]) -> JSON {
    let names = path.map(JSON.string)
    switch names.count {
    case 1: return ["Database": ["Name": names[0]]]
    case 2: return ["Table": ["DatabaseName": names[0], "Name": names[1]]]
    default:
      return [
        "TableWithColumns": [
          "DatabaseName": names[0], "Name": names[1], "ColumnNames": .array(Array(names[2...])),
        ]
      ]
    }
  }
}
