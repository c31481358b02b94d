import MeshModel

/// A pack that is being filled: whole members are in the archive, the last one in memory.
final class OpenPack {
  private let group: PackGroup
  private let archive: TarWriter
  private var members: [ManifestMember] = []
  private var lines: [UInt8] = []
  private var run: Run?

  /// Records of one kind that follow each other.
  private struct Run {
    let service: String
    let kind: String
    /// `account/service/kind/database/`, or without the database.
    let prefix: [UInt8]
    let first: RawRecord
    var last: RawRecord
    var count = 1

    /// Keys below the prefix; the prefix itself, without its `/`, is the key of the database.
    func takes(_ record: RawRecord) -> Bool {
      let key = record.keyBytes
      return prefix.withUnsafeBufferPointer { prefix in
        let count = min(key.count, prefix.count)
        return count >= prefix.count - 1
          && compareBytes(
            UnsafeBufferPointer(rebasing: key[..<count]),
            UnsafeBufferPointer(rebasing: prefix[..<count])) == 0
      }
    }
  }

  init(_ group: PackGroup, scratchDirectory: String) throws {
    self.group = group
    archive = try TarWriter(scratchDirectory: scratchDirectory)
  }

  func append(_ record: RawRecord) throws {
    if run?.takes(record) == true {
      run?.last = record
      run?.count += 1
    } else {
      try endMember()
      run = try begin(record)
    }
    RecordLine.append(record, to: &lines)
  }

  private func begin(_ record: RawRecord) throws -> Run {
    let key = try record.key()
    let prefix = group.keyPrefix(service: key.service, kind: key.kindName) + "/"
    let run = Run(
      service: key.service, kind: key.kindName, prefix: Array(prefix.utf8), first: record,
      last: record)
    guard run.takes(record) else {
      throw ArchiveError(.conflict, "\(key) does not belong to \(group)")
    }
    return run
  }

  private func endMember() throws {
    guard let run else { return }
    let (first, last) = (try run.first.key(), try run.last.key())
    let path = group.memberPath(service: run.service, kind: run.kind, firstKey: first.text)
    members.append(
      ManifestMember(
        path: path, kind: Kind(run.service, run.kind), records: run.count, bytes: lines.count,
        digest: SHA256.digest(lines), firstKey: first, lastKey: last))
    try archive.add(path, lines)
    lines.removeAll(keepingCapacity: true)
    self.run = nil
  }

  /// - Throws: `ArchiveError` (`.io`).
  func finish() throws -> BuiltPack {
    try endMember()
    let (content, digest) = try archive.finish()
    let description = ManifestPack(
      digest: digest, bytes: content.size, group: group, members: members)
    return BuiltPack(content: content, description: description)
  }
}
