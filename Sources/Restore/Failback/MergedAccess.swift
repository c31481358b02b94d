import Access
import CanonicalJSON
import MeshModel

/// Holds the access that a merge gives against what its sides give. Pure.
///
/// A merge of records may open what no side opens: one side's tag and the other's policy. And what one
/// side has revoked may be given in other words by the other. So access is merged by itself, too:
/// whatever was given in the beginning has to be given on both sides still, and whatever was not, on one
/// of them. The rules of each side are applied to the databases and tables that the merge has.
struct MergedAccess {
  private var merged = AccessBuilder()
  private var base = AccessBuilder()
  private var secondary = AccessBuilder()
  private var primary = AccessBuilder()
  /// Databases and tables of the merge that a side has not, and so can have revoked nothing on.
  private var absentInSecondary: Set<RecordKey> = []
  private var absentInPrimary: Set<RecordKey> = []
  private var absentInBase: Set<RecordKey> = []

  mutating func add(
    _ key: RecordKey, _ shape: RecordShape, _ bodies: MergeJudge.Bodies, merged body: JSON?
  ) {
    if let body { merged.add(key, body) }
    if [Kind.database, .table].contains(shape.kind.kind) {
      guard let body else { return }
      base.add(key, body)
      secondary.add(key, body)
      primary.add(key, body)
      if bodies.base == nil { absentInBase.insert(key) }
      if bodies.secondary == nil { absentInSecondary.insert(key) }
      if bodies.primary == nil { absentInPrimary.insert(key) }
      return
    }
    let isOnResource = [
      Kind("lakeformation", "tag-assignment"), Kind("lakeformation", "data-cells-filter"),
    ]
    .contains(shape.kind.kind)
    func given(_ own: JSON?, _ absent: Set<RecordKey>) -> JSON? {
      isOnResource && isBelow(key, absent) ? body : own
    }
    let sides = bodies.sides(shape)
    let theirs = sides.secondary.map { units in
      shape.body(units, from: [bodies.secondary, bodies.base].compactMap(\.self))
    }
    if let body = given(bodies.base, absentInBase) { base.add(key, body) }
    if let body = given(theirs, absentInSecondary) { secondary.add(key, body) }
    if let body = given(bodies.primary, absentInPrimary) { primary.add(key, body) }
  }

  private func isBelow(_ key: RecordKey, _ absent: Set<RecordKey>) -> Bool {
    guard !absent.isEmpty else { return false }
    let path = key.path
    return absent.contains(
      RecordKey(
        account: key.account, kind: path.count == 1 ? .database : .table,
        path: Array(path.prefix(2))))
  }

  /// Access of the merge that is not justified: a line each.
  func unjustified(ignoring restorers: Set<String>) -> [String] {
    let set = merged.finished()
    let overSecondary = Self.index(set.beyond(secondary.finished(), ignoring: restorers))
    let overPrimary = Self.index(set.beyond(primary.finished(), ignoring: restorers))
    let overBase = Self.index(set.beyond(base.finished(), ignoring: restorers))
    var lines: [String] = []
    for (place, access) in overSecondary.sorted(by: { $0.key < $1.key }) {
      if let other = overPrimary[place] {
        // What is in neither is what is in the one and not in the rest of the other.
        lines += line(place, access.beyond(access.beyond(other)), "which neither side gives")
      }
      if !isAbsent(place.resource, absentInSecondary) {
        lines += line(
          place, access.beyond(overBase[place] ?? Access()), "revoked in the secondary")
      }
    }
    for (place, access) in overPrimary.sorted(by: { $0.key < $1.key })
    where !isAbsent(place.resource, absentInPrimary) {
      lines += line(place, access.beyond(overBase[place] ?? Access()), "revoked in the primary")
    }
    return lines
  }

  private struct Place: Hashable, Comparable {
    let principal: String
    let resource: AccessResource

    static func < (left: Place, right: Place) -> Bool {
      left.principal == right.principal
        ? left.resource < right.resource : left.principal < right.principal
    }
  }

  private static func index(_ excess: [Excess]) -> [Place: Access] {
    Dictionary(
      excess.map { (Place(principal: $0.principal, resource: $0.resource), $0.access) },
      uniquingKeysWith: { first, _ in first })
  }

  private func isAbsent(_ resource: AccessResource, _ absent: Set<RecordKey>) -> Bool {
    guard let scope = resource.scope else { return false }
    return (1...scope.count).contains { depth in
      absent.contains(
        RecordKey(
          account: resource.account, kind: depth == 1 ? .database : .table,
          path: Array(scope.prefix(depth))))
    }
  }

  private func line(_ place: Place, _ access: Access, _ why: String) -> [String] {
    guard !access.isEmpty else { return [] }
    let excess = Excess(principal: place.principal, resource: place.resource, access: access)
    return ["\(excess.line) (\(why))"]
  }
}
