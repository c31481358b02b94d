import CanonicalJSON
import Foundation

/// Walks the elements of an XML document of the simple form that S3 answers listings in, where
/// they lie: nothing is copied, and no tree is built.
///
/// It takes elements and text, with attributes passed over. Comments, CDATA sections, processing
/// instructions behind the first line and document types are not part of that form and are errors,
/// as is everything that is not well-formed. Not to be used beyond the life of its bytes.
struct ListingScanner {
  /// Offsets of a piece of the document.
  struct Span {
    var begin: Int
    var end: Int

    var count: Int { end - begin }
  }

  /// The beginning of an element.
  struct Tag {
    let name: Span
    /// Whether it ends where it begins: `<Prefix/>`.
    let isEmpty: Bool
  }

  private static let deepest = 16

  let base: UnsafePointer<UInt8>
  let count: Int
  private(set) var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { throw JSONError("no XML") }
    self.base = base
    count = bytes.count
  }

  /// Passes over `<?xml ... ?>`, where the document begins with it.
  mutating func prolog() throws(JSONError) {
    if count > 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { at = 3 }
    skipSpace()
    guard at + 1 < count, base[at] == UInt8(ascii: "<"), base[at + 1] == UInt8(ascii: "?") else {
      return
    }
    let end = try find(UInt8(ascii: ">"))
    guard base[end - 1] == UInt8(ascii: "?") else { throw damage("an XML declaration without end") }
    at = end + 1
  }

  /// The next child, entered; nil where its parent ends instead.
  mutating func child() throws(JSONError) -> Tag? {
    skipSpace()
    guard at + 1 < count, base[at] == UInt8(ascii: "<") else {
      throw damage("text between elements")
    }
    return base[at + 1] == UInt8(ascii: "/") ? nil : try open()
  }

  /// The text of an element that was entered, which is left.
  mutating func text(of tag: Tag) throws(JSONError) -> Span {
    guard !tag.isEmpty else { return Span(begin: at, end: at) }
    let end = try find(UInt8(ascii: "<"))
    let span = Span(begin: at, end: end)
    at = end
    try close(tag)
    return span
  }

  /// Leaves an element whose children have all been read.
  mutating func close(_ tag: Tag) throws(JSONError) {
    guard !tag.isEmpty else { return }
    let length = tag.name.count
    guard at + length + 3 <= count, base[at] == UInt8(ascii: "<"),
      base[at + 1] == UInt8(ascii: "/"), memcmp(base + at + 2, base + tag.name.begin, length) == 0,
      base[at + 2 + length] == UInt8(ascii: ">")
    else { throw damage("an element that does not end as it began") }
    at += length + 3
  }

  /// Leaves an element, whatever it holds.
  mutating func skip(_ tag: Tag, depth: Int = 0) throws(JSONError) {
    guard !tag.isEmpty else { return }
    guard depth < Self.deepest else { throw damage("elements nested too deep") }
    while true {
      at = try find(UInt8(ascii: "<"))
      if at + 1 < count, base[at + 1] == UInt8(ascii: "/") { return try close(tag) }
      try skip(try open(), depth: depth + 1)
    }
  }

  /// Goes on at a place up to which the document was read otherwise.
  mutating func move(to place: Int) {
    at = place
  }

  /// - Throws: unless nothing is left.
  mutating func end() throws(JSONError) {
    skipSpace()
    guard at == count else { throw damage("something behind the document") }
  }

  func isNamed(_ tag: Tag, _ name: StaticString) -> Bool {
    tag.name.count == name.utf8CodeUnitCount
      && memcmp(base + tag.name.begin, name.utf8Start, tag.name.count) == 0
  }

  func damage(_ what: String) -> JSONError { JSONError("XML: \(what) at byte \(at)") }

  private mutating func open() throws(JSONError) -> Tag {
    let begin = at + 1
    var end = begin
    while end < count, isNamePart(base[end]) { end += 1 }
    guard end < count, end > begin else { throw damage("what is no element") }
    let name = Span(begin: begin, end: end)
    if base[end] == UInt8(ascii: ">") {
      at = end + 1
      return Tag(name: name, isEmpty: false)
    }
    return try openWithAttributes(name)
  }

  private mutating func openWithAttributes(_ name: Span) throws(JSONError) -> Tag {
    var place = name.end
    var quote: UInt8?
    while place < count {
      let byte = base[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "<") {
        break
      } else if byte == UInt8(ascii: ">") {
        at = place + 1
        return Tag(name: name, isEmpty: base[place - 1] == UInt8(ascii: "/"))
      }
      place += 1
    }
    throw damage("an element whose beginning does not end")
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  private mutating func skipSpace() {
    while at < count, base[at] <= 0x20 { at += 1 }
  }

  private func find(_ byte: UInt8) throws(JSONError) -> Int {
    guard at < count, let found = memchr(base + at, Int32(byte), count - at) else {
      throw damage("the document is cut off")
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}

/// The five named entities and references to characters.
enum XMLEntities {
  /// The text with its entities replaced, control characters among them, which S3 takes in keys.
  /// - Throws: `JSONError` for an entity that XML does not have.
  static func decoded(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var at = 0
    while at < text.count {
      guard text[at] == UInt8(ascii: "&") else {
        result.append(text[at])
        at += 1
        continue
      }
      guard let end = text[at...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
        throw JSONError("XML: an entity without end")
      }
      result += try bytes(of: String(decoding: text[(at + 1)..<end], as: UTF8.self)).utf8
      at = end + 1
    }
    return result
  }

  private static func bytes(of name: String) throws(JSONError) -> String {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { throw JSONError("XML: the entity &\(name);") }
      let digits = name.dropFirst()
      let number =
        digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      guard let number, let scalar = Unicode.Scalar(number) else {
        throw JSONError("XML: the character &\(name);")
      }
      return String(Character(scalar))
    }
  }
}
