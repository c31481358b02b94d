import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A user-defined function of a database.
public struct UserDefinedFunctionKind: RestorableKind {
  public let kind = Kind.userDefinedFunction
  public let parents = [Kind.database]

  public init() {}

  public func phase(of body: JSON) -> Phase { .tables }

  public func comparable(_ body: JSON) -> JSON {
    body.keeping(only: AWSShape.userDefinedFunctionInput)
  }

  /// Its code lies in files and archives, each with a URI.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["ResourceUris"] = body["ResourceUris"]?.mapStrings(mapper.uri)
    body["DatabaseName"] = body["DatabaseName"]?.mapStrings(mapper.name)
    body["CatalogId"] = body["CatalogId"]?.mapStrings(mapper.account)
    return body
  }

  public func parent(of key: RecordKey) -> RecordKey? { .database(of: key) }

  /// A function belongs to its database, and to no table of that name.
  public func scope(of key: RecordKey, body: JSON) -> [String]? { Array(key.path.prefix(1)) }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(.database(of: key))]
  }

  /// Listing a link's would list its target's.
  public func isListed(below parent: Record) throws -> Bool {
    try TableKind().isListed(below: parent)
  }

  /// GetUserDefinedFunctions, whose pattern AWS demands.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let database = parent?.key.path.first ?? ""
    let request: JSON = ["DatabaseName": .string(database), "Pattern": "*"]
    try await site.list(kind, .glueGetUserDefinedFunctions, request, into: sink) {
      [database, try required("FunctionName", of: $0)]
    }
  }

  /// CreateUserDefinedFunction, UpdateUserDefinedFunction and DeleteUserDefinedFunction.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let path = change.key.path
      guard path.count == 2 else { throw MalformedRecord(kind: kind, member: "FunctionName") }
      var request: JSON = ["DatabaseName": .string(path[0])]
      if change.step != .create { request["FunctionName"] = .string(path[1]) }
      if change.step != .remove { request["FunctionInput"] = comparable(change.desired ?? [:]) }
      let operation: AWSOperation =
        switch change.step {
        case .create: .glueCreateUserDefinedFunction
        case .remove: .glueDeleteUserDefinedFunction
        case .prepare, .update, .settle: .glueUpdateUserDefinedFunction
        }
      _ = try await site.client.call(operation, request)
    }
    return []
  }
}
