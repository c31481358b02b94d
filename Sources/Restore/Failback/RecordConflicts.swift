import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

// What differs in a record, and what of that nobody but a person can decide.

extension RecordShape {
  /// Stands among conflicts for a list that both sides have changed.
  static var list: String { statements }

  /// Paths of the members in which two sides differ, within some units.
  func fields(_ names: [String], _ sides: MergeSides) -> [String] {
    names.filter { $0 != UnitMerge.existence }.flatMap { name -> [String] in
      let (secondary, primary) = (sides.secondary?[name], sides.primary?[name])
      guard [Self.whole, Self.schema].contains(name), let secondary, let primary else {
        return [name]
      }
      return secondary.changes(from: primary).map(\.path)
    }
  }

  /// Paths of the members in which a record is no longer as it was.
  func changes(_ old: Record?, _ new: Record?) -> [String] {
    guard let old = try? old?.value(), let new = try? new?.value() else { return [] }
    return kind.comparable(new).changes(from: kind.comparable(old)).map(\.path)
  }

  /// Whether one of the sides may have revoked by its change what the other's gives, and a look at the
  /// record does not tell: which rows a filter shows, which tags an expression reaches, and a statement
  /// of a policy that each side has replaced by another.
  func hidesRevocation(_ sides: MergeSides, _ conflicts: [String]) -> Bool {
    guard let base = sides.base, let secondary = sides.secondary, let primary = sides.primary
    else { return false }
    switch kind.kind {
    case .dataCellsFilter, .lfTagExpression: return !conflicts.isEmpty
    case .resourcePolicy:
      let gone = base.keys.contains { secondary[$0] == nil && primary[$0] == nil }
      return gone && secondary.keys.contains { base[$0] == nil && primary[$0] == nil }
        && primary.keys.contains { base[$0] == nil && secondary[$0] == nil }
    default: return false
    }
  }

  /// Whether a unit gives somebody something.
  func givesAccess(_ unit: String) -> Bool {
    switch form {
    case .grant: true
    case .policy: unit != Self.whole
    case .settings: Self.list(of: unit).map(Self.principals.contains) ?? false
    default: false
    }
  }

  /// What a unit that gives access says, in a word where it is one.
  static func words(_ unit: JSON, of name: String) -> String {
    let word =
      unit.string ?? unit["DataLakePrincipalIdentifier"]?.string ?? unit.canonicalText
    return list(of: name) == "PermissionsWithGrantOption" ? "\(word) (to hand on)" : word
  }
}
