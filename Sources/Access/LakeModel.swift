import CanonicalJSON
import GrantSnapshot
import MeshModel

/// LF-Tags in force on a resource, inherited ones included.
struct TagSet: Hashable {
  /// Whose tags they are.
  let account: String
  var values: [String: Set<String>]

  /// What is assigned further down takes the place of what is inherited, key by key.
  func overridden(by assigned: [String: Set<String>]) -> TagSet {
    assigned.isEmpty ? self : TagSet(account: account, values: values.merging(assigned) { $1 })
  }
}

/// A database as far as access to it goes.
struct LakeDatabase {
  var tags: Int
  var tables: [String] = []
}

/// A table as far as access to it goes.
struct LakeTable {
  /// Nil where the record does not say: then any column may exist.
  var columns: Set<String>?
  var tags: Int
  /// Those columns whose tags are not their table's.
  var columnTags: [String: Int] = [:]
}

/// A condition of a policy on LF-Tags: any of the values of a key.
struct TagTerm: Hashable {
  let key: String
  let values: Set<String>
}

/// All terms together, in one account.
struct TagExpression: Hashable {
  let account: String
  let terms: Set<TagTerm>
}

/// Numbers for values, in the order in which they were first seen.
struct Interner<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}

extension Interner: Sendable where Value: Sendable {}
extension TagSet: Sendable {}
extension LakeDatabase: Sendable {}
extension LakeTable: Sendable {}
extension TagTerm: Sendable {}
extension TagExpression: Sendable {}

/// The catalogs of all accounts: what is there to have access to.
struct LakeModel: Sendable {
  var databases: [AccessResource: LakeDatabase] = [:]
  var tables: [AccessResource: LakeTable] = [:]
  /// Accounts of which there are records: what these do not hold is not there.
  var accounts: Set<String> = []
  var tagSets = Interner<TagSet>()
  /// Which tag sets each expression matches.
  private var matches: [Set<Int>] = []

  /// Whether the resource exists, as far as is known.
  func mayExist(_ resource: AccessResource) -> Bool {
    guard accounts.contains(resource.account) else { return true }
    switch resource {
    case .database: return databases[resource] != nil
    case .table: return tables[resource] != nil
    case .newTables(let account, let database?):
      return databases[.database(account: account, database)] != nil
    case .catalog, .newDatabases, .newTables, .other: return true
    }
  }

  /// - Parameter expression: its number among those that were matched.
  func isMatched(_ tags: Int, by expression: Int) -> Bool {
    matches[expression].contains(tags)
  }

  /// Finds out what each expression matches, by way of which sets hold each value: with many of
  /// either, trying each against each would take long.
  mutating func match(_ expressions: [TagExpression]) {
    var holders: [String: [String: [String: Set<Int>]]] = [:]
    for (number, tags) in tagSets.values.enumerated() {
      for (key, values) in tags.values {
        for value in values.union(["*"]) {
          holders[tags.account, default: [:]][key, default: [:]][value, default: []].insert(number)
        }
      }
    }
    matches = expressions.map { expression in
      var found: Set<Int>?
      for term in expression.terms {
        let byValue = holders[expression.account]?[term.key] ?? [:]
        let some = term.values.reduce(into: Set<Int>()) { $0.formUnion(byValue[$1] ?? []) }
        found = found?.intersection(some) ?? some
      }
      // No term is no condition that could be met.
      return found ?? []
    }
  }
}
