import CanonicalJSON
import MeshModel

/// Narrows a capture to what selectors name, and to what that lies in: a table is captured with its
/// database. With databases or tables come what lies in them and is on them, and the settings and
/// tags of their accounts.
public struct CaptureLimit: Sendable {
  /// As they were given.
  public let selectors: [Selector]
  /// Kinds that are captured everywhere: those that are named, and those below whose records they lie.
  private let everywhere: Set<String>
  /// Those of databases and tables.
  private let scopes: [Selector]

  /// - Parameters:
  ///   - selectors: what is captured; it is enough that one of them matches.
  ///   - kinds: all kinds.
  /// - Returns: nil without selectors: everything is captured then.
  public init?(_ selectors: [Selector], among kinds: [any CapturedKind]) {
    if selectors.isEmpty { return nil }
    self.selectors = selectors
    var everywhere: Set<String> = []
    func add(_ name: String) {
      guard everywhere.insert(name).inserted else { return }
      for kind in kinds where kind.kind.name == name {
        for parent in kind.parents { add(parent.name) }
      }
    }
    for case .kind(let name) in selectors { add(name) }
    self.everywhere = everywhere
    scopes = selectors.filter { if case .kind = $0 { false } else { true } }
  }

  /// Whether a kind is listed anywhere.
  func lists(_ kind: Kind) -> Bool { everywhere.contains(kind.name) || !scopes.isEmpty }

  /// Whether a kind is listed below a record, or at all for what is listed once an account.
  func lists(_ kind: Kind, below parent: Record?) -> Bool {
    if everywhere.contains(kind.name) { return true }
    guard let parent else { return !scopes.isEmpty }
    return matches(parent.key)
  }

  /// Whether a database or a table belongs to what is captured. It needs not to have been listed.
  public func covers(_ key: RecordKey) -> Bool {
    everywhere.contains(key.kindName) || matches(key)
  }

  private func matches(_ key: RecordKey) -> Bool {
    scopes.contains { $0.matches(key, scope: key.path) }
  }

  /// Whether a record that was listed is kept.
  /// - Throws: `JSONError` for a body that is no JSON.
  func keeps(_ record: Record, of kind: any CapturedKind) throws -> Bool {
    if covers(record.key) { return true }
    if scopes.isEmpty { return false }
    guard let scope = kind.scope(of: record.key, body: try record.value()) else { return true }
    return scopes.contains { $0.matches(record.key, scope: scope) }
  }
}

/// Passes on what a limit keeps.
final class LimitedSink: RecordSink {
  private let sink: any RecordSink
  private let kind: any CapturedKind
  private let limit: CaptureLimit

  init(_ sink: any RecordSink, _ kind: any CapturedKind, _ limit: CaptureLimit) {
    self.sink = sink
    self.kind = kind
    self.limit = limit
  }

  func add(_ record: Record) throws {
    if try limit.keeps(record, of: kind) { try sink.add(record) }
  }

  func add(_ batch: RecordBatch) throws {
    // All records of a batch lie in one place.
    if let first = batch.firstKey, limit.covers(first) { return try sink.add(batch) }
    for record in try batch.records() { try add(record) }
  }

  func restart() { sink.restart() }

  func part() -> any RecordSink { LimitedSink(sink.part(), kind, limit) }
}
