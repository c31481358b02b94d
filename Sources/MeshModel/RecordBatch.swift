import CanonicalJSON

/// Records that came together, such as those of one page: all bodies in one piece of memory and
/// all keys in another.
public struct RecordBatch: Sendable {
  /// Where one record stands.
  public struct Span: Sendable {
    fileprivate let keyBegin: UInt32
    fileprivate let keyEnd: UInt32
    fileprivate let bodyBegin: UInt32
    fileprivate let bodyEnd: UInt32

    /// In `keys`.
    public var key: Range<Int> { Int(keyBegin)..<Int(keyEnd) }
    /// In `bodies`.
    public var body: Range<Int> { Int(bodyBegin)..<Int(bodyEnd) }
  }

  public private(set) var keys: [UInt8] = []
  public private(set) var bodies: [UInt8]
  public private(set) var spans: [Span] = []

  /// - Parameter bodies: the canonical bodies, and whatever else; not over 4 GiB.
  public init(bodies: [UInt8] = []) {
    self.bodies = bodies
  }

  /// What it takes in memory, in bytes, or near to it.
  public var size: Int {
    keys.count + bodies.count + spans.count * MemoryLayout<Span>.size
  }

  public mutating func reserve(records: Int, keyBytes: Int) {
    spans.reserveCapacity(records)
    keys.reserveCapacity(keyBytes)
  }

  /// Adds a record whose body stands in `bodies`.
  /// - Parameter writeKey: appends the text of the record's key.
  public mutating func append(
    body: Range<Int>, writeKey: (inout [UInt8]) throws -> Void
  ) rethrows {
    let begin = keys.count
    try writeKey(&keys)
    spans.append(
      Span(
        keyBegin: UInt32(begin), keyEnd: UInt32(keys.count), bodyBegin: UInt32(body.lowerBound),
        bodyEnd: UInt32(body.upperBound)))
  }

  /// Adds a record with its body.
  public mutating func append(_ record: Record) {
    let begin = bodies.count
    bodies += record.body
    append(body: begin..<bodies.count) { $0 += record.key.text.utf8 }
  }

  /// The records, each by itself.
  /// - Throws: `JSONError` for a key that is none.
  public func records() throws(JSONError) -> [Record] {
    var records: [Record] = []
    for span in spans {
      guard let key = RecordKey(String(decoding: keys[span.key], as: UTF8.self)) else {
        throw JSONError("a record without a key")
      }
      records.append(Record(key: key, body: Array(bodies[span.body])))
    }
    return records
  }
}
