import CanonicalJSON
import Capture
import MeshModel

/// What a principal has on a resource of Lake Formation. Both are in the body, as `Principal` and
/// `Resource`, and make the key.
public protocol PrincipalOnResourceKind: RestorableKind {}

extension PrincipalOnResourceKind {
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body["Principal"] = body["Principal"]?.mapStrings(mapper.principal)
    body["Resource"] = body["Resource"].map { mapper.grantResource($0) }
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    try self.path(of: body, account: mapper.currentAccount)
  }

  /// The path of the key.
  /// - Throws: `MalformedRecord` for a resource that is not known.
  func path(of body: JSON, account: String) throws -> [String] {
    guard let resource = GrantResource(body["Resource"] ?? nil, account: account) else {
      throw MalformedRecord(kind: kind, member: "Resource of a known type")
    }
    let principal = try required("DataLakePrincipalIdentifier", of: body["Principal"] ?? nil)
    return resource.path(principal: principal, condition: body["Condition"])
  }
}
