import CanonicalJSON
import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What raw records point into.
final class RecordPage: Sendable {
  let keys: ByteBuffer
  let bodies: ByteBuffer

  init(keys: ByteBuffer, bodies: ByteBuffer) {
    self.keys = keys
    self.bodies = bodies
  }
}

/// A record as bytes that lie in memory with others: nothing is copied or taken apart.
struct RawRecord: @unchecked Sendable {
  // Its buffers never change; the pointers point into them.
  private let page: RecordPage
  /// Lives as long as the record.
  let keyBytes: UnsafeBufferPointer<UInt8>
  /// Lives as long as the record.
  let bodyBytes: UnsafeBufferPointer<UInt8>
  /// The listing that it came from; see ``VoidListings``.
  let listing: UInt32

  init(_ page: RecordPage, key: Range<Int>, body: Range<Int>, listing: UInt32 = 0) {
    self.page = page
    keyBytes = page.keys[key]
    bodyBytes = page.bodies[body]
    self.listing = listing
  }

  init(_ record: Record) {
    let page = RecordPage(
      keys: ByteBuffer(Array(record.key.text.utf8)), bodies: ByteBuffer(record.body))
    self.init(page, key: 0..<page.keys.count, body: 0..<page.bodies.count)
  }

  /// - Throws: `ArchiveError` (`.invalid`).
  func key() throws -> RecordKey {
    guard let key = RecordKey(String(decoding: keyBytes, as: UTF8.self)) else {
      throw ArchiveError(.invalid, "a record without a key")
    }
    return key
  }

  /// - Throws: `ArchiveError` (`.invalid`).
  func record() throws -> Record {
    Record(key: try key(), body: Array(bodyBytes))
  }

  func hasKey(of other: RawRecord) -> Bool {
    keyBytes.count == other.keyBytes.count && compareBytes(keyBytes, other.keyBytes) == 0
  }

  func hasBody(of other: RawRecord) -> Bool {
    bodyBytes.count == other.bodyBytes.count && compareBytes(bodyBytes, other.bodyBytes) == 0
  }

  /// Whether its key is the lesser one.
  func hasKey(before other: RawRecord) -> Bool { compareBytes(keyBytes, other.keyBytes) < 0 }
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
