import CanonicalJSON
import GrantSnapshot
import MeshModel

/// Which LF-Tags resources may bear at some instant of a restore, and in the end. Pure.
///
/// Assignments change one after the other, and a resource inherits what it has none of its own for:
/// a new table has its database's tags until its own arrive. A policy that could reach a resource
/// in between, and does not reach it in the end, must not be in force meanwhile. One that reaches it
/// in the end as well, or never, may stay.
struct TagFlux {
  /// The values of each LF-Tag.
  typealias Tags = [String: Set<String>]

  private struct Place: Hashable {
    let account: String
    /// Database, table, column, as far down as it goes; in lower case, as Glue keeps names.
    let path: [String]

    init(_ account: String, _ path: some Sequence<String>) {
      self.account = account
      self.path = path.map { $0.lowercased() }
    }

    var parent: Place? { path.count > 1 ? Place(account, path.dropLast()) : nil }
  }

  /// What one resource, and every other that is like it, may bear.
  private struct Course: Hashable {
    let isDatabase: Bool
    let possible: Tags
    let end: Tags
  }

  private let before: [Place: Tags]
  private let after: [Place: Tags]
  private let changing: Set<Place>
  private var courses: [String: Set<Course>] = [:]

  /// - Parameter actions: those that are carried out.
  init(live: RecordBodies, desired: RecordBodies, _ actions: [Action]) {
    before = Self.assignments(live)
    after = Self.assignments(desired)
    let kinds = [Kind.database.name, Kind.table.name, Kind.tagAssignment.name]
    changing = Set(
      actions.filter { kinds.contains($0.key.kindName) && !$0.isOwnAccess }
        .map { Place($0.key.account, $0.key.path) })
    let concerned = Set(
      actions.filter { $0.key.kindName == Kind.tagAssignment.name }.map(\.key.account))
    guard !concerned.isEmpty else { return }
    for place in places(live, desired) where concerned.contains(place.account) {
      guard isChanging(place) else { continue }
      courses[place.account, default: []].insert(
        Course(
          isDatabase: place.path.count == 1, possible: possible(place), end: end(place)))
    }
    addDroppedColumns(live, desired, concerned)
  }

  /// A column that its table is not to have any more is reached by nobody in the end, and by whoever reaches
  /// the table until that is changed.
  private mutating func addDroppedColumns(
    _ live: RecordBodies, _ desired: RecordBodies, _ concerned: Set<String>
  ) {
    for (key, body) in live.sorted(of: .table) where concerned.contains(key.account) {
      guard changing.contains(Place(key.account, key.path)), let wanted = desired[key] else {
        continue
      }
      for column in body.columnNames.subtracting(wanted.columnNames) {
        let place = Place(key.account, key.path + [column])
        courses[key.account, default: []].insert(
          Course(isDatabase: false, possible: possible(place), end: [:]))
      }
    }
  }

  /// Whether a policy could reach something on the way that it does not reach in the end.
  /// - Parameters:
  ///   - account: whose tags they are.
  ///   - terms: the values of each tag of which a resource must bear one.
  func mayBeReached(
    in account: String, by terms: [(key: String, values: Set<String>)], onDatabases: Bool
  ) -> Bool {
    guard !terms.isEmpty else { return false }
    func fits(_ tags: Tags) -> Bool {
      terms.allSatisfy { key, values in
        let borne = tags[key] ?? []
        return values.contains("*") ? !borne.isEmpty : !values.isDisjoint(with: borne)
      }
    }
    return (courses[account] ?? []).contains { course in
      course.isDatabase == onDatabases && fits(course.possible) && !fits(course.end)
    }
  }

  /// Whether the tags of anything in an account change.
  func isMoving(in account: String) -> Bool { courses[account]?.isEmpty == false }

  /// Databases and tables, and columns that have tags of their own.
  private func places(_ live: RecordBodies, _ desired: RecordBodies) -> Set<Place> {
    var places = Set(before.keys).union(after.keys)
    for key in [live.keys, desired.keys].joined()
    where key.kindName == Kind.database.name || key.kindName == Kind.table.name {
      places.insert(Place(key.account, key.path))
    }
    return places
  }

  private func isChanging(_ place: Place) -> Bool {
    changing.contains(place) || place.parent.map(isChanging) ?? false
  }

  /// Every value that may be in force at some instant, tag by tag.
  private func possible(_ place: Place) -> Tags {
    let (old, new) = (before[place] ?? [:], after[place] ?? [:])
    let inherited = place.parent.map(possible) ?? [:]
    // What does not change hides what would be inherited all the time.
    guard changing.contains(place) || old != new else {
      return inherited.merging(old) { _, own in own }
    }
    return inherited.merging(old) { $0.union($1) }.merging(new) { $0.union($1) }
  }

  private func end(_ place: Place) -> Tags {
    let inherited = place.parent.map(end) ?? [:]
    return inherited.merging(after[place] ?? [:]) { _, own in own }
  }

  private static func assignments(_ records: RecordBodies) -> [Place: Tags] {
    var found: [Place: Tags] = [:]
    for (key, body) in records.sorted(of: .tagAssignment) {
      found[Place(key.account, key.path)] = Dictionary(
        (body["LFTags"] ?? [:]).tagTerms.map { ($0.key, $0.values) }
      ) { $0.union($1) }
    }
    return found
  }
}

extension JSON {
  /// The columns of a table of Glue, partition keys included, in lower case.
  var columnNames: Set<String> {
    let lists = [self["StorageDescriptor"]?["Columns"], self["PartitionKeys"]]
    return Set(lists.flatMap { $0?.array ?? [] }.compactMap { $0["Name"]?.string?.lowercased() })
  }

  /// `[{"TagKey": ..., "TagValues": [...]}]`; LF-Tags are kept in lower case.
  var tagTerms: [(key: String, values: Set<String>)] {
    (array ?? []).compactMap { pair in
      pair["TagKey"]?.string.map {
        ($0.lowercased(), Set((pair["TagValues"]?.strings ?? []).map { $0.lowercased() }))
      }
    }
  }
}
