import CanonicalJSON
import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Cuts one member into its records and checks them against what the manifest says.
final class MemberReader {
  private let expected: ManifestMember
  private let prefix: String
  private let lines: LineReader
  private let depth: PackReader.CheckDepth
  private let json = JSONReader()
  private var count = 0
  private var last: RecordKey?
  /// The key of the last line.
  private var lastLine: [UInt8]?

  init(
    _ expected: ManifestMember, _ group: PackGroup, _ archive: TarReader,
    _ depth: PackReader.CheckDepth
  ) {
    self.expected = expected
    self.depth = depth
    prefix = group.keyPrefix(service: expected.kind.service, kind: expected.kind.name)
    lines = LineReader(archive, size: expected.bytes, digesting: depth != .structure)
  }

  /// - Throws: `ArchiveError` (`.damaged`).
  func next() throws -> Record? {
    let depth = self.depth
    let json = self.json
    let found = try lines.next { line in
      let record = try RecordLine.record(line)
      if depth != .structure { try checkCanonical(line, record, json) }
      return record
    }
    guard let record = found else {
      try checkEnd()
      return nil
    }
    try check(record.key)
    return record
  }

  /// The next record as the line that it is; not to be mixed with `next`. Of its place in the member
  /// as much is checked as without making a record of it.
  /// - Returns: what is good until the next call.
  /// - Throws: `ArchiveError` (`.damaged`).
  func nextLine() throws -> RawLine? {
    guard let line = try lines.next({ try RawLine($0) }) else {
      last = lastLine.map { RecordKey(String(decoding: $0, as: UTF8.self)) } ?? nil
      try checkEnd()
      return nil
    }
    if lastLine == nil, !line.hasKey(Array(expected.firstKey.text.utf8)) {
      throw ArchiveError.damaged("it does not begin with \(expected.firstKey)")
    }
    if let lastLine, !line.hasKey(after: lastLine) {
      throw ArchiveError.damaged("record \(count + 1) is not greater than the one before it")
    }
    count += 1
    line.copyKey(to: &lastLine)
    return line
  }

  /// What was read already behind the line that `nextLine` gave out.
  var ahead: UnsafeRawBufferPointer { lines.ahead }

  /// Passes over lines of that. Their number counts and the key of the last of them; their order among
  /// themselves rests on the digest of the pack.
  /// - Throws: `ArchiveError` (`.damaged`).
  func skip(_ passed: CommonLines) throws {
    try RawLine(UnsafeRawBufferPointer(rebasing: ahead[passed.last])).copyKey(to: &lastLine)
    count += passed.count
    lines.skip(passed.bytes)
  }

  private func check(_ key: RecordKey) throws {
    count += 1
    if let last {
      guard precedes(last, key) else {
        throw ArchiveError.damaged("record \(count) is not greater than the one before it")
      }
    } else if key != expected.firstKey {
      throw ArchiveError.damaged("it does not begin with \(expected.firstKey)")
    }
    guard count <= expected.records, isWithin(key.text, prefix) else {
      throw ArchiveError.damaged("record \(count) does not belong into it")
    }
    last = key
  }

  private func checkEnd() throws {
    guard count == expected.records else {
      throw ArchiveError.damaged("it has \(count) records instead of \(expected.records)")
    }
    guard last == expected.lastKey else {
      throw ArchiveError.damaged("it does not end with \(expected.lastKey)")
    }
    if let digest = lines.digest, digest != expected.digest {
      throw ArchiveError.damaged("its digest is wrong")
    }
  }
}

private func checkCanonical(
  _ line: UnsafeRawBufferPointer, _ record: Record, _ json: JSONReader
) throws {
  let canonical: [UInt8]
  do { canonical = try json.canonical(record.body) } catch {
    throw ArchiveError.damaged("the body of \(record.key) is no JSON", cause: error)
  }
  var expected: [UInt8] = []
  RecordLine.append(Record(key: record.key, body: canonical), to: &expected)
  // The line comes without its line feed.
  let isEqual =
    expected.count == line.count + 1
    && line.baseAddress.map { memcmp($0, expected, line.count) == 0 } ?? false
  guard canonical.first == UInt8(ascii: "{"), isEqual else {
    throw ArchiveError.damaged("the line of \(record.key) is not in canonical form")
  }
}
