import MeshModel

extension Kind {
  public static let partition = Kind("glue", "partition", belongsToDatabase: true)
  public static let partitionIndex = Kind("glue", "partition-index", belongsToDatabase: true)
}

extension RecordKey {
  /// The table of what lies in one: the first two parts of the path are its database and name.
  public static func table(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .table, path: Array(key.path.prefix(2)))
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
