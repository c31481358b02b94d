/// What `--only` selects: `sales`, `sales.orders`, `kind:grant`.
public enum Selector: Sendable, Hashable, CustomStringConvertible {
  case kind(String)
  case database(String)
  case table(database: String, table: String)

  /// As it is written.
  public var description: String {
    switch self {
    case .kind(let name): "kind:\(name)"
    case .database(let database): database
    case .table(let database, let table): "\(database).\(table)"
    }
  }

  /// Nil for an empty text, or one with an empty part.
  public init?(_ text: String) {
    if text.hasPrefix("kind:") {
      let name = String(text.dropFirst(5))
      guard !name.isEmpty else { return nil }
      self = .kind(name)
      return
    }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let database = parts.first, !parts.contains("") else { return nil }
    self =
      parts.count == 2
      ? .table(database: String(database), table: String(parts[1])) : .database(String(database))
  }

  /// Whether a record lies in just what a selector of databases or tables names.
  public func names(_ scope: [String]) -> Bool {
    switch self {
    case .kind: false
    case .database(let database): scope.first == database
    case .table(let database, let table):
      scope.count > 1 && scope[0] == database && scope[1] == table
    }
  }

  /// Whether a record is selected. A table's selector takes its database along, which it can't
  /// exist without.
  public func matches(_ key: RecordKey, scope: [String]) -> Bool {
    switch self {
    case .kind(let name): key.kindName == name
    case .database(let database): scope.first == database
    case .table(let database, let table):
      scope.first == database && (scope.count < 2 || scope[1] == table)
    }
  }
}
