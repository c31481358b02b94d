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

/// A database of such a catalog, kept for reading: it comes back with its source, not through Glue.
public struct CatalogDatabaseKind: CapturedKind {
  public let kind = Kind.catalogDatabase
  public let restorability = Restorability.descriptive

  public init() {}

  public func phase(of body: JSON) -> Phase { .databases }
  public func comparable(_ body: JSON) -> JSON { body }

  /// GetDatabases, once a catalog. The path is the catalog's and the database's name.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await NestedCatalog.forEach(at: site) { catalog, path in
      let request: JSON = ["CatalogId": .string(catalog)]
      try await site.list(kind, .glueGetDatabases, request, into: sink.part()) {
        path + [try required("Name", of: $0)]
      }
    }
  }
}

/// A table of such a catalog, kept for reading as its database is.
public struct CatalogTableKind: CapturedKind {
  public let kind = Kind.catalogTable
  public let restorability = Restorability.descriptive

  public init() {}

  public func phase(of body: JSON) -> Phase { .tables }
  public func comparable(_ body: JSON) -> JSON { body }

  /// GetTables, once a database. The path is the catalog's, the database's and the table's name.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await NestedCatalog.forEach(at: site) { catalog, path in
      let request: JSON = ["CatalogId": .string(catalog)]
      for database in try await site.client.all(.glueGetDatabases, request) {
        let name = try required("Name", of: database)
        var request = request
        request["DatabaseName"] = .string(name)
        try await site.list(kind, .glueGetTables, request, into: sink.part()) {
          path + [name, try required("Name", of: $0)]
        }
      }
    }
  }
}

/// How catalogs below the account's own are named and walked.
enum NestedCatalog {
  /// `111122223333:sources/erp` is `sources`, `erp`; the account's own catalog is its id.
  static func path(_ catalog: JSON, in account: String) throws -> [String] {
    let kind = CatalogKind()
    let id = try catalog["CatalogId"]?.string ?? kind.required("Name", of: catalog)
    let name = id.hasPrefix(account + ":") ? String(id.dropFirst(account.count + 1)) : id
    return name.split(separator: "/").map(String.init)
  }

  /// Calls `body` for every catalog of the account that holds databases of its own. A catalog that
  /// can't be read does not keep the others from being read.
  /// - Throws: the first failure, when all have been tried.
  static func forEach(
    at site: Site, _ body: (_ catalog: String, _ path: [String]) async throws -> Void
  ) async throws {
    var first: AWSFailure?
    let request: JSON = ["Recursive": true, "HasDatabases": true]
    for catalog in try await site.client.all(.glueGetCatalogs, request) {
      // A link's databases are its target's.
      guard catalog["TargetRedshiftCatalog"] == nil, let id = catalog["CatalogId"]?.string,
        id != site.account
      else { continue }
      do {
        try await body(id, try path(catalog, in: site.account))
      } catch var failure as AWSFailure {
        failure.message = "catalog \(id): \(failure.message)"
        first = first ?? failure
      }
    }
    if let first { throw first }
  }
}
