import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A catalog below the account's own: of a federated source, of Redshift, of S3 table buckets.
///
/// What it stands for (a connection, a Redshift namespace, table buckets) is of one region and has
/// to be there before it: a person makes it anew.
public struct CatalogKind: CapturedKind {
  public let kind = Kind.catalog
  public let restorability = Restorability.manual

  public init() {}

  public func phase(of body: JSON) -> Phase { .databases }
  public func comparable(_ body: JSON) -> JSON { body }

  /// GetCatalogs, with the account's own catalog, whose settings no other call tells.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let request: JSON = ["Recursive": true, "IncludeRoot": true]
    try await site.list(kind, .glueGetCatalogs, request, into: sink) {
      try NestedCatalog.path($0, in: site.account)
    }
  }
}
