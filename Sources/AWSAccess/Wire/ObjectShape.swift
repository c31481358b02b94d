import Foundation

/// What lies between the values of one object of a listing. It is the same in nearly all objects of a
/// page: compared as a whole, it needs not be read again. Not to be used beyond the life of its bytes.
struct ObjectShape {
  typealias Span = ListingScanner.Span

  /// `<Contents><Key>`, or what else comes before the key.
  private let head: Span
  private let afterKey: Span
  private let afterModified: Span
  private let afterETag: Span
  /// To the end of the object.
  private let afterSize: Span
  /// How many bytes follow the ETag before the next tag: its closing quote.
  private let quote: Int

  /// Nil for an object with other members, or whose members are in another order than S3's.
  /// - Parameter whole: from its first byte to behind its last.
  init?(_ entry: S3ObjectPage.Entry, size: Span, whole: Span, in scanner: ListingScanner) {
    let (key, modified, etag) = (entry.key, entry.modified, entry.etag)
    guard whole.begin < key.lowerBound, key.upperBound < modified.lowerBound,
      modified.upperBound < etag.lowerBound, !etag.isEmpty, etag.upperBound < size.begin,
      size.count > 0, size.end < whole.end
    else { return nil }
    head = Span(begin: whole.begin, end: key.lowerBound)
    afterKey = Span(begin: key.upperBound, end: modified.lowerBound)
    afterModified = Span(begin: modified.upperBound, end: etag.lowerBound)
    afterETag = Span(begin: etag.upperBound, end: size.begin)
    afterSize = Span(begin: size.end, end: whole.end)
    // Without quotes it could not be told whether those of the next one are its own.
    guard let tag = scanner.place(of: UInt8(ascii: "<"), from: afterETag.begin),
      tag > afterETag.begin
    else { return nil }
    quote = tag - afterETag.begin
  }

  /// The object that comes next, where it has this shape; nil where it has another, and then nothing
  /// was read.
  func next(_ scanner: inout ListingScanner) -> S3ObjectPage.Entry? {
    let less = UInt8(ascii: "<")
    guard let key = scanner.behind(head, at: scanner.at),
      let keyEnd = scanner.place(of: less, from: key), keyEnd > key,
      let modified = scanner.behind(afterKey, at: keyEnd),
      let modifiedEnd = scanner.place(of: less, from: modified), modifiedEnd > modified,
      let etag = scanner.behind(afterModified, at: modifiedEnd),
      let tag = scanner.place(of: less, from: etag), tag - quote > etag,
      let size = scanner.behind(afterETag, at: tag - quote)
    else { return nil }
    var (value, end) = (0, size)
    while end < scanner.count, case let digit = Int(scanner.base[end]) - 0x30,
      (0...9).contains(digit)
    {
      guard end - size < 18 else { return nil }
      value = value * 10 + digit
      end += 1
    }
    guard end > size, let behind = scanner.behind(afterSize, at: end) else { return nil }
    scanner.move(to: behind)
    return S3ObjectPage.Entry(
      keyBegin: UInt32(key), keyEnd: UInt32(keyEnd), etagBegin: UInt32(etag),
      etagEnd: UInt32(tag - quote), modifiedBegin: UInt32(modified),
      modifiedEnd: UInt32(modifiedEnd), size: value)
  }
}

extension ListingScanner {
  /// Where the first such byte is; nil for none.
  @inline(__always)
  func place(of byte: UInt8, from begin: Int) -> Int? {
    guard begin < count, let found = memchr(base + begin, Int32(byte), count - begin) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// The place behind the bytes of a span, where the same bytes stand at a place; nil where not.
  @inline(__always)
  func behind(_ span: Span, at place: Int) -> Int? {
    let length = span.count
    guard place + length <= count, memcmp(base + place, base + span.begin, length) == 0 else {
      return nil
    }
    return place + length
  }
}
