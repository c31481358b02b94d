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

  public init(_ what: What, _ key: RecordKey, fields: [String] = []) {
    self.what = what
    self.key = key
    self.fields = fields
  }
}

extension JSON {
  /// The paths at which two values differ, in order: `Columns[3].Comment`.
  public func differences(from other: JSON) -> [String] {
    var paths: [String] = []
    collectDifferences(from: other, at: "", into: &paths)
    return paths
  }

  private func collectDifferences(from other: JSON, at path: String, into paths: inout [String]) {
    switch (self, other) {
    case (.object(let new), .object(let old)):
      for name in Set(new.keys).union(old.keys).sorted() {
        let below = path.isEmpty ? name : "\(path).\(name)"
        guard let left = new[name], let right = old[name] else {
          paths.append(below)
          continue
        }
        left.collectDifferences(from: right, at: below, into: &paths)
      }
    case (.array(let new), .array(let old)) where new.count == old.count:
      for (index, pair) in zip(new, old).enumerated() {
        pair.0.collectDifferences(from: pair.1, at: "\(path)[\(index)]", into: &paths)
      }
    default:
      if self != other { paths.append(path.isEmpty ? "." : path) }
    }
  }
}
