import CanonicalJSON

/// One AWS resource, as AWS returned it.
public struct Record: Sendable, Hashable {
  public let key: RecordKey
  /// The JSON object of the API's answer in canonical form, with every member untouched, also
  /// those that no model knows.
  public let body: [UInt8]

  /// - Parameter body: canonical JSON; it is not checked again.
  public init(key: RecordKey, body: [UInt8]) {
    self.key = key
    self.body = body
  }

  public init(key: RecordKey, value: JSON) {
    self.init(key: key, body: value.canonicalBytes)
  }

  /// The body as a tree.
  /// - Throws: `JSONError` if the body is no JSON, or has a member whose name Swift can't hold.
  public func value() throws(JSONError) -> JSON {
    try JSON(parsing: body)
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
