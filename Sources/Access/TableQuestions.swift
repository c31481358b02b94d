import MeshModel

// What a query of a table can ask.

extension AccessSet {
  /// The tables of a database.
  public func tables(of database: AccessResource) -> [AccessResource] {
    guard case .database(let account, let name) = database else { return [] }
    return (lake.databases[database]?.tables ?? []).map {
      .table(account: account, database: name, $0)
    }.sorted()
  }

  /// Whether some of these principals can read at least a column of a row.
  public func canRead(_ table: AccessResource, any principals: [String]) -> Bool {
    principals.contains { !access(of: $0, to: table).reading.isEmpty }
  }

  /// Whether some of these principals have anything at all on a resource, and so can see it.
  public func canSee(_ resource: AccessResource, any principals: [String]) -> Bool {
    principals.contains { !access(of: $0, to: resource).isEmpty }
  }

  /// A column that none of these principals can read in any row, of a table of which they can read
  /// something; nil where they can read every column, or the columns are not known.
  public func hiddenColumn(of table: AccessResource, from principals: [String]) -> String? {
    guard let columns = lake.tables[table]?.columns else { return nil }
    let readings = principals.map { access(of: $0, to: table).reading }
    guard readings.contains(where: { !$0.isEmpty }) else { return nil }
    let shown = readings.flatMap(\.parts.values).reduce(ColumnSet([])) { $0.union($1) }
    return columns.sorted().first { ColumnSet([$0]).intersection(shown).isEmpty }
  }
}
