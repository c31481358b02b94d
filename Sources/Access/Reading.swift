/// Columns of a table: these, or all but these.
public struct ColumnSet: Sendable, Hashable {
  public private(set) var names: Set<String>
  /// Whether it is all columns but the names.
  public private(set) var isComplement: Bool

  public static let all = ColumnSet(allBut: [])

  public init(_ names: some Sequence<String>) {
    self.names = Set(names)
    isComplement = false
  }

  public init(allBut names: some Sequence<String>) {
    self.names = Set(names)
    isComplement = true
  }

  private init(_ names: Set<String>, isComplement: Bool) {
    self.names = names
    self.isComplement = isComplement
  }

  public var isAll: Bool { isComplement && names.isEmpty }

  /// Whether it certainly is empty. All but some may be empty, too, in a table that is not known.
  public var isEmpty: Bool { !isComplement && names.isEmpty }

  private var complement: ColumnSet { ColumnSet(names, isComplement: !isComplement) }

  func intersection(_ other: ColumnSet) -> ColumnSet {
    switch (isComplement, other.isComplement) {
    case (false, false): ColumnSet(names.intersection(other.names))
    case (false, true): ColumnSet(names.subtracting(other.names))
    case (true, false): ColumnSet(other.names.subtracting(names))
    case (true, true): ColumnSet(allBut: names.union(other.names))
    }
  }

  func union(_ other: ColumnSet) -> ColumnSet {
    complement.intersection(other.complement).complement
  }

  func subtracting(_ other: ColumnSet) -> ColumnSet { intersection(other.complement) }

  /// The same set of a table with these columns, in one form. A name that is no column, such as
  /// one inside a column, stays as it is.
  func resolved(in columns: Set<String>) -> ColumnSet {
    if isComplement {
      if names.isEmpty || !names.isSubset(of: columns) { return self }
      return ColumnSet(columns.subtracting(names))
    }
    return !columns.isEmpty && names.isSuperset(of: columns) ? .all : self
  }
}

/// Which rows a filter shows: those that meet every condition. No condition shows all rows.
///
/// Conditions are texts. Whether one follows from another is not decided: only the same text is
/// the same condition.
public struct RowFilter: Sendable, Hashable {
  public let conditions: Set<String>

  public static let all = RowFilter([])

  public init(_ conditions: Set<String>) {
    self.conditions = conditions
  }

  /// Nil for all rows.
  public var text: String? {
    guard conditions.count > 1 else { return conditions.first }
    return conditions.sorted().map { "(\($0))" }.joined(separator: " AND ")
  }

  /// Whether every row that `other` shows is shown.
  func covers(_ other: RowFilter) -> Bool { conditions.isSubset(of: other.conditions) }
}

/// Which columns of which rows of a table may be read: the union of its parts.
public struct Reading: Sendable, Hashable {
  public private(set) var parts: [RowFilter: ColumnSet] = [:]

  public init() {}

  public init(_ columns: ColumnSet, of rows: RowFilter = .all) {
    if !columns.isEmpty { parts[rows] = columns }
  }

  public static let everything = Reading(.all)

  public var isEmpty: Bool { parts.isEmpty }
  public var isEverything: Bool { parts[.all]?.isAll == true }

  mutating func formUnion(_ other: Reading) {
    for (rows, columns) in other.parts {
      parts[rows] = parts[rows].map { $0.union(columns) } ?? columns
    }
  }

  func intersection(_ other: Reading) -> Reading {
    if other.isEverything { return self }
    var both = Reading()
    for (rows, columns) in parts {
      for (otherRows, otherColumns) in other.parts {
        let common = RowFilter(rows.conditions.union(otherRows.conditions))
        both.formUnion(Reading(columns.intersection(otherColumns), of: common))
      }
    }
    return both
  }

  func subtracting(_ other: Reading) -> Reading {
    if isEmpty || other.isEverything { return Reading() }
    var rest = Reading()
    for (rows, columns) in parts {
      let shown = other.parts.reduce(ColumnSet([])) { shown, part in
        part.key.covers(rows) ? shown.union(part.value) : shown
      }
      rest.formUnion(Reading(columns.subtracting(shown), of: rows))
    }
    return rest
  }

  /// The same of a table with these columns, in one form: what a wider part shows is in no other.
  func resolved(in columns: Set<String>) -> Reading {
    let shown = parts.mapValues { $0.resolved(in: columns) }.filter { !$0.value.isEmpty }
    guard shown.count > 1 else { return Reading(parts: shown) }
    let least = shown.map { rows, columns in
      let wider = shown.filter { $0.key != rows && $0.key.covers(rows) }.values
      return (rows, wider.reduce(columns) { $0.subtracting($1) })
    }
    let rest = Dictionary(uniqueKeysWithValues: least)
      .mapValues { $0.resolved(in: columns) }.filter { !$0.value.isEmpty }
    return Reading(parts: rest)
  }

  private init(parts: [RowFilter: ColumnSet]) {
    self.parts = parts
  }
}

/// What one principal may do with one resource.
public struct Access: Sendable, Hashable {
  /// All but SELECT on tables, which has columns and rows.
  public var permissions: Permissions
  public var reading: Reading
  /// What of the reading can be granted on.
  public var grantableReading: Reading

  public init(
    _ permissions: Permissions = Permissions(), reading: Reading = Reading(),
    grantableReading: Reading = Reading()
  ) {
    self.permissions = permissions
    self.reading = reading
    self.grantableReading = grantableReading
  }

  public var isEmpty: Bool {
    permissions.isEmpty && reading.isEmpty && grantableReading.isEmpty
  }

  mutating func formUnion(_ other: Access) {
    permissions.formUnion(other.permissions)
    reading.formUnion(other.reading)
    grantableReading.formUnion(other.grantableReading)
  }

  func intersection(_ other: Access) -> Access {
    Access(
      permissions.intersection(other.permissions), reading: reading.intersection(other.reading),
      grantableReading: grantableReading.intersection(other.grantableReading))
  }

  /// What the other does not give.
  public func beyond(_ other: Access) -> Access {
    Access(
      permissions.subtracting(other.permissions), reading: reading.subtracting(other.reading),
      grantableReading: grantableReading.subtracting(other.grantableReading))
  }

  func resolved(in columns: Set<String>?) -> Access {
    guard let columns else { return self }
    return Access(
      permissions, reading: reading.resolved(in: columns),
      grantableReading: grantableReading.resolved(in: columns))
  }
}

// MARK: - Words

extension Reading {
  /// Its parts, all rows first.
  public var sortedParts: [(rows: RowFilter, columns: ColumnSet)] {
    parts.map { (rows: $0.key, columns: $0.value) }
      .sorted { ($0.rows.text ?? "") < ($1.rows.text ?? "") }
  }

  /// One line for each part: `id, total where region = 'WEST'`.
  public var lines: [String] {
    sortedParts.map { rows, columns in
      let names = columns.names.sorted().joined(separator: ", ")
      let shown =
        columns.isAll
        ? "all columns" : columns.isComplement ? "all columns but \(names)" : names
      return shown + (rows.text.map { " where \($0)" } ?? "")
    }
  }
}

extension Access {
  /// What may be done, each in a few words.
  public var lines: [String] {
    reading.lines.map { "SELECT on \($0)" }
      + grantableReading.lines.map { "SELECT on \($0) with grant option" } + permissions.names
  }
}
