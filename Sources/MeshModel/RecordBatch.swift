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

    /// Among the keys.
    public var key: Range<Int> { Int(keyBegin)..<Int(keyEnd) }
    /// Among the bodies.
    public var body: Range<Int> { Int(bodyBegin)..<Int(bodyEnd) }
  }

  private var ownKeys: [UInt8] = []
  private var ownBodies: [UInt8] = []
  private let given: ByteBuffer?
  public private(set) var spans: [Span] = []

  /// For records whose bodies are appended.
  public init() {
    given = nil
  }

  /// For records whose bodies stand in a buffer, which is not copied; not over 4 GiB.
  public init(bodies: ByteBuffer, records: Int, keyBytes: Int) {
    given = bodies
    spans.reserveCapacity(records)
    ownKeys.reserveCapacity(keyBytes)
  }

  /// What it takes in memory, in bytes, or near to it.
  public var size: Int {
    ownKeys.count + (given?.count ?? ownBodies.count) + spans.count * MemoryLayout<Span>.stride
  }

  /// The texts of all keys.
  public var keys: ByteBuffer { ByteBuffer(ownKeys) }
  /// All bodies.
  public var bodies: ByteBuffer { given ?? ByteBuffer(ownBodies) }

  /// Adds a record whose body stands in the buffer that was given.
  /// - Parameter writeKey: appends the text of the record's key.
  public mutating func append(
    body: Range<Int>, writeKey: (inout [UInt8]) throws -> Void
  ) rethrows {
    let begin = ownKeys.count
    try writeKey(&ownKeys)
    spans.append(
      Span(
        keyBegin: UInt32(begin), keyEnd: UInt32(ownKeys.count), bodyBegin: UInt32(body.lowerBound),
        bodyEnd: UInt32(body.upperBound)))
  }

  /// Adds a record with its body, where no buffer was given.
  public mutating func append(_ record: Record) {
    let begin = ownBodies.count
    ownBodies += record.body
    append(body: begin..<ownBodies.count) { $0 += record.key.text.utf8 }
  }

  /// The first record's key; nil where there is none.
  public var firstKey: RecordKey? {
    spans.first.flatMap { RecordKey(String(decoding: ownKeys[$0.key], as: UTF8.self)) }
  }

  /// The records, each by itself.
  /// - Throws: `JSONError` for a key that is none.
  public func records() throws(JSONError) -> [Record] {
    var records: [Record] = []
    let bodies = bodies
    for span in spans {
      guard let key = RecordKey(String(decoding: ownKeys[span.key], as: UTF8.self)) else {
        throw JSONError("a record without a key")
      }
      records.append(Record(key: key, body: Array(ByteSlice(bodies, span.body))))
    }
    return records
  }
}
