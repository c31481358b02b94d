import CanonicalJSON

/// Two sets of records, side by side: each key once, with what either side holds under it.
public struct RecordPairs<Old: RecordStream, New: RecordStream> {
  private var old: Old
  private var new: New
  private var nextOld: Record?
  private var nextNew: Record?
  private var begun = false

  public init(old: Old, new: New) {
    self.old = old
    self.new = new
  }

  /// The next key in order; never two nils in a pair.
  /// - Throws: what reading either side meets.
  public mutating func next() throws -> (old: Record?, new: Record?)? {
    if !begun {
      (nextOld, nextNew) = (try old.next(), try new.next())
      begun = true
    }
    switch (nextOld, nextNew) {
    case (nil, nil):
      return nil
    case (let left?, let right?) where left.key == right.key:
      (nextOld, nextNew) = (try old.next(), try new.next())
      return (left, right)
    case (let left?, let right) where right.map({ left.key < $0.key }) ?? true:
      nextOld = try old.next()
      return (left, nil)
    case (_, let right):
      nextNew = try new.next()
      return (nil, right)
    }
  }
}

/// What became of one record.
public struct RecordChange: Sendable, Hashable {
  public enum What: String, Sendable, Hashable, CaseIterable {
    case added, removed, changed
  }

  public let what: What
  public let key: RecordKey
  /// Paths of the members that differ, such as `StorageDescriptor.Location`; of changed records
  /// only.
  public let fields: [String]
  /// The same members with what they were and are, where that is known.
  public let values: [FieldChange]

  public init(_ what: What, _ key: RecordKey, fields: [String] = []) {
    self.what = what
    self.key = key
    self.fields = fields
    values = []
  }

  /// A changed record.
  public init(_ key: RecordKey, _ values: [FieldChange]) {
    what = .changed
    self.key = key
    fields = values.map(\.path)
    self.values = values
  }
}

/// A member that is not the same in two values.
public struct FieldChange: Sendable, Hashable {
  /// `StorageDescriptor.Columns[email].Comment`.
  public let path: String
  /// Nil where the member was not there.
  public let old: JSON?
  /// Nil where it is not there any more.
  public let new: JSON?

  public init(path: String, old: JSON?, new: JSON?) {
    self.path = path
    self.old = old
    self.new = new
  }
}

extension JSON {
  /// The paths at which two values differ, in order: `Columns[3].Comment`. Lists of different
  /// lengths differ as a whole.
  public func differences(from other: JSON) -> [String] {
    var changes: [FieldChange] = []
    collectChanges(from: other, at: "", byName: false, into: &changes)
    return changes.map(\.path)
  }

  /// The members in which two values differ, in order of their paths. Elements of lists of
  /// different lengths are told apart by their names, where all have one: `Columns[email]`.
  public func changes(from other: JSON) -> [FieldChange] {
    var changes: [FieldChange] = []
    collectChanges(from: other, at: "", byName: true, into: &changes)
    return changes
  }

  private func collectChanges(
    from other: JSON, at path: String, byName: Bool, into changes: inout [FieldChange]
  ) {
    switch (self, other) {
    case (.object(let new), .object(let old)):
      for name in Set(new.keys).union(old.keys).sorted() {
        let below = path.isEmpty ? name : "\(path).\(name)"
        Self.collectChange(
          from: old[name], to: new[name], at: below, byName: byName, into: &changes)
      }
    case (.array(let new), .array(let old)) where new.count == old.count:
      for (index, pair) in zip(new, old).enumerated() {
        pair.0.collectChanges(from: pair.1, at: "\(path)[\(index)]", byName: byName, into: &changes)
      }
    case (.array(let new), .array(let old)):
      guard byName, let (new, old) = Self.named(new, old) else {
        changes.append(FieldChange(path: path, old: other, new: self))
        return
      }
      for name in Set(new.keys).union(old.keys).sorted() {
        Self.collectChange(
          from: old[name], to: new[name], at: "\(path)[\(name)]", byName: byName, into: &changes)
      }
    default:
      if self != other {
        changes.append(FieldChange(path: path.isEmpty ? "." : path, old: other, new: self))
      }
    }
  }

  private static func collectChange(
    from old: JSON?, to new: JSON?, at path: String, byName: Bool,
    into changes: inout [FieldChange]
  ) {
    guard let old, let new else {
      changes.append(FieldChange(path: path, old: old, new: new))
      return
    }
    new.collectChanges(from: old, at: path, byName: byName, into: &changes)
  }

  /// Both lists by the names of their elements. Nil where one has none or two the same, or where
  /// those in both lists stand in another order: then the lists as a whole are what differs.
  private static func named(
    _ new: [JSON], _ old: [JSON]
  ) -> (new: [String: JSON], old: [String: JSON])? {
    let (newNames, oldNames) = (
      new.compactMap { $0["Name"]?.string }, old.compactMap { $0["Name"]?.string }
    )
    guard newNames.count == new.count, oldNames.count == old.count,
      Set(newNames).count == new.count, Set(oldNames).count == old.count,
      newNames.filter(Set(oldNames).contains) == oldNames.filter(Set(newNames).contains)
    else { return nil }
    return (
      Dictionary(zip(newNames, new)) { first, _ in first },
      Dictionary(zip(oldNames, old)) { first, _ in first }
    )
  }
}
