import Access
import CanonicalJSON
import GrantSnapshot
import MeshModel

/// What holds for a merge besides the records themselves.
struct MergeTerms: Sendable {
  var choice = ConflictChoice.stop
  /// What the base was restored with: outside of it the secondary has nothing to say.
  var scope = PlanPolicy()
  /// What the restore had left otherwise than the snapshot has it, by its keys in the secondary: what became
  /// of it there during the outage is not known.
  var unrestored: Set<RecordKey> = []
  /// The restorers of both regions.
  var restorers: Set<String> = []
}

/// Decides record by record what the primary is to have, and keeps what there is to tell of it. Pure.
///
/// Databases and tables come before what lies in them, and those of all accounts before what lies in
/// no database.
struct MergeJudge {
  enum Side: Hashable { case secondary, primary }

  /// What becomes of one record.
  enum Decision {
    /// It stays as the primary has it, or absent.
    case primary
    case body(JSON)
    case nothing
  }

  let terms: MergeTerms
  var report: FailbackReport
  /// Databases and tables that one side has removed, and among them those in which the other side has
  /// changed something meanwhile.
  private(set) var removed: [Side: Set<RecordKey>] = [:]
  private var touched: [Side: Set<RecordKey>] = [:]
  /// Databases and tables that are not to be there.
  private var gone: Set<RecordKey> = []
  /// Those that stay as one side has them although the other has removed them.
  private var kept: [RecordKey: Side] = [:]
  private(set) var access = MergedAccess()
  /// Records of the secondary that go home in some form, by their keys in the primary.
  var returned: Set<RecordKey> = []

  init(_ terms: MergeTerms, _ report: FailbackReport) {
    self.terms = terms
    self.report = report
  }

  // MARK: - What was removed, and what happened below it

  /// Notes which side has removed a database or a table; asked of all of them before anything else of
  /// their database.
  mutating func noteRemoval(_ triple: RecordTriple) {
    guard triple.base != nil else { return }
    switch (triple.secondary, triple.primary) {
    case (nil, .some): removed[.secondary, default: []].insert(triple.key)
    case (.some, nil): removed[.primary, default: []].insert(triple.key)
    default: break
    }
  }

  /// Whether anything below what was removed has to be looked at.
  var hasRemovals: Bool { !removed.isEmpty }

  /// Notes what a side has changed below what the other has removed.
  mutating func noteChange(_ shape: RecordShape, _ triple: RecordTriple) throws {
    guard shape.rule != .derived, shape.rule != .access else { return }
    for (side, record) in [(Side.secondary, triple.secondary), (.primary, triple.primary)] {
      let other: Side = side == .secondary ? .primary : .secondary
      let above = Self.above(triple.key).filter {
        $0 != triple.key && removed[other]?.contains($0) == true
      }
      guard !above.isEmpty else { continue }
      let before = side == .secondary ? triple.mapped : try triple.base?.value()
      let isSame =
        record == nil
        ? triple.base == nil
        : try before.map(shape.units) == record.map { shape.units(of: try $0.value()) }
      if !isSame {
        touched[side, default: []].formUnion(above)
      }
    }
  }

  /// The database and the table that a key of a database's group lies in.
  private static func above(_ key: RecordKey) -> [RecordKey] {
    let path = key.path
    return [
      RecordKey(account: key.account, kind: .database, path: Array(path.prefix(1))),
      RecordKey(account: key.account, kind: .table, path: Array(path.prefix(2))),
    ]
  }

  // MARK: - One record

  /// The record as the primary is to have it; nil where it is not to be there.
  /// - Throws: `JSONError` for a body that can't be read.
  mutating func merged(_ shape: RecordShape, _ triple: RecordTriple) throws -> Record? {
    let bodies = Bodies(
      base: try triple.base?.value(), mapped: triple.mapped,
      secondary: try triple.secondary?.value(), primary: try triple.primary?.value())
    let (decision, hasSay) = decide(shape, triple, bodies)
    let result: Record?
    switch decision {
    case .primary: result = triple.primary
    case .body(let body): result = Record(key: triple.key, value: body)
    case .nothing: result = nil
    }
    count(decision, shape, triple, result)
    if AccessBuilder.needs(shape.kind.kind) {
      access.add(
        triple.key, shape, hasSay ? bodies : Bodies(agreed: bodies.primary),
        merged: try result?.value())
    }
    return result
  }

  /// One record as the sides have it.
  struct Bodies {
    let base: JSON?
    let mapped: JSON?
    let secondary: JSON?
    let primary: JSON?

    init(base: JSON?, mapped: JSON?, secondary: JSON?, primary: JSON?) {
      self.base = base
      self.mapped = mapped
      self.secondary = secondary
      self.primary = primary
    }

    /// The same on all sides.
    init(agreed body: JSON?) {
      self.init(base: body, mapped: body, secondary: body, primary: body)
    }

    /// What there is, the primary's first.
    var all: [JSON] { [primary, secondary, base].compactMap(\.self) }

    func sides(_ shape: RecordShape) -> MergeSides {
      let base = base.map(shape.units)
      var secondary = secondary.map(shape.units)
      if let was = base, let mapped = mapped.map(shape.units), let now = secondary {
        secondary = UnitMerge.translated(was, through: mapped, to: now)
      }
      return MergeSides(base: base, secondary: secondary, primary: primary.map(shape.units))
    }
  }

  /// - Returns: besides, whether the secondary has a say in it.
  private mutating func decide(
    _ shape: RecordShape, _ triple: RecordTriple, _ bodies: Bodies
  ) -> (Decision, hasSay: Bool) {
    let kind = shape.kind
    guard let body = bodies.all.first else { return (.nothing, false) }
    let sides = bodies.sides(shape)
    guard kind.restorability(of: body) == .restorable else {
      noteLeft(shape, triple, sides, "only a person can bring it home")
      return (.primary, false)
    }
    let scope = kind.scope(of: triple.key, body: body)
    guard
      terms.scope.includes(triple.key, scope: scope, anyKind: kind.restrictsAccess)
    else { return (.primary, false) }
    if let there = triple.there, terms.unrestored.contains(there) {
      noteLeft(
        shape, triple, sides,
        triple.base == nil
          ? "it was there before the restore, and is not in the snapshot"
          : "the restore had not brought it to the state of the snapshot")
      return (.primary, false)
    }
    if let decided = decideBelow(kind, triple, bodies, scope, sides, shape) {
      return (decided, true)
    }
    let isOwn = kind.principal(of: body).map(terms.restorers.contains) ?? false
    if isOwn, triple.base == nil { return (.primary, true) }
    if !isOwn {
      noteRevocation(shape, triple, sides, owner: kind.owner(of: triple.key, body: body), scope)
    }
    return (decide(shape, triple, bodies, sides), true)
  }

  /// What lies in something that is gone is gone, and follows it where it stays against the will of one
  /// side.
  private func decideBelow(
    _ kind: any ResourceKind, _ triple: RecordTriple, _ bodies: Bodies, _ scope: [String]?,
    _ sides: MergeSides, _ shape: RecordShape
  ) -> Decision? {
    guard let scope, !scope.isEmpty, let body = bodies.all.first else { return nil }
    let owner = kind.owner(of: triple.key, body: body)
    for (kind, depth) in [(Kind.database, 1), (.table, 2)] where scope.count >= depth {
      let key = RecordKey(account: owner, kind: kind, path: Array(scope.prefix(depth)))
      guard key != triple.key else { continue }
      if gone.contains(key) { return triple.primary == nil ? .primary : .nothing }
      switch kept[key] {
      case .primary?: return .primary
      case .secondary?:
        return sides.secondary.map { .body(shape.body($0, from: bodies.all)) } ?? .nothing
      case nil: continue
      }
    }
    return nil
  }

  private mutating func decide(
    _ shape: RecordShape, _ triple: RecordTriple, _ bodies: Bodies, _ sides: MergeSides
  ) -> Decision {
    var merged = UnitMerge.merged(sides, by: shape.rule, terms.choice)
    let isParent = [Kind.database, .table].contains(shape.kind.kind)
    if isParent, merged.conflicts.isEmpty, let side = toucher(of: triple) {
      // Gone on one side as it was, while the other has changed something in it.
      merged.conflicts = [UnitMerge.existence]
      let other: Side = terms.choice == .secondary ? .secondary : .primary
      merged.units =
        other == side ? (side == .secondary ? sides.secondary : sides.primary) : nil
    }
    let isUndecidable = shape.hidesRevocation(sides, merged.conflicts)
    if isUndecidable, merged.conflicts.isEmpty { merged.conflicts = [RecordShape.list] }
    if !merged.conflicts.isEmpty {
      note(merged.conflicts, shape, triple, sides, isDecided: !isUndecidable)
    }
    if isParent { noteParent(merged, triple, sides) }
    guard let units = merged.units else {
      return triple.primary == nil ? .primary : .nothing
    }
    return units == sides.primary ? .primary : .body(shape.body(units, from: bodies.all))
  }

  /// The side that has changed something in what the other side has removed.
  private func toucher(of triple: RecordTriple) -> Side? {
    if triple.secondary == nil, touched[.primary]?.contains(triple.key) == true { return .primary }
    if triple.primary == nil, touched[.secondary]?.contains(triple.key) == true {
      return .secondary
    }
    return nil
  }

  private mutating func noteParent(
    _ merged: MergedUnits, _ triple: RecordTriple, _ sides: MergeSides
  ) {
    guard merged.units != nil else {
      gone.insert(triple.key)
      return
    }
    guard merged.conflicts.contains(UnitMerge.existence) else { return }
    kept[triple.key] = sides.secondary == nil ? .primary : .secondary
  }
}
