import CanonicalJSON

/// A record taken apart into what can change by itself, by names that are the same on all sides.
typealias Units = [String: JSON]

/// One record as three sides have it, in the same terms; nil where it is not there.
struct MergeSides: Hashable {
  /// As both sides began.
  var base: Units?
  var secondary: Units?
  var primary: Units?
}

/// Who is right where both sides have changed the same thing.
public enum ConflictChoice: String, Sendable, Hashable, CaseIterable {
  /// Nobody: nothing is done before a person has decided.
  case stop
  case secondary
  case primary

  /// As of a restore into the primary: what is there is overwritten with the secondary's, or skipped,
  /// or it fails.
  public var word: String {
    switch self {
    case .stop: "fail"
    case .secondary: "overwrite"
    case .primary: "skip"
    }
  }
}

/// What decides between the sides.
enum MergeRule: Hashable {
  /// A removal on one side and a change on the other is a conflict.
  case plain
  /// What gives access: what is gone on one side is gone, whatever the other side did to it.
  case access
  /// What is made of parts that mean something one by one, so that none of them is the same as none at
  /// all.
  case parts
  /// What is worked out from the data: where both have, the secondary's data is the newer.
  case derived
}

/// What a record comes to.
struct MergedUnits: Hashable {
  /// Nil where the record is not to be there.
  var units: Units?
  /// The units that both sides have changed, each to something else; `UnitMerge.existence` where one
  /// has removed what the other has changed.
  var conflicts: [String] = []
}

/// The three-way merge of one record. Pure.
enum UnitMerge {
  /// Stands among conflicts for the record as a whole.
  static let existence = ""

  /// - Parameter choice: with `.stop` a conflict leaves the primary's.
  static func merged(
    _ sides: MergeSides, by rule: MergeRule, _ choice: ConflictChoice
  ) -> MergedUnits {
    if rule == .parts { return mergedParts(sides, choice) }
    guard let base = sides.base else { return mergedAdditions(sides, rule, choice) }
    switch (sides.secondary, sides.primary) {
    case (nil, nil):
      return MergedUnits(units: nil)
    case (let left?, let right?):
      return mergedMembers(base, left, right, rule, choice)
    case (let left, let right):
      // One side has removed it. That goes, unless the other has changed it meanwhile.
      if rule == .access || left ?? right == base { return MergedUnits(units: nil) }
      if rule == .derived { return MergedUnits(units: left) }
      let chosen = choice == .secondary ? left : right
      return MergedUnits(units: chosen, conflicts: [existence])
    }
  }

  /// The merge of what was not there in the beginning.
  private static func mergedAdditions(
    _ sides: MergeSides, _ rule: MergeRule, _ choice: ConflictChoice
  ) -> MergedUnits {
    guard let left = sides.secondary, let right = sides.primary else {
      return MergedUnits(units: sides.secondary ?? sides.primary)
    }
    return mergedMembers([:], left, right, rule, choice)
  }

  private static func mergedParts(_ sides: MergeSides, _ choice: ConflictChoice) -> MergedUnits {
    mergedMembers(
      sides.base ?? [:], sides.secondary ?? [:], sides.primary ?? [:], .parts, choice)
  }

  private static func mergedMembers(
    _ base: Units, _ left: Units, _ right: Units, _ rule: MergeRule, _ choice: ConflictChoice
  ) -> MergedUnits {
    var merged = MergedUnits(units: [:])
    for name in Set(left.keys).union(right.keys).union(base.keys).sorted() {
      let (was, secondary, primary) = (base[name], left[name], right[name])
      let value: JSON?
      if secondary == primary || primary == was {
        value = secondary
      } else if secondary == was {
        value = primary
      } else if rule == .derived {
        value = secondary
      } else {
        merged.conflicts.append(name)
        value = choice == .secondary ? secondary : primary
      }
      merged.units?[name] = value
    }
    // A grant of nothing is none, nor is there a policy without statements.
    if [.access, .parts].contains(rule), merged.units?.isEmpty == true { merged.units = nil }
    return merged
  }

  /// The secondary's record in the primary's terms, where the way there and back may lose something:
  /// the base with what differs between the base that went that way and the record that came back.
  static func translated(_ base: Units, through mapped: Units, to secondary: Units) -> Units {
    var result = base
    for name in Set(mapped.keys).union(secondary.keys) where mapped[name] != secondary[name] {
      result[name] = secondary[name]
    }
    return result
  }
}
