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
  static func append(_ record: Record, to lines: inout [UInt8]) {
    let buffer = LineBuffer()
    buffer.append(RawRecord(record))
    lines += buffer.bytes
  }

  /// The length of the line and its line feed, where the key needs no escapes.
  static func sizeWithoutEscapes(_ record: RawRecord) -> Int {
    start.count + record.bodyBytes.count + middle.count + record.keyBytes.count + 4
  }

  /// The length of the line and its line feed.
  static func size(_ record: RawRecord) -> Int {
    let size = sizeWithoutEscapes(record)
    guard needsEscape(record.keyBytes) else { return size }
    // The two quotes are in both.
    return size - record.keyBytes.count + escaped(record.keyBytes).count - 2
  }

  /// Writes the line and its line feed to where there is room for `size` bytes.
  /// - Parameter isPlain: whether the key is known to need no escapes.
  /// - Returns: the place behind them.
  fileprivate static func write(
    _ record: RawRecord, isPlain: Bool, to place: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    var place = place
    func put(_ bytes: UnsafeRawBufferPointer) {
      guard let base = bytes.baseAddress else { return }
      memcpy(place, base, bytes.count)
      place += bytes.count
    }
    start.withUnsafeBytes(put)
    put(UnsafeRawBufferPointer(record.bodyBytes))
    middle.withUnsafeBytes(put)
    if !isPlain, needsEscape(record.keyBytes) {
      escaped(record.keyBytes).withUnsafeBytes(put)
    } else {
      place.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
      place += 1
      put(UnsafeRawBufferPointer(record.keyBytes))
      place.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
      place += 1
    }
    place.storeBytes(of: UInt8(ascii: "}"), as: UInt8.self)
    place.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: 1, as: UInt8.self)
    return place + 2
  }

  /// The canonical token, with its quotes.
  private static func escaped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    JSON.string(String(decoding: text, as: UTF8.self)).canonicalBytes
  }

  /// Whether there is a quote, a backslash or a control character in a text; eight bytes at a time.
  private static func needsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    let bytes = UnsafeRawBufferPointer(text)
    var found: UInt64 = 0
    var at = 0
    while at + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      found |= zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5C)
      found |= (word &- ones &* 0x20) & ~word
      at += 8
    }
    if found & ones << 7 != 0 { return true }
    return bytes[at...].contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == 0x5C }
  }

  /// Takes a line apart by position. The body is not parsed.
  /// - Throws: `ArchiveError` (`.damaged`).
  static func record(_ line: UnsafeRawBufferPointer) throws -> Record {
    let token = try keyToken(line)
    guard let key = RecordKey(try keyText(token)) else {
      throw ArchiveError.damaged("a record has no key")
    }
    let end = line.count - 3 - token.count - middle.count
    return Record(key: key, body: Array(line[start.count..<end]))
  }

  /// The key as it stands in the line, without its quotes.
  /// - Throws: `ArchiveError` (`.damaged`).
  static func keyToken(_ line: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
    let closing = line.count - 2
    guard closing > start.count + middle.count, begins(line, at: 0, with: start),
      line[closing] == UInt8(ascii: "\""), line[closing + 1] == UInt8(ascii: "}"),
      let opening = openingQuote(line, before: closing),
      opening - middle.count > start.count,
      begins(line, at: opening - middle.count, with: middle)
    else { throw ArchiveError.damaged("a line is no record") }
    return UnsafeRawBufferPointer(rebasing: line[(opening + 1)..<closing])
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

  static func keyText(_ token: UnsafeRawBufferPointer) throws -> String {
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

/// Lines that are written one behind the other into one piece of memory. Not for two threads at once.
final class LineBuffer {
  private var room: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  /// - Parameter capacity: in bytes; it grows for lines that are longer.
  init(capacity: Int = 1 << 10) {
    room = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    room.deallocate()
  }

  /// What was written since the last `removeAll`.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

  /// Whether a line fits behind the others.
  func hasRoom(for size: Int) -> Bool { room.count - count >= size }

  /// Writes the line of a record and its line feed.
  /// - Parameter isPlain: whether the key is known to need no escapes.
  func append(_ record: RawRecord, isPlain: Bool = false) {
    let size = isPlain ? RecordLine.sizeWithoutEscapes(record) : RecordLine.size(record)
    if !hasRoom(for: size) { grow(to: max(count + size, 2 * room.count)) }
    guard let base = room.baseAddress else { return }
    count = RecordLine.write(record, isPlain: isPlain, to: base + count) - base
  }

  func removeAll() { count = 0 }

  private func grow(to capacity: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: bytes)
    room.deallocate()
    room = larger
  }
}
