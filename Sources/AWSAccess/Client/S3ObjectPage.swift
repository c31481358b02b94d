import CanonicalJSON
import Foundation

/// A page of `ListObjectsV2` whose objects lie where they came in the answer: for listings of
/// millions of objects, of which hardly any is looked at.
public struct S3ObjectPage: Sendable {
  /// Where the parts of one object stand in the page's bytes.
  public struct Entry: Sendable {
    var keyBegin: UInt32
    var keyEnd: UInt32
    var etagBegin: UInt32
    var etagEnd: UInt32
    var modifiedBegin: UInt32
    var modifiedEnd: UInt32
    /// Bytes.
    public var size: Int

    /// Where the key stands.
    public var key: Range<Int> { Int(keyBegin)..<Int(keyEnd) }
    /// Where the ETag stands, without quotes.
    public var etag: Range<Int> { Int(etagBegin)..<Int(etagEnd) }
    /// Where the time of the last change stands, as S3 writes it.
    public var modified: Range<Int> { Int(modifiedBegin)..<Int(modifiedEnd) }
  }

  /// What the entries point into.
  public private(set) var bytes: [UInt8]
  /// In the order of their keys, compared byte by byte; no key twice.
  public private(set) var entries: [Entry] = []
  /// The token of the next page; nil at the end of the listing.
  public private(set) var next: String?
  /// What groups of keys begin with, where the listing was asked to group them.
  public private(set) var prefixes: [String] = []

  /// The key of an object.
  public func key(_ entry: Entry) -> String { text(entry.key) }
  /// The ETag of an object, without quotes.
  public func etag(_ entry: Entry) -> String { text(entry.etag) }

  /// When an object was changed last, in seconds since 1970.
  /// - Throws: `JSONError` for what is no time.
  public func modified(_ entry: Entry) throws(JSONError) -> Double {
    if let time = Timestamps.listed(bytes[entry.modified]) { return time }
    let text = text(entry.modified)
    guard let time = Timestamps.iso8601(text) else {
      throw JSONError("“\(text)” is no time")
    }
    return time
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// Reads an answer.
  /// - Throws: `JSONError` for one that is not whole, that contradicts itself, or whose keys are
  ///   not in order.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self.bytes = bytes
    guard bytes.count < Int(UInt32.max) else { throw JSONError("a page of \(bytes.count) bytes") }
    entries.reserveCapacity(min(1000, bytes.count / 200 + 1))
    var reading = ObjectListReading()
    try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
      try reading.read(bytes, into: &entries)
    }
    next = reading.token
    prefixes = reading.prefixes
    guard !reading.isTruncated || next?.isEmpty == false else {
      throw JSONError("XML: a page that is not the last one, without the token of the next")
    }
    if !reading.isTruncated { next = nil }
    guard reading.keyCount == nil || reading.keyCount == entries.count + prefixes.count else {
      throw JSONError(
        "XML: \(entries.count + prefixes.count) keys in a page of \(reading.keyCount ?? 0)")
    }
    try replaceEntities(reading.encoded)
    try checkOrder()
  }

  /// Keys with entities are written over with what they stand for, which is never longer.
  private mutating func replaceEntities(_ places: [Int]) throws(JSONError) {
    for place in places {
      let (key, etag) = (entries[place].key, entries[place].etag)
      entries[place].keyEnd = UInt32(try decode(key))
      entries[place].etagEnd = UInt32(try decode(etag))
    }
  }

  /// - Returns: where the decoded text ends.
  private mutating func decode(_ range: Range<Int>) throws(JSONError) -> Int {
    let plain = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
      try XMLEntities.decoded(UnsafeBufferPointer(rebasing: bytes[range]))
    }
    guard plain.count <= range.count else { throw JSONError("XML: an entity that grows") }
    bytes.replaceSubrange(range.lowerBound..<range.lowerBound + plain.count, with: plain)
    return range.lowerBound + plain.count
  }

  private func checkOrder() throws(JSONError) {
    let isOrdered = bytes.withUnsafeBufferPointer { bytes in
      zip(entries, entries.dropFirst()).allSatisfy { compareKeys(bytes, $0, bytes, $1) < 0 }
    }
    guard isOrdered else { throw JSONError("XML: keys that are not in order") }
  }
}

/// How two keys lie to each other, byte by byte, as S3 lists them: below, at or above zero.
@inline(__always)
public func compareKeys(
  _ left: UnsafeBufferPointer<UInt8>, _ leftEntry: S3ObjectPage.Entry,
  _ right: UnsafeBufferPointer<UInt8>, _ rightEntry: S3ObjectPage.Entry
) -> Int {
  let (leftKey, rightKey) = (leftEntry.key, rightEntry.key)
  guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return 0 }
  let common = min(leftKey.count, rightKey.count)
  let order = memcmp(leftBase + leftKey.lowerBound, rightBase + rightKey.lowerBound, common)
  return order != 0 ? Int(order) : leftKey.count - rightKey.count
}
