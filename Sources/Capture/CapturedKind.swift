import AWSAccess
import CanonicalJSON
import MeshModel

/// Takes the records of a listing, in any order.
public protocol RecordSink: AnyObject, Sendable {
  /// - Throws: where the record can't be kept: a full disk.
  func add(_ record: Record) throws

  /// - Throws: where the records can't be kept: a full disk.
  func add(_ batch: RecordBatch) throws

  /// Forgets what was added: the listing begins again.
  func restart()

  /// A sink for a part of the listing, which can begin again by itself.
  func part() -> any RecordSink
}

/// A kind that can be listed.
public protocol CapturedKind: ResourceKind {
  /// The kinds below whose records this one is listed. Empty for what is listed once an account.
  /// What is listed below a database or a table belongs to the database, and is captured again with
  /// it.
  var parents: [Kind] { get }

  /// The kind as one capture of an account uses it: with what it looks up once, before anything is
  /// listed.
  /// - Throws: `CancellationError`. What AWS refuses here must not keep the kind from being listed.
  func prepared(at site: Site) async throws -> any CapturedKind

  /// Whether there is anything to ask for below this record. Saves the call where the parent
  /// already tells that there is nothing.
  func isListed(below parent: Record) throws -> Bool

  /// The one record that two different ones under the same key amount to.
  /// - Throws: `MalformedRecord` where that can't be.
  func merged(_ first: Record, _ second: Record) throws -> Record

  /// What differs whenever the record, or something below it that its service counts as a change of
  /// it, has changed. It is only compared with what the same process asked for before.
  /// - Returns: nil where a listing can't tell.
  /// - Throws: `JSONError` for a body that is no JSON.
  func stamp(of record: Record) throws -> [UInt8]?

  /// Hands every record to the sink.
  /// - Parameter parent: a record of one of `parents`, nil where there are none.
  /// - Throws: `AWSFailure`, and what the sink throws. A listing that ends without an error is whole.
  func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws
}

extension CapturedKind {
  public var parents: [Kind] { [] }
  public func prepared(at site: Site) async throws -> any CapturedKind { self }
  public func isListed(below parent: Record) throws -> Bool { true }
  public func stamp(of record: Record) throws -> [UInt8]? { nil }

  public func merged(_ first: Record, _ second: Record) throws -> Record {
    throw MalformedRecord(kind: kind, member: "own name: \(first.key) was listed twice")
  }
}

/// One thing to do to one record, with what the kind needs to know for it.
public struct Change: Sendable {
  public let step: Action.Step
  public let key: RecordKey
  /// The record as it should be; nil where it is to be removed.
  public let desired: JSON?
  /// The record as it is; nil where it is to be created.
  public var live: JSON?
  /// Desired records that are created in the same call, such as a table's partition indexes.
  public var companions: [JSON] = []
  /// Whether the record is changed where it is, and nothing is created around it.
  public var isInPlace = false

  public init(step: Action.Step, key: RecordKey, desired: JSON?, live: JSON?) {
    self.step = step
    self.key = key
    self.desired = desired
    self.live = live
  }
}

/// Why one change of a batch was not made.
public struct ChangeFailure: Sendable, Error {
  public let key: RecordKey
  /// The code of AWS: `AccessDeniedException`.
  public let code: String
  public let message: String
  /// Whether what depends on the change must be left out. False where nobody has more access for it.
  public let holdsBack: Bool

  public init(key: RecordKey, code: String, message: String, holdsBack: Bool = true) {
    self.key = key
    self.code = code
    self.message = message
    self.holdsBack = holdsBack
  }
}

/// A kind that can be put back.
public protocol RestorableKind: CapturedKind {
  /// How many changes fit into one call of `apply`.
  func batchLimit(_ step: Action.Step) -> Int

  /// Changes of the same group can share a call.
  func batchGroup(_ key: RecordKey) -> String

  /// Whether calls of the same group must follow one another, because AWS refuses two at once.
  var isSerial: Bool { get }

  /// The record whose creation also creates this one; nil if there is none.
  func createdWith(_ key: RecordKey) -> RecordKey?

  /// Whether the record has a part that must wait until everything else is in place.
  func needsSettling(_ desired: JSON) -> Bool

  /// Makes the changes, all of one step and one batch group.
  ///
  /// Each can be repeated: creating what is already as it should be, and removing what is gone, is
  /// no failure.
  /// - Returns: the changes that AWS refused; empty when all were made.
  /// - Throws: `AWSFailure` where none was made.
  func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure]
}

extension RestorableKind {
  public func batchLimit(_ step: Action.Step) -> Int { 1 }
  public func batchGroup(_ key: RecordKey) -> String { key.text }
  public var isSerial: Bool { false }
  public func createdWith(_ key: RecordKey) -> RecordKey? { nil }
  public func needsSettling(_ desired: JSON) -> Bool { false }
}

/// What a record should have and has not: an answer of AWS that can't be understood.
public struct MalformedRecord: Error, CustomStringConvertible {
  public let kind: Kind
  public let member: String

  public init(kind: Kind, member: String) {
    self.kind = kind
    self.member = member
  }

  public var description: String { "AWS returned a \(kind.name) without its \(member)" }
}

extension ResourceKind {
  /// A member that names the record.
  /// - Throws: `MalformedRecord` where it is missing.
  public func required(_ member: String, of body: JSON) throws -> String {
    guard let text = body[member]?.string else {
      throw MalformedRecord(kind: kind, member: member)
    }
    return text
  }
}
