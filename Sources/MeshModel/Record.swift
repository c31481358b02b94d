import CanonicalJSON

/// One AWS resource, as AWS returned it.
public struct Record: Sendable, Hashable {
  public let key: RecordKey
  /// The JSON object of the API's answer in canonical form, with every member untouched, also
  /// those that no model knows.
  public let body: [UInt8]
  /// The body as a tree, where it has been read.
  private let tree: JSON?

  /// - Parameters:
  ///   - body: canonical JSON; it is not checked again.
  ///   - tree: the same as a tree, where it has been read already.
  public init(key: RecordKey, body: [UInt8], tree: JSON? = nil) {
    self.key = key
    self.body = body
    self.tree = tree
  }

  public init(key: RecordKey, value: JSON) {
    self.init(key: key, body: value.canonicalBytes)
  }

  /// The body as a tree.
  /// - Throws: `JSONError` if the body is no JSON, or has a member whose name Swift can't hold.
  public func value() throws(JSONError) -> JSON {
    if let tree { return tree }
    return try JSON(parsing: body)
  }

  /// The same record with its body read, once for all who ask for its value. A tree takes several
  /// times the room of its text: this is for a record that many look at now, not for one that is kept.
  /// - Throws: as `value` does.
  public func read() throws(JSONError) -> Record {
    Record(key: key, body: body, tree: try value())
  }

  /// The same record without its tree.
  public var unread: Record { tree == nil ? self : Record(key: key, body: body) }

  public static func == (left: Record, right: Record) -> Bool {
    left.key == right.key && left.body == right.body
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(body)
  }
}

/// Records in the order of their keys, each key once, read one at a time.
public protocol RecordStream {
  /// The next record, or nil at the end.
  /// - Throws: what reading them meets: a damaged archive, a lost file.
  mutating func next() throws -> Record?
}

extension RecordStream {
  /// Calls `body` with every record that is left.
  public mutating func forEach(_ body: (Record) throws -> Void) throws {
    while let record = try next() { try body(record) }
  }

  /// All records that are left, in memory: for kinds of which there are few.
  public mutating func collect() throws -> [Record] {
    var records: [Record] = []
    try forEach { records.append($0) }
    return records
  }
}

/// A set of records in memory.
public struct RecordList: RecordStream, Sendable {
  private var rest: ArraySlice<Record>

  /// - Parameter records: in any order, each key once.
  public init(_ records: some Sequence<Record>) {
    rest = records.sorted { $0.key < $1.key }[...]
  }

  public mutating func next() -> Record? { rest.popFirst() }
}
