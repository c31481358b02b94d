import CanonicalJSON
import Capture
import MeshModel

/// What runs have changed in one region, as their journals tell it: enough to undo it.
public struct FormerState: Sendable {
  /// The members that were changed, by their paths: as they were before the first run, and as the
  /// last one made them.
  var changed: [RecordKey: [String: FieldChange]] = [:]
  /// What was removed, as it was.
  var removed: [RecordKey: JSON] = [:]
  var created: Set<RecordKey> = []
  /// What the restorer granted itself in runs that did not come to give it back.
  public private(set) var ownAccess: Set<RecordKey> = []

  public init() {}

  /// Whether there is nothing to undo.
  public var isEmpty: Bool { changed.isEmpty && removed.isEmpty && created.isEmpty }

  /// Takes in the entries of one journal. Journals are given in the order of their runs.
  ///
  /// What was begun counts as done: whether it was, the region itself shows.
  public mutating func add(journal entries: [JSON]) {
    let own = Self.ownAccess(of: entries)
    for entry in entries where entry["event"]?.string == "begin" {
      if let key = entry["key"]?.string.flatMap({ RecordKey($0) }), !own.contains(key) {
        add(entry, key)
      }
    }
    addOwnAccess(journal: entries)
  }

  /// Takes in only what the restorer granted itself: of a run that undid others.
  public mutating func addOwnAccess(journal entries: [JSON]) {
    if entries.contains(where: { $0["event"]?.string == "access-given-back" }) {
      ownAccess = []
    } else {
      ownAccess.formUnion(Self.ownAccess(of: entries))
    }
  }

  /// Forgets what has been undone.
  public mutating func forget() { (changed, removed, created) = ([:], [:], []) }

  private static func ownAccess(of entries: [JSON]) -> Set<RecordKey> {
    let own = entries.filter { $0["event"]?.string == "own-access" }
    return Set(own.flatMap { $0["keys"]?.strings ?? [] }.compactMap { RecordKey($0) })
  }

  private mutating func add(_ entry: JSON, _ key: RecordKey) {
    switch entry["step"]?.string.flatMap(Action.Step.init(rawValue:)) {
    case .create:
      if removed.removeValue(forKey: key) == nil { created.insert(key) }
    case .remove:
      guard created.remove(key) == nil, let was = entry["was"] else { return }
      removed[key] = was
    case .update, .prepare, .settle:
      for change in (entry["changes"]?.array ?? []).compactMap(FieldChange.init(json:)) {
        let first = changed[key]?[change.path]
        changed[key, default: [:]][change.path] = FieldChange(
          path: change.path, old: first.map(\.old) ?? change.old, new: change.new)
      }
    case nil: return
    }
  }
}

extension RestorableKind {
  /// What a journal keeps of a change so that it can be undone.
  func formerState(_ change: Change) -> [String: JSON] {
    guard let live = change.live else { return [:] }
    guard let desired = change.desired else { return ["was": live] }
    let changes = comparable(desired).changes(from: comparable(live))
    return ["changes": .array(changes.map(\.json))]
  }
}

extension FieldChange {
  fileprivate var json: JSON {
    var json: JSON = ["path": .string(path)]
    json["old"] = old
    json["new"] = new
    return json
  }

  fileprivate init?(json: JSON) {
    guard let path = json["path"]?.string else { return nil }
    self.init(path: path, old: json["old"], new: json["new"])
  }
}

extension JSON {
  /// The value with the members of some changes as they were. A member that is no longer as the
  /// change made it stays.
  /// - Parameter kept: takes the paths of members that stay for that reason.
  func undoing(_ changes: [String: FieldChange], kept: inout [String]) -> JSON {
    undoing(changes, at: "", kept: &kept) ?? .null
  }

  private func undoing(
    _ changes: [String: FieldChange], at path: String, kept: inout [String]
  ) -> JSON? {
    if let change = changes[path] {
      if self == change.new { return change.old }
      if self != change.old { kept.append(path) }
      return self
    }
    switch self {
    case .object(let members):
      var undone: [String: JSON] = [:]
      for (name, member) in members {
        let below = path.isEmpty ? name : "\(path).\(name)"
        undone[name] = member.undoing(changes, at: below, kept: &kept)
      }
      return .object(undone)
    case .array(let elements):
      return .array(
        elements.enumerated().compactMap { index, element in
          element.undoing(changes, at: "\(path)[\(index)]", kept: &kept)
        })
    default: return self
    }
  }
}
