import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A work group of Athena: where results go, how they are encrypted, and what queries may cost.
public struct WorkGroupKind: RestorableKind {
  public let kind = Kind.workGroup

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }

  /// What can be written. The effective engine version follows from the selected one.
  public func comparable(_ body: JSON) -> JSON {
    var group = body.keeping(only: ["Description", "State"])
    group["Configuration"] = Self.configuration(body)
    return group.withoutEmptyMembers
  }

  static func configuration(_ body: JSON) -> JSON {
    var configuration = (body["Configuration"] ?? [:]).keeping(
      only: AWSShape.workGroupConfiguration)
    configuration["EngineVersion"] =
      configuration["EngineVersion"]?.keeping(only: ["SelectedEngineVersion"])
    return configuration.withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("Name", by: mapper.name)
    body["Configuration"] = body["Configuration"]?.mapping([
      "OutputLocation": mapper.uri, "LogLocation": mapper.uri, "KmsKey": mapper.key,
      "ExpectedBucketOwner": mapper.account, "ExecutionRole": mapper.principal,
    ])
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("Name", of: body)]
  }

  /// ListWorkGroups, and GetWorkGroup for the configuration of each.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let groups = try await gather(WorkGroups.names(at: site)) { name in
      try await unlessGone {
        let answer = try await site.client.call(
          .athenaGetWorkGroup, ["WorkGroup": .string(name)])
        guard let group = answer["WorkGroup"] else {
          throw MalformedRecord(kind: kind, member: "WorkGroup")
        }
        return Record(key: site.key(kind, [name]), value: group)
      }
    }
    for group in groups { try sink.add(group) }
  }

  /// CreateWorkGroup, UpdateWorkGroup and DeleteWorkGroup with all that lies in the group.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name: JSON = .string(change.key.path.first ?? "")
      guard let desired = change.desired else {
        try await site.remove(
          .athenaDeleteWorkGroup, ["WorkGroup": name, "RecursiveDeleteOption": true])
        continue
      }
      if change.step == .create {
        try await create(desired, name, at: site)
      } else {
        let update = WorkGroupUpdate(from: change.live ?? [:], to: desired)
        _ = try await site.client.call(
          .athenaUpdateWorkGroup, update.request.with("WorkGroup", name))
      }
    }
    return []
  }

  /// A new work group is enabled, whatever it was in the primary.
  private func create(_ desired: JSON, _ name: JSON, at site: Site) async throws {
    var input: JSON = ["Name": name, "Configuration": Self.configuration(desired)]
    if let description = desired["Description"], description != "" {
      input["Description"] = description
    }
    try await site.createOnce(.athenaCreateWorkGroup, input) {
      try await unlessGone {
        try await site.client.call(.athenaGetWorkGroup, ["WorkGroup": name])
      } != nil
    }
    guard desired["State"] == "DISABLED" else { return }
    _ = try await site.client.call(
      .athenaUpdateWorkGroup, ["WorkGroup": name, "State": "DISABLED"])
  }
}
