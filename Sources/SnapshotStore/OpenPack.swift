import MeshModel

/// A pack that is being filled: whole members are in the archive, the records of the last one are
/// held until all of them are known, for a member's size stands before its content.
final class OpenPack {
  private let group: PackGroup
  private let sink: PackSink
  private let archive: TarWriter
  private var members: [ManifestMember] = []
  private let lines = LineBuffer(capacity: 256 << 10)
  private var run: Run?

  /// Records of one kind that follow each other.
  private struct Run {
    let service: String
    let kind: String
    /// `account/service/kind/database/`, or without the database.
    let prefix: [UInt8]
    var records: [RawRecord] = []
    /// Of all lines.
    var size = 0
    /// Whether no key needs escapes.
    var isPlain = true

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
    sink = PackSink(scratchDirectory: scratchDirectory)
    archive = try TarWriter(into: sink)
  }

  func append(_ record: RawRecord) throws {
    if run?.takes(record) != true {
      try endMember()
      run = try begin(record)
    }
    run?.records.append(record)
    let size = RecordLine.size(record)
    run?.size += size
    if size != RecordLine.sizeWithoutEscapes(record) { run?.isPlain = false }
  }

  private func begin(_ record: RawRecord) throws -> Run {
    let key = try record.key()
    let prefix = group.keyPrefix(service: key.service, kind: key.kindName) + "/"
    let run = Run(service: key.service, kind: key.kindName, prefix: Array(prefix.utf8))
    guard run.takes(record) else {
      throw ArchiveError(.conflict, "\(key) does not belong to \(group)")
    }
    return run
  }

  private func endMember() throws {
    guard let run, let first = try run.records.first?.key(), let last = try run.records.last?.key()
    else { return }
    self.run = nil
    let path = group.memberPath(service: run.service, kind: run.kind, firstKey: first.text)
    let digest = try write(run, to: path)
    members.append(
      ManifestMember(
        path: path, kind: Kind(run.service, run.kind), records: run.records.count, bytes: run.size,
        digest: digest, firstKey: first, lastKey: last))
  }

  /// Writes the lines piece by piece, each while it is in the processor's cache.
  /// - Returns: the digest of all.
  private func write(_ run: Run, to path: String) throws -> String {
    let digest = SHA256()
    func pass() throws {
      digest.update(lines.bytes)
      try archive.write(lines.bytes)
      lines.removeAll()
    }
    try archive.begin(path, size: run.size)
    for record in run.records {
      if !lines.hasRoom(for: RecordLine.sizeWithoutEscapes(record)) { try pass() }
      lines.append(record, isPlain: run.isPlain)
    }
    try pass()
    try archive.end(path)
    return digest.finish()
  }

  /// - Throws: `ArchiveError` (`.io`).
  func finish() throws -> BuiltPack {
    try endMember()
    try archive.finish()
    let content = sink.content
    let description = ManifestPack(
      digest: sink.digest(), bytes: content.size, group: group, members: members)
    return BuiltPack(content: content, description: description)
  }
}
