import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The resource policy of an account's catalog, as people put it.
///
/// It gives access, and can deny what a grant gives: so it is cut down before anything is created,
/// and whole before any grant is given.
public struct ResourcePolicyKind: RestorableKind {
  public let kind = Kind.resourcePolicy
  public let givesAccess = true
  public let restrictsAccess = true

  /// How often a policy is read and put again that somebody changed in between.
  private static let tries = 3

  public init() {}

  /// The key of an account's policy.
  public static func key(in account: String) -> RecordKey {
    RecordKey(account: account, kind: .resourcePolicy, path: [])
  }

  public func phase(of body: JSON) -> Phase { .locations }

  /// The policy in normal form; one that can't be read as a policy as it is.
  public func comparable(_ body: JSON) -> JSON {
    guard let text = body["PolicyInJson"]?.string else { return [:] }
    return (try? PolicyDocument(text))?.json ?? .string(text)
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["PolicyInJson"] = body["PolicyInJson"]?.mapStrings { text in
      guard let policy = try? PolicyDocument(text) else {
        mapper.note(kind.name, "the catalog's resource policy can't be read as a policy")
        return text
      }
      return policy.mapStrings(mapper.policyText).json.canonicalText
    }
    return body
  }

  public func exceeds(_ body: JSON, _ other: JSON) -> Bool {
    guard let policy = try? PolicyDocument(body.canonicalText),
      let other = try? PolicyDocument(other.canonicalText)
    else { return true }
    return policy.exceeds(other)
  }

  /// GetResourcePolicy, which finds none where the catalog has none of its own.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let policy = try await Self.own(at: site) else { return }
    try sink.add(Record(key: Self.key(in: site.account), value: policy))
  }

  /// The catalog's own policy; nil where it has none.
  static func own(at site: Site) async throws -> JSON? {
    do {
      let policy = try await site.client.call(.glueGetResourcePolicy, [:])
      return policy["PolicyInJson"] == nil ? nil : policy
    } catch let failure as AWSFailure where failure.isNotFound {
      return nil
    }
  }

  /// PutResourcePolicy and DeleteResourcePolicy, on the condition that the policy is still the one
  /// that was read just before.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes { try await apply(change, at: site) }
    return []
  }

  private func apply(_ change: Change, at site: Site) async throws {
    for attempt in 1... {
      let current = try await Self.own(at: site)
      let wanted = self.wanted(change, over: current)
      if wanted.map({ comparable(["PolicyInJson": .string($0)]) }) == current.map(comparable) {
        return
      }
      do {
        try await put(wanted, over: current, at: site)
        return
      } catch let failure as AWSFailure
        where failure.code == "ConditionCheckFailureException" && attempt < Self.tries
      {
        continue
      }
    }
  }

  /// The text to put; nil for no policy. While access is being taken away, only what the catalog
  /// gives already.
  private func wanted(_ change: Change, over current: JSON?) -> String? {
    guard let text = change.desired?["PolicyInJson"]?.string else { return nil }
    guard change.step == .prepare else { return text }
    guard let desired = try? PolicyDocument(text),
      let live = try? PolicyDocument(current?["PolicyInJson"]?.string ?? "")
    else { return nil }
    let policy = desired.restricted(to: live)
    return policy.isEmpty ? nil : policy.json.canonicalText
  }

  /// With EnableHybrid: AWS refuses a policy without it wherever Lake Formation shares to other
  /// accounts.
  private func put(_ text: String?, over current: JSON?, at site: Site) async throws {
    let hash = current?["PolicyHash"]
    var request: JSON = [:]
    if let hash { request["PolicyHashCondition"] = hash }
    guard let text else {
      _ = try await site.client.call(.glueDeleteResourcePolicy, request)
      return
    }
    if hash == nil { request["PolicyExistsCondition"] = "NOT_EXIST" }
    request["PolicyInJson"] = .string(text)
    request["EnableHybrid"] = "TRUE"
    _ = try await site.client.call(.gluePutResourcePolicy, request)
  }
}

/// A resource policy that RAM wrote for what Lake Formation shares. Restored grants make their own:
/// kept for reading.
public struct SharePolicyKind: CapturedKind {
  public let kind = Kind.sharePolicy
  public let restorability = Restorability.descriptive

  public init() {}

  public func phase(of body: JSON) -> Phase { .settle }
  public func comparable(_ body: JSON) -> JSON { body }

  /// GetResourcePolicies without the catalog's own. AWS names them by nothing but their hashes.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let own = try await ResourcePolicyKind.own(at: site)?["PolicyHash"]
    try await site.list(kind, .glueGetResourcePolicies, [:], into: sink) { body in
      let hash = try required("PolicyHash", of: body)
      return own == .string(hash) ? nil : [hash]
    }
  }
}

extension Mapper {
  /// A string of a policy: an ARN, a principal, the value of a condition.
  func policyText(_ text: String) -> String {
    guard var arn = ARN(text) else { return region(principal(text)) }
    if arn.region != "*", arn.region.contains(where: { "*?".contains($0) }) {
      note(text, "\(text) names regions by a pattern, which may not hold in \(mapping.to)")
    }
    guard arn.service == "glue" else { return self.arn(text) }
    arn.region = region(arn.region)
    arn.account = account(arn.account)
    var parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    if parts.count > 1, ["database", "table", "userDefinedFunction"].contains(parts[0]),
      parts[1] != "*"
    {
      parts[1] = name(parts[1])
    }
    arn.resource = parts.joined(separator: "/")
    return arn.description
  }
}
