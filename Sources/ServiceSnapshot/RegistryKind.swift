import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A schema registry.
public struct RegistryKind: RestorableKind {
  public let kind = Kind.registry

  /// The registry that AWS makes with the first schema that names none.
  static let byDefault = "default-registry"

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  public func comparable(_ body: JSON) -> JSON {
    body.keeping(only: ["Description"]).withoutEmptyMembers
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("RegistryName", by: mapper.name)
    body.replace("RegistryArn", by: mapper.arn)
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("RegistryName", of: body)]
  }

  /// ListRegistries tells all that GetRegistry does.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .glueListRegistries, [:], into: sink) { body in
      guard body["Status"] != "DELETING" else { return nil }
      return [try required("RegistryName", of: body)]
    }
  }

  /// CreateRegistry, UpdateRegistry and DeleteRegistry.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name: JSON = .string(change.key.path.first ?? "")
      let id: JSON = ["RegistryId": ["RegistryName": name]]
      let description = change.desired?["Description"] ?? ""
      switch change.step {
      case .create: try await create(name, description, at: site)
      case .remove: try await site.remove(.glueDeleteRegistry, id)
      case .prepare, .update, .settle:
        _ = try await site.client.call(
          .glueUpdateRegistry, id.with("Description", description))
      }
    }
    return []
  }

  /// The documentation does not say whether the default registry can be made by name. If not, the
  /// first schema makes it.
  private func create(_ name: JSON, _ description: JSON, at site: Site) async throws {
    let input: JSON = ["RegistryName": name, "Description": description]
    do {
      _ = try await site.client.call(.glueCreateRegistry, input)
    } catch let failure as AWSFailure
      where failure.code == "InvalidInputException" && name.string == Self.byDefault
    {
      return
    }
  }
}

extension JSON {
  /// The same object with one member more, or another value for it.
  func with(_ name: String, _ value: JSON?) -> JSON {
    var copy = self
    copy[name] = value
    return copy
  }
}
