import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A Glue database, or a resource link to one.
public struct DatabaseKind: RestorableKind {
  public let kind = Kind.database

  public init() {}

  public func phase(of body: JSON) -> Phase { Self.isLink(body) ? .links : .databases }

  static func isLink(_ body: JSON) -> Bool { body["TargetDatabase"] != nil }

  public func comparable(_ body: JSON) -> JSON {
    var input = body.keeping(only: AWSShape.databaseInput)
    input["CreateTableDefaultPermissions"] = body["CreateTableDefaultPermissions"] ?? []
    return input
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["Name"] = body["Name"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    body["LocationUri"] = body["LocationUri"]?.mapStrings(mapper.uri)
    body["Parameters"] = body["Parameters"]?.mapStrings(mapper.text)
    body["CreateTableDefaultPermissions"] =
      body["CreateTableDefaultPermissions"]?.mapStrings(mapper.principal)
    body["TargetDatabase"] = body["TargetDatabase"].map { mapper.linkTarget($0) }
    return body
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    if let target = body["TargetDatabase"] {
      return target.ownersGrants
    }
    // A location is registered before anything is created in it.
    return [.locations(in: key.account)]
  }

  /// A database has no version.
  public func stamp(of record: Record) throws -> [UInt8]? { record.body }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .glueGetDatabases, [:], into: sink) { body in
      // Databases that other accounts share are listed by their owners.
      if let catalog = body["CatalogId"]?.string, catalog != site.account { return nil }
      return [try required("Name", of: body)]
    }
  }

  /// A database is created with empty default permissions, whatever it has in the primary: with
  /// others, every table would be open from its creation until its grants are restored.
  public func needsSettling(_ desired: JSON) -> Bool {
    !(desired["CreateTableDefaultPermissions"]?.array ?? []).isEmpty
  }

  /// CreateDatabase, with the database's tags, UpdateDatabase and DeleteDatabase.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name = change.key.path.first ?? ""
      switch change.step {
      case .create:
        var request: JSON = ["DatabaseInput": input(change.desired, defaultPermissions: [])]
        if let tags = change.companions.first {
          request["Tags"] = DatabaseTagsKind().comparable(tags)
        }
        _ = try await site.client.call(.glueCreateDatabase, request)
      case .prepare, .update, .settle:
        let isLast = change.step == .settle || change.step == .update && change.isInPlace
        let open = isLast ? change.desired?["CreateTableDefaultPermissions"] : nil
        let input = input(change.desired, defaultPermissions: open ?? [])
        let request: JSON = ["Name": .string(name), "DatabaseInput": input]
        _ = try await site.client.call(.glueUpdateDatabase, request)
      case .remove:
        _ = try await site.client.call(.glueDeleteDatabase, ["Name": .string(name)])
      }
    }
    return []
  }

  private func input(_ desired: JSON?, defaultPermissions: JSON) -> JSON {
    var input = (desired ?? [:]).keeping(only: AWSShape.databaseInput)
    input["CreateTableDefaultPermissions"] = defaultPermissions
    return input
  }
}

extension Requirement {
  /// All registered locations of an account.
  static func locations(in account: String) -> Requirement {
    .all(Kind("lakeformation", "location"), in: account)
  }
}

extension Mapper {
  /// The target of a resource link: a link that still names the lost region recovers nothing.
  func linkTarget(_ target: JSON) -> JSON {
    var target = target
    target["CatalogId"] = target["CatalogId"]?.mapStrings(account)
    target["DatabaseName"] = target["DatabaseName"]?.mapStrings(name)
    if target["Region"] == nil, mapping.home == mapping.from, mapping.from != mapping.to {
      target["Region"] = .string(mapping.to)
    }
    target["Region"] = target["Region"]?.mapStrings(region)
    return target
  }
}

extension JSON {
  /// What a link with this target waits for: the owner's grants on it.
  var ownersGrants: [Requirement] {
    guard let owner = self["CatalogId"]?.string, let database = self["DatabaseName"]?.string else {
      return []
    }
    return GrantTarget.grants(in: owner, onDatabase: database, table: self["Name"]?.string)
  }
}
