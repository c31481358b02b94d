import CanonicalJSON

/// What has to be done before an action can start.
public enum Requirement: Sendable, Hashable {
  /// The action on this record, if there is one.
  case record(RecordKey)
  /// Every action on a record whose key begins with this text.
  case below(String)
}

extension Requirement {
  /// Every record of a kind in an account below a path.
  public static func all(_ kind: Kind, in account: String, under path: [String] = []) -> Requirement
  {
    .below(RecordKey(account: account, kind: kind, path: path).text + "/")
  }
}

/// The part of a kind that is pure: what its records mean, without asking AWS anything.
///
/// How they are listed and changed is said by the same type, in the protocols that refine this one.
public protocol ResourceKind: Sendable {
  var kind: Kind { get }
  /// What can be done with records of the kind; where they differ, with most of them.
  var restorability: Restorability { get }
  /// Whether there may be so many records that their bodies are never all held in memory.
  var isBulk: Bool { get }
  /// Whether a record that the snapshot does not hold gives somebody access. Such records are
  /// removed even where others are left.
  var givesAccess: Bool { get }

  /// Whether its records keep others from being open: settings, tags, filters. They come along
  /// whatever kinds are asked for.
  var restrictsAccess: Bool { get }
  /// When a record that gives access and is not in the snapshot is taken away.
  var removalPhase: Phase { get }

  /// What can be done with one record.
  func restorability(of body: JSON) -> Restorability

  /// What a person has to do for a record that is put back only in part, or not at all.
  ///
  /// - Parameters:
  ///   - body: the record as it should be in the secondary.
  ///   - live: the record as it is there; nil where there is none.
  /// - Returns: nil where nothing is left for a person.
  func manualStep(_ key: RecordKey, _ body: JSON, live: JSON?, in region: String) -> ManualStep?

  /// When its records are put back.
  func phase(of body: JSON) -> Phase

  /// What two regions are compared by: the members that can be written, in one normal form.
  func comparable(_ body: JSON) -> JSON

  /// The body as it should be in the secondary. The mapper notes what it can't map.
  func mapped(_ body: JSON, by mapper: Mapper) -> JSON

  /// The path of the mapped record.
  /// - Throws: `JSONError` where the body lacks what names it.
  func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String]

  /// What must be in place before a record can be created or changed.
  func requirements(of key: RecordKey, body: JSON) -> [Requirement]

  /// The database, and the table in it, that the record lies in; nil for what belongs to a whole
  /// account and may be needed by everything in it; empty for what nothing else needs. Selectors go
  /// by this.
  func scope(of key: RecordKey, body: JSON) -> [String]?

  /// The record whose removal takes this one along; nil if there is none.
  func parent(of key: RecordKey) -> RecordKey?

  /// Whom the record gives access; nil where that is not one principal.
  func principal(of body: JSON) -> String?

  /// The account that owns what the record gives access to: another than the record's own where
  /// access is handed on.
  func owner(of key: RecordKey, body: JSON) -> String

  /// Whether the first of two comparable bodies gives access that the second does not.
  func exceeds(_ body: JSON, _ other: JSON) -> Bool

  /// Whether a record that only the secondary holds lies on something that the snapshot covers.
  /// Asked only of kinds that give access.
  func isCovered(_ key: RecordKey, body: JSON, by snapshot: Coverage) -> Bool
}

extension ResourceKind {
  public var restorability: Restorability { .restorable }
  public func restorability(of body: JSON) -> Restorability { restorability }
  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? { nil }
  public var isBulk: Bool { false }
  public var givesAccess: Bool { false }
  public var restrictsAccess: Bool { false }
  public var removalPhase: Phase { .revoke }
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON { body }
  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] { [] }
  public func isCovered(_ key: RecordKey, body: JSON, by snapshot: Coverage) -> Bool { true }

  public func parent(of key: RecordKey) -> RecordKey? { nil }
  public func principal(of body: JSON) -> String? { nil }
  public func owner(of key: RecordKey, body: JSON) -> String { key.account }
  public func exceeds(_ body: JSON, _ other: JSON) -> Bool { false }

  public func scope(of key: RecordKey, body: JSON) -> [String]? {
    kind.belongsToDatabase ? Array(key.path.prefix(2)) : nil
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    guard kind.belongsToDatabase, let database = path.first else { return path }
    return [mapper.name(database)] + path.dropFirst()
  }

  /// The record as it should be in the secondary.
  /// - Throws: `JSONError` where its body can't be read.
  public func mapped(_ record: Record, by mapper: Mapper) throws -> Record {
    mapper.begin(record.key)
    let body = mapped(try record.value(), by: mapper)
    let path = try mappedPath(record.key.path, body: body, by: mapper)
    let key = RecordKey(account: mapper.account(record.key.account), kind: kind, path: path)
    return Record(key: key, value: body)
  }
}

/// Which resources a snapshot holds, in the secondary's names.
public protocol Coverage {
  func holds(_ key: RecordKey) -> Bool
}
