import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A record as a spool holds it: the bytes of its key, then those of its body.
struct SpooledRecord: Sendable {
  let bytes: [UInt8]
  let keyCount: Int

  func record() throws -> Record {
    guard let key = RecordKey(String(decoding: bytes[..<keyCount], as: UTF8.self)) else {
      throw ArchiveError(.invalid, "a record without a key")
    }
    return Record(key: key, body: Array(bytes[keyCount...]))
  }

  func hasKey(of other: SpooledRecord) -> Bool {
    keyCount == other.keyCount && memcmp(bytes, other.bytes, keyCount) == 0
  }

  /// For records with equal keys.
  func hasBody(of other: SpooledRecord) -> Bool { bytes == other.bytes }

  /// By key, then by body.
  static func precedes(_ left: SpooledRecord, _ right: SpooledRecord) -> Bool {
    left.bytes.withUnsafeBytes { leftBytes in
      right.bytes.withUnsafeBytes { rightBytes in
        SpoolOrder.precedes(leftBytes, left.keyCount, rightBytes, right.keyCount)
      }
    }
  }
}

enum SpoolOrder {
  /// Compares two keys with their bodies behind them.
  static func precedes(
    _ left: UnsafeRawBufferPointer, _ leftKey: Int, _ right: UnsafeRawBufferPointer,
    _ rightKey: Int
  ) -> Bool {
    let order = compare(left[..<leftKey], right[..<rightKey])
    if order != 0 { return order < 0 }
    return compare(left[leftKey...], right[rightKey...]) < 0
  }

  /// As `memcmp`, the shorter one first where the other goes on.
  private static func compare(
    _ left: Slice<UnsafeRawBufferPointer>, _ right: Slice<UnsafeRawBufferPointer>
  ) -> Int {
    let leftBytes = UnsafeRawBufferPointer(rebasing: left)
    let rightBytes = UnsafeRawBufferPointer(rebasing: right)
    let common = min(left.count, right.count)
    if common > 0, let first = leftBytes.baseAddress, let second = rightBytes.baseAddress {
      let order = memcmp(first, second, common)
      if order != 0 { return Int(order) }
    }
    return left.count - right.count
  }
}

/// Records in memory, in one piece.
struct RecordArena: Sendable {
  private struct Entry {
    let offset: Int
    let keyCount: Int
    let count: Int
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  /// What it takes in memory, in bytes, or near to it.
  var size: Int { bytes.count + entries.count * MemoryLayout<Entry>.size }
  var count: Int { entries.count }

  mutating func append(_ record: Record) {
    let offset = bytes.count
    bytes += record.key.text.utf8
    let keyCount = bytes.count - offset
    bytes += record.body
    entries.append(Entry(offset: offset, keyCount: keyCount, count: bytes.count - offset))
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  mutating func sort() {
    bytes.withUnsafeBytes { all in
      func slice(_ entry: Entry) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: all[entry.offset..<(entry.offset + entry.count)])
      }
      entries.sort {
        SpoolOrder.precedes(slice($0), $0.keyCount, slice($1), $1.keyCount)
      }
    }
  }

  subscript(index: Int) -> SpooledRecord {
    let entry = entries[index]
    return SpooledRecord(
      bytes: Array(bytes[entry.offset..<(entry.offset + entry.count)]), keyCount: entry.keyCount)
  }

  func forEach(_ body: (SpooledRecord) throws -> Void) rethrows {
    for index in entries.indices { try body(self[index]) }
  }
}
