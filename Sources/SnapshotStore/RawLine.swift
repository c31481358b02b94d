import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A line of a member where it lies in a reader's buffer: it is good until that reads on.
struct RawLine {
  let bytes: UnsafeRawBufferPointer
  /// The key without its quotes, or what it stands for where it has escapes.
  private let token: UnsafeRawBufferPointer
  private let unescaped: [UInt8]?

  /// - Throws: `ArchiveError` (`.damaged`) for a line that is no record.
  init(_ line: UnsafeRawBufferPointer) throws {
    bytes = line
    let token = try RecordLine.keyToken(line)
    self.token = token
    let isPlain = token.baseAddress.map { memchr($0, 0x5C, token.count) == nil } ?? true
    unescaped = isPlain ? nil : Array(try RecordLine.keyText(token).utf8)
  }

  /// Whether all of two lines is the same.
  func isSame(as other: RawLine) -> Bool {
    guard bytes.count == other.bytes.count else { return false }
    guard let left = bytes.baseAddress, let right = other.bytes.baseAddress else { return true }
    return memcmp(left, right, bytes.count) == 0
  }

  /// Less than 0 where this key is the lesser one, 0 for the same key.
  func compareKey(to other: RawLine) -> Int {
    withKey { key in other.withKey { compareBytes(key, $0) } }
  }

  func hasKey(_ key: [UInt8]) -> Bool {
    withKey { own in key.withUnsafeBufferPointer { compareBytes(own, $0) == 0 } }
  }

  func hasKey(after key: [UInt8]) -> Bool {
    withKey { own in key.withUnsafeBufferPointer { compareBytes($0, own) < 0 } }
  }

  func copyKey(to key: inout [UInt8]?) {
    if key == nil { key = [] }
    key?.removeAll(keepingCapacity: true)
    withKey { key?.append(contentsOf: $0) }
  }

  /// - Throws: `ArchiveError` (`.damaged`).
  func record() throws -> Record { try RecordLine.record(bytes) }

  private func withKey<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let unescaped { return unescaped.withUnsafeBufferPointer(body) }
    return body(token.assumingMemoryBound(to: UInt8.self))
  }
}
