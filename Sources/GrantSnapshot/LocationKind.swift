import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// An S3 location registered with Lake Formation.
public struct LocationKind: RestorableKind {
  public let kind = Kind.location

  private static let switches = ["WithFederation", "HybridAccessEnabled", "WithPrivilegedAccess"]
  private static let serviceLinkedRole = ":role/aws-service-role/lakeformation.amazonaws.com/"

  public init() {}

  /// Whether a location is registered with Lake Formation's own role, which needs IAM.
  public static func isServiceLinked(_ role: String) -> Bool { role.contains(serviceLinkedRole) }

  public func phase(of body: JSON) -> Phase { .locations }

  public func comparable(_ body: JSON) -> JSON {
    var location: JSON = [
      "ResourceArn": body["ResourceArn"] ?? nil, "RoleArn": body["RoleArn"] ?? nil,
    ]
    for name in Self.switches { location[name] = .bool(body[name]?.bool ?? false) }
    return location
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["ResourceArn"] = body["ResourceArn"]?.mapStrings(mapper.arn)
    body["RoleArn"] = body["RoleArn"]?.mapStrings(mapper.principal)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("ResourceArn", of: body)]
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .lakeFormationListResources, [:], into: sink) {
      [try required("ResourceArn", of: $0)]
    }
  }

  /// RegisterResource, UpdateResource and DeregisterResource.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let arn: JSON = ["ResourceArn": .string(change.key.path.first ?? "")]
      switch change.step {
      case .create:
        _ = try await site.client.call(.lakeFormationRegisterResource, request(change.desired))
        try await GrantKind().takeAccess(toLocation: arn, at: site)
      case .prepare, .update, .settle:
        try await update(change, at: site)
      case .remove:
        _ = try await site.client.call(.lakeFormationDeregisterResource, arn)
      }
    }
    return []
  }

  /// A location registered with the service-linked role can't be edited, and no location can be
  /// moved to it: such a one is registered anew. Nobody can read there in between.
  private func update(_ change: Change, at site: Site) async throws {
    let roles = [change.live, change.desired].compactMap { $0?["RoleArn"]?.string }
    guard roles.contains(where: Self.isServiceLinked) else {
      var input = request(change.desired)
      input["WithPrivilegedAccess"] = nil
      _ = try await site.client.call(.lakeFormationUpdateResource, input)
      return
    }
    let arn: JSON = ["ResourceArn": .string(change.key.path.first ?? "")]
    _ = try await site.client.call(.lakeFormationDeregisterResource, arn)
    _ = try await site.client.call(.lakeFormationRegisterResource, request(change.desired))
  }

  private func request(_ desired: JSON?) -> JSON {
    let body = desired ?? [:]
    var input: JSON = ["ResourceArn": body["ResourceArn"] ?? nil]
    if body["RoleArn"]?.string.map(Self.isServiceLinked) ?? true {
      input["UseServiceLinkedRole"] = true
    } else {
      input["RoleArn"] = body["RoleArn"]
    }
    for name in Self.switches where body[name] != nil { input[name] = body[name] }
    return input
  }
}
