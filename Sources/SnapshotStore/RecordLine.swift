import CanonicalJSON
import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One record as a line of a member: `{"body":{…},"key":"…"}`, canonical, without its line feed.
enum RecordLine {
  private static let start = Array(#"{"body":"#.utf8)
  private static let middle = Array(#","key":"#.utf8)

  /// Appends the line and its line feed.
  static func append(_ record: RawRecord, to lines: inout [UInt8]) {
    lines += start
    lines += record.bodyBytes
    lines += middle
    appendString(record.keyBytes, to: &lines)
    lines.append(UInt8(ascii: "}"))
    lines.append(UInt8(ascii: "\n"))
  }

  static func append(_ record: Record, to lines: inout [UInt8]) {
    append(RawRecord(record), to: &lines)
  }

  /// The length of the line and its line feed, where the key needs no escapes.
  static func sizeWithoutEscapes(_ record: RawRecord) -> Int {
    start.count + record.bodyBytes.count + middle.count + record.keyBytes.count + 4
  }

  private static func appendString(
    _ text: UnsafeBufferPointer<UInt8>, to lines: inout [UInt8]
  ) {
    guard !text.contains(where: needsEscape) else {
      lines += JSON.string(String(decoding: text, as: UTF8.self)).canonicalBytes
      return
    }
    lines.append(UInt8(ascii: "\""))
    lines += text
    lines.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Takes a line apart by position. The body is not parsed.
  /// - Throws: `ArchiveError` (`.damaged`).
  static func record(_ line: UnsafeRawBufferPointer) throws -> Record {
    let closing = line.count - 2
    guard closing > start.count + middle.count, begins(line, at: 0, with: start),
      line[closing] == UInt8(ascii: "\""), line[closing + 1] == UInt8(ascii: "}"),
      let opening = openingQuote(line, before: closing),
      opening - middle.count > start.count,
      begins(line, at: opening - middle.count, with: middle)
    else { throw ArchiveError.damaged("a line is no record") }
    let token = UnsafeRawBufferPointer(rebasing: line[(opening + 1)..<closing])
    guard let key = RecordKey(try keyText(token)) else {
      throw ArchiveError.damaged("a record has no key")
    }
    return Record(key: key, body: Array(line[start.count..<(opening - middle.count)]))
  }

  private static func begins(
    _ line: UnsafeRawBufferPointer, at offset: Int, with bytes: [UInt8]
  ) -> Bool {
    guard let base = line.baseAddress, offset + bytes.count <= line.count else { return false }
    return memcmp(base + offset, bytes, bytes.count) == 0
  }

  /// The last quote before `end` that no odd number of backslashes escapes.
  private static func openingQuote(_ line: UnsafeRawBufferPointer, before end: Int) -> Int? {
    var at = end - 1
    while at >= 0 {
      if line[at] == UInt8(ascii: "\"") {
        var backslashes = 0
        while at - backslashes > 0, line[at - backslashes - 1] == UInt8(ascii: "\\") {
          backslashes += 1
        }
        if backslashes % 2 == 0 { return at }
      }
      at -= 1
    }
    return nil
  }

  private static func keyText(_ token: UnsafeRawBufferPointer) throws -> String {
    if !token.contains(UInt8(ascii: "\\")) {
      guard let text = String(validating: token, as: UTF8.self) else {
        throw ArchiveError.damaged("a key is no UTF-8")
      }
      return text
    }
    let object = Array(#"{"key":""#.utf8) + token + Array(#""}"#.utf8)
    do {
      guard let text = try JSON(parsing: object)["key"]?.string else {
        throw JSONError("a key that is no text")
      }
      return text
    } catch {
      throw ArchiveError.damaged("a key can't be read", cause: error)
    }
  }
}
