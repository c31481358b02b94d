import CanonicalJSON
import Foundation

/// Reads a page of `ListObjectsV2`.
struct ObjectListReading {
  private(set) var token: String?
  private(set) var isTruncated = false
  private(set) var keyCount: Int?
  private(set) var prefixes: [String] = []
  /// The objects whose keys or ETags have entities in them.
  private(set) var encoded: [Int] = []
  /// That of the object that was read last.
  private var shape: ObjectShape?

  /// - Parameter entries: gets what stands for the objects.
  /// - Throws: `JSONError` for what is not a listing from end to end.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, into entries: inout [S3ObjectPage.Entry]
  ) throws(JSONError) {
    var scanner = try ListingScanner(bytes)
    try scanner.prolog()
    guard let root = try scanner.child(), scanner.isNamed(root, "ListBucketResult"), !root.isEmpty
    else { throw JSONError("XML: an answer that is no listing") }
    while true {
      if let entry = shape?.next(&scanner) {
        noteEntities(of: entry, scanner, place: entries.count)
        entries.append(entry)
        continue
      }
      guard let tag = try scanner.child() else { break }
      if scanner.isNamed(tag, "Contents") {
        entries.append(try object(&scanner, tag, place: entries.count))
      } else {
        try other(&scanner, tag)
      }
    }
    try scanner.close(root)
    try scanner.end()
  }

  private mutating func object(
    _ scanner: inout ListingScanner, _ parent: ListingScanner.Tag, place: Int
  ) throws(JSONError) -> S3ObjectPage.Entry {
    var entry = S3ObjectPage.Entry(
      keyBegin: 0, keyEnd: 0, etagBegin: 0, etagEnd: 0, modifiedBegin: 0, modifiedEnd: 0, size: -1)
    var size = ListingScanner.Span(begin: 0, end: 0)
    while let tag = try scanner.child() {
      if scanner.isNamed(tag, "Key") {
        let span = try scanner.text(of: tag)
        (entry.keyBegin, entry.keyEnd) = (UInt32(span.begin), UInt32(span.end))
      } else if scanner.isNamed(tag, "ETag") {
        let span = Self.unquoted(scanner, try scanner.text(of: tag))
        (entry.etagBegin, entry.etagEnd) = (UInt32(span.begin), UInt32(span.end))
      } else if scanner.isNamed(tag, "LastModified") {
        let span = try scanner.text(of: tag)
        (entry.modifiedBegin, entry.modifiedEnd) = (UInt32(span.begin), UInt32(span.end))
      } else if scanner.isNamed(tag, "Size") {
        size = try scanner.text(of: tag)
        entry.size = try Self.number(scanner, size)
      } else {
        try scanner.skip(tag)
      }
    }
    try scanner.close(parent)
    guard entry.keyEnd > entry.keyBegin, entry.size >= 0, entry.modifiedEnd > entry.modifiedBegin
    else { throw scanner.damage("an object without key, size or time") }
    noteEntities(of: entry, scanner, place: place)
    shape = ObjectShape(
      entry, size: size, whole: .init(begin: parent.name.begin - 1, end: scanner.at), in: scanner)
    return entry
  }

  private mutating func noteEntities(
    of entry: S3ObjectPage.Entry, _ scanner: ListingScanner, place: Int
  ) {
    func span(_ range: Range<Int>) -> ListingScanner.Span {
      .init(begin: range.lowerBound, end: range.upperBound)
    }
    if Self.hasEntity(scanner, span(entry.key)) || Self.hasEntity(scanner, span(entry.etag)) {
      encoded.append(place)
    }
  }

  private mutating func other(
    _ scanner: inout ListingScanner, _ tag: ListingScanner.Tag
  ) throws(JSONError) {
    if scanner.isNamed(tag, "NextContinuationToken") {
      token = try Self.string(scanner, try scanner.text(of: tag))
    } else if scanner.isNamed(tag, "IsTruncated") {
      isTruncated = try Self.string(scanner, try scanner.text(of: tag)) == "true"
    } else if scanner.isNamed(tag, "KeyCount") {
      keyCount = try Self.number(scanner, try scanner.text(of: tag))
    } else if scanner.isNamed(tag, "CommonPrefixes") {
      while let prefix = try scanner.child() {
        prefixes.append(try Self.string(scanner, try scanner.text(of: prefix)))
      }
      try scanner.close(tag)
    } else {
      try scanner.skip(tag)
    }
  }

  private static func hasEntity(_ scanner: ListingScanner, _ span: ListingScanner.Span) -> Bool {
    span.count > 0 && memchr(scanner.base + span.begin, Int32(UInt8(ascii: "&")), span.count) != nil
  }

  /// S3 writes the quotes of an ETag as entities.
  private static func unquoted(
    _ scanner: ListingScanner, _ span: ListingScanner.Span
  ) -> ListingScanner.Span {
    let quote: StaticString = "&quot;"
    let length = quote.utf8CodeUnitCount
    let base = scanner.base
    if span.count >= 2 * length, memcmp(base + span.begin, quote.utf8Start, length) == 0,
      memcmp(base + span.end - length, quote.utf8Start, length) == 0
    {
      return .init(begin: span.begin + length, end: span.end - length)
    }
    if span.count >= 2, base[span.begin] == UInt8(ascii: "\""),
      base[span.end - 1] == UInt8(ascii: "\"")
    {
      return .init(begin: span.begin + 1, end: span.end - 1)
    }
    return span
  }

  private static func number(
    _ scanner: ListingScanner, _ span: ListingScanner.Span
  ) throws(JSONError) -> Int {
    guard span.count > 0, span.count < 19 else { throw scanner.damage("what is no number") }
    var value = 0
    for place in span.begin..<span.end {
      let digit = Int(scanner.base[place]) - 0x30
      guard (0...9).contains(digit) else { throw scanner.damage("what is no number") }
      value = value * 10 + digit
    }
    return value
  }

  private static func string(
    _ scanner: ListingScanner, _ span: ListingScanner.Span
  ) throws(JSONError) -> String {
    let bytes = UnsafeBufferPointer(start: scanner.base + span.begin, count: span.count)
    return String(decoding: try XMLEntities.decoded(bytes), as: UTF8.self)
  }
}
