import MeshModel

extension Kind {
  public static let partition = Kind("glue", "partition", belongsToDatabase: true)
  public static let partitionIndex = Kind("glue", "partition-index", belongsToDatabase: true)
  public static let encryptionSettings = Kind("glue", "encryption-settings")
  public static let resourcePolicy = Kind("glue", "resource-policy")
  public static let sharePolicy = Kind("glue", "share-policy")
  public static let databaseTags = Kind("glue", "database-tags", belongsToDatabase: true)
  public static let userDefinedFunction = Kind(
    "glue", "user-defined-function", belongsToDatabase: true)
  public static let columnStatistics = Kind("glue", "column-statistics", belongsToDatabase: true)
  public static let partitionStatistics = Kind(
    "glue", "partition-statistics", belongsToDatabase: true)
  public static let tableOptimizer = Kind("glue", "table-optimizer", belongsToDatabase: true)
  public static let tableVersion = Kind("glue", "table-version", belongsToDatabase: true)
  /// Catalogs below the account's own; what lies in them has kinds of its own, so that no key of
  /// theirs can be one of the account's own catalog.
  public static let catalog = Kind("glue", "catalog")
  public static let catalogDatabase = Kind("glue", "catalog-database")
  public static let catalogTable = Kind("glue", "catalog-table")
  public static let catalogFunction = Kind("glue", "catalog-function")
  public static let catalogColumnStatistics = Kind("glue", "catalog-column-statistics")
}

extension RecordKey {
  /// The table of what lies in one: the first two parts of the path are its database and name.
  public static func table(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .table, path: Array(key.path.prefix(2)))
  }

  /// The database of what lies in one.
  public static func database(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .database, path: Array(key.path.prefix(1)))
  }

  /// The table of what lies in one, as a batch group: batches are of one table.
  var tableGroup: String {
    path.prefix(2).map { $0.replacing("/", with: "%2F") }.joined(separator: "/")
  }
}

/// How grants name what they are on, as far as other kinds need to wait for them.
///
/// A consumer's resource link waits for the grants of the account that owns its target, and only
/// for those: waiting for all of them would close a circle where two accounts share to each other.
public enum GrantTarget {
  /// Grants on a database, on all its tables, on one of them; and policies on LF-Tags, which may
  /// reach any of these.
  public static func grants(
    in owner: String, onDatabase database: String, table: String? = nil
  ) -> [Requirement] {
    let kind = Kind("lakeformation", "grant")
    var paths = [["lf-tag-policy"]]
    paths += ["database", "all-tables", "all-columns"].map { [$0, owner, database] }
    for resource in ["table", "columns", "filter"] {
      paths.append([resource, owner, database] + (table.map { [$0] } ?? []))
    }
    return paths.map { .all(kind, in: owner, under: $0) }
  }
}
