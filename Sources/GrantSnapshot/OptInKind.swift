import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel

/// An opt-in: in a location in hybrid access mode, Lake Formation's permissions bind only principals
/// that were opted in on a resource. All others go on by IAM.
public struct OptInKind: PrincipalOnResourceKind {
  public let kind = Kind.optIn
  /// Without it the principal would be free to do what IAM allows.
  public let restrictsAccess = true

  public init() {}

  public func phase(of body: JSON) -> Phase { .filters }

  /// What it is on and whose it is are in the key. Who changed it when is of one region.
  public func comparable(_ body: JSON) -> JSON { [:] }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    let resource = GrantResource(body["Resource"] ?? nil, account: key.account)
    return resource?.target(in: key.account).map { [.record($0)] } ?? []
  }

  public func parent(of key: RecordKey) -> RecordKey? {
    let path = key.path
    guard path.count > 2, path[1] == key.account else { return nil }
    switch GrantResource.Form(rawValue: path[0]) {
    case .table, .columns:
      return RecordKey(account: key.account, kind: .table, path: Array(path[2..<4]))
    case .database, .allTables, .allColumns:
      return RecordKey(account: key.account, kind: .database, path: [path[2]])
    default: return nil
    }
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .lakeFormationListLakeFormationOptIns, [:], into: sink) {
      try path(of: $0, account: site.account)
    }
  }

  /// CreateLakeFormationOptIn and DeleteLakeFormationOptIn; there is nothing in one to be updated.
  /// Where the answer to a creation is lost, ListLakeFormationOptIns tells whether it was carried out.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      guard let body = change.desired ?? change.live else { continue }
      let resource = GrantResource(body["Resource"] ?? nil, account: site.account)
      var request: JSON = [
        "Principal": body["Principal"] ?? nil, "Resource": resource?.request ?? nil,
      ]
      if let condition = body["Condition"] { request["Condition"] = condition }
      guard change.step != .remove else {
        try await remove(request, at: site)
        continue
      }
      try await site.createOnce(.lakeFormationCreateLakeFormationOptIn, request) {
        let live = RecordCollector()
        try await list(at: site, below: nil, into: live)
        return live.records.contains { $0.key == change.key }
      }
    }
    return []
  }

  private func remove(_ request: JSON, at site: Site) async throws {
    do {
      _ = try await site.client.call(.lakeFormationDeleteLakeFormationOptIn, request)
    } catch let failure as AWSFailure where failure.isNotFound {
      return
    }
  }
}
