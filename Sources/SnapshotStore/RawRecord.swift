import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A record as bytes that lie in memory of others: nothing is copied or taken apart.
struct RawRecord: Sendable {
  private let keys: [UInt8]
  private let bodies: [UInt8]
  private let keyRange: Range<Int>
  private let bodyRange: Range<Int>
  /// The listing that it came from; see ``VoidListings``.
  let listing: UInt32

  init(
    keys: [UInt8], _ keyRange: Range<Int>, bodies: [UInt8], _ bodyRange: Range<Int>,
    listing: UInt32 = 0
  ) {
    self.keys = keys
    self.bodies = bodies
    self.keyRange = keyRange
    self.bodyRange = bodyRange
    self.listing = listing
  }

  init(_ record: Record) {
    let key = Array(record.key.text.utf8)
    self.init(keys: key, 0..<key.count, bodies: record.body, 0..<record.body.count)
  }

  var keyCount: Int { keyRange.count }
  var bodyCount: Int { bodyRange.count }

  func withKey<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try keys.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[keyRange])) }
  }

  func withBody<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bodies.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[bodyRange])) }
  }

  /// - Throws: `ArchiveError` (`.invalid`).
  func key() throws -> RecordKey {
    guard let key = RecordKey(withKey { String(decoding: $0, as: UTF8.self) }) else {
      throw ArchiveError(.invalid, "a record without a key")
    }
    return key
  }

  /// - Throws: `ArchiveError` (`.invalid`).
  func record() throws -> Record {
    Record(key: try key(), body: withBody { Array($0) })
  }

  func hasKey(of other: RawRecord) -> Bool {
    keyCount == other.keyCount && compareKeys(other) == 0
  }

  func hasBody(of other: RawRecord) -> Bool {
    bodyCount == other.bodyCount && compareBodies(other) == 0
  }

  /// By key, then by body.
  static func precedes(_ left: RawRecord, _ right: RawRecord) -> Bool {
    let order = left.compareKeys(right)
    return order == 0 ? left.compareBodies(right) < 0 : order < 0
  }

  /// Whether its key is the lesser one.
  func hasKey(before other: RawRecord) -> Bool { compareKeys(other) < 0 }

  private func compareKeys(_ other: RawRecord) -> Int {
    withKey { left in other.withKey { compareBytes(left, $0) } }
  }

  private func compareBodies(_ other: RawRecord) -> Int {
    withBody { left in other.withBody { compareBytes(left, $0) } }
  }
}

/// As `memcmp`, the shorter one first where the other goes on.
func compareBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
  let common = min(left.count, right.count)
  if common > 0, let first = left.baseAddress, let second = right.baseAddress {
    let order = memcmp(first, second, common)
    if order != 0 { return Int(order) }
  }
  return left.count - right.count
}

/// Raw records in the order of their keys, read one at a time.
protocol RawRecordStream {
  mutating func nextRaw() throws -> RawRecord?
}

/// Any stream, record by record.
struct RawRecords<Records: RecordStream>: RawRecordStream {
  var records: Records

  mutating func nextRaw() throws -> RawRecord? {
    try records.next().map(RawRecord.init)
  }
}
