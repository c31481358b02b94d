import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The catalogs below an account's own, as the kinds of what lies in them walk them: asked for once in
/// each capture of an account.
public final class NestedCatalogs: Sendable {
  private let listings = Guarded<[String: Task<[JSON], any Error>]>([:])

  public init() {}

  /// A new capture asks anew.
  func forget(_ site: Site) { listings.withLock { $0[site.account] = nil } }

  /// GetCatalogs: those that hold databases of their own.
  private func all(at site: Site) async throws -> [JSON] {
    let listing = listings.withLock { listings in
      let request: JSON = ["Recursive": true, "HasDatabases": true]
      let listing =
        listings[site.account] ?? Task { try await site.client.all(.glueGetCatalogs, request) }
      listings[site.account] = listing
      return listing
    }
    return try await listing.value
  }

  /// Calls `body` for every catalog of the account that holds databases of its own. A catalog that
  /// can't be read does not keep the others from being read.
  /// - Throws: the first failure, when all have been tried.
  func forEach(
    at site: Site, _ body: (_ catalog: NestedCatalog) async throws -> Void
  ) async throws {
    var first: AWSFailure?
    for catalog in try await all(at: site) {
      // A link's databases are its target's.
      guard catalog["TargetRedshiftCatalog"] == nil, let id = catalog["CatalogId"]?.string,
        id != site.account
      else { continue }
      do {
        try await body(
          NestedCatalog(id: id, path: try NestedCatalog.path(catalog, in: site.account)))
      } catch var failure as AWSFailure {
        failure.message = "catalog \(id): \(failure.message)"
        first = first ?? failure
      }
    }
    if let first { throw first }
  }
}

/// A catalog below an account's own.
struct NestedCatalog {
  /// As calls name it: `111122223333:sources/erp`.
  let id: String
  /// `sources`, `erp`.
  let path: [String]

  /// `111122223333:sources/erp` is `sources`, `erp`; the account's own catalog is its id.
  static func path(_ catalog: JSON, in account: String) throws -> [String] {
    let kind = CatalogKind()
    let id = try catalog["CatalogId"]?.string ?? kind.required("Name", of: catalog)
    let name = id.hasPrefix(account + ":") ? String(id.dropFirst(account.count + 1)) : id
    return name.split(separator: "/").map(String.init)
  }

  /// What names the catalog, or a database in it, in a call.
  func request(_ database: String? = nil) -> JSON {
    var request: JSON = ["CatalogId": .string(id)]
    if let database { request["DatabaseName"] = .string(database) }
    return request
  }

  /// GetDatabases: the names of its databases.
  func databases(at site: Site) async throws -> [String] {
    try await site.client.all(.glueGetDatabases, request()).map {
      try CatalogDatabaseKind().required("Name", of: $0)
    }
  }
}

extension AWSFailure {
  /// Whether the source of a federated catalog has nothing of the kind that was asked for.
  var saysUnsupported: Bool {
    if ["OperationNotSupportedException", "UnsupportedOperationException"].contains(code) {
      return true
    }
    let words = message.lowercased()
    return code == "InvalidInputException"
      && (words.contains("not supported") || words.contains("unsupported"))
  }
}
