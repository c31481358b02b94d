import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// What lies in a catalog below the account's own. It is kept for reading: it comes back with its source,
/// not through Glue.
public protocol NestedCatalogKind: CapturedKind {
  /// The catalogs of an account, shared by all kinds of what lies in them.
  var catalogs: NestedCatalogs { get }
}

extension NestedCatalogKind {
  public var restorability: Restorability { .descriptive }

  public func comparable(_ body: JSON) -> JSON { body }

  public func prepared(at site: Site) async throws -> any CapturedKind {
    catalogs.forget(site)
    return self
  }
}

/// A database of such a catalog.
public struct CatalogDatabaseKind: NestedCatalogKind {
  public let kind = Kind.catalogDatabase
  public let catalogs: NestedCatalogs

  public init(_ catalogs: NestedCatalogs = NestedCatalogs()) {
    self.catalogs = catalogs
  }

  public func phase(of body: JSON) -> Phase { .databases }

  /// GetDatabases, once a catalog. The path is the catalog's and the database's name.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await catalogs.forEach(at: site) { catalog in
      try await site.list(kind, .glueGetDatabases, catalog.request(), into: sink.part()) {
        catalog.path + [try required("Name", of: $0)]
      }
    }
  }
}

/// A table of such a catalog.
public struct CatalogTableKind: NestedCatalogKind {
  public let kind = Kind.catalogTable
  public let catalogs: NestedCatalogs

  public init(_ catalogs: NestedCatalogs = NestedCatalogs()) {
    self.catalogs = catalogs
  }

  public func phase(of body: JSON) -> Phase { .tables }

  /// GetTables, once a database. The path is the catalog's, the database's and the table's name.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await catalogs.forEach(at: site) { catalog in
      for database in try await catalog.databases(at: site) {
        let request = catalog.request(database)
        try await site.list(kind, .glueGetTables, request, into: sink.part()) {
          catalog.path + [database, try required("Name", of: $0)]
        }
      }
    }
  }
}

/// A function of such a catalog.
public struct CatalogFunctionKind: NestedCatalogKind {
  public let kind = Kind.catalogFunction
  public let catalogs: NestedCatalogs

  public init(_ catalogs: NestedCatalogs = NestedCatalogs()) {
    self.catalogs = catalogs
  }

  public func phase(of body: JSON) -> Phase { .tables }

  /// GetUserDefinedFunctions, once a database. The path is the catalog's, the database's and the
  /// function's name. Some sources have no functions, and say so.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await catalogs.forEach(at: site) { catalog in
      for database in try await catalog.databases(at: site) {
        var request = catalog.request(database)
        request["Pattern"] = "*"
        do {
          try await site.list(kind, .glueGetUserDefinedFunctions, request, into: sink.part()) {
            catalog.path + [database, try required("FunctionName", of: $0)]
          }
        } catch let failure as AWSFailure where failure.saysUnsupported || failure.isNotFound {
          // The database may have gone since it was listed.
          continue
        }
      }
    }
  }
}

/// What is known of the values in one column of a table of such a catalog.
public struct CatalogStatisticsKind: NestedCatalogKind {
  public let kind = Kind.catalogColumnStatistics
  public let catalogs: NestedCatalogs

  public init(_ catalogs: NestedCatalogs = NestedCatalogs()) {
    self.catalogs = catalogs
  }

  public func phase(of body: JSON) -> Phase { .partitions }

  /// GetColumnStatisticsForTable, once a table. The path is the catalog's, the database's, the table's
  /// and the column's name. Some sources have no statistics, and say so.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await catalogs.forEach(at: site) { catalog in
      for database in try await catalog.databases(at: site) {
        let part = sink.part()
        let request = catalog.request(database)
        for try await page in site.client.pages(.glueGetTables, request) {
          if page.isRestart { part.restart() }
          for table in page.elements {
            try await list(try JSON(parsing: table), catalog.path, request, at: site, into: part)
          }
        }
      }
    }
  }

  private func list(
    _ table: JSON, _ path: [String], _ request: JSON, at site: Site, into sink: any RecordSink
  ) async throws {
    let name = try required("Name", of: table)
    let columns = ColumnStatistics.columns(of: table)
    guard !columns.isEmpty, let database = request["DatabaseName"]?.string else { return }
    var request = request
    request["TableName"] = .string(name)
    let found: [JSON]
    do {
      found = try await ColumnStatistics.read(
        columns, by: .glueGetColumnStatisticsForTable, request, at: site)
    } catch let failure as AWSFailure where failure.saysUnsupported || failure.isNotFound {
      // The table may have gone since it was listed.
      return
    }
    for body in found {
      let column = try required("ColumnName", of: body)
      try sink.add(
        Record(key: site.key(kind, path + [database, name, column]), value: body))
    }
  }
}
