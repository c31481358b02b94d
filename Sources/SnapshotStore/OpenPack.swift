import MeshModel

/// A pack that is being filled: whole members are in the archive, the last one in memory.
struct OpenPack: ~Copyable {
  private let group: PackGroup
  private let archive: TarWriter
  private var members: [ManifestMember] = []
  private var lines: [UInt8] = []
  private var run: Run?

  /// Records of one kind that follow each other.
  private struct Run {
    let service: String
    let kind: String
    /// `account/service/kind/database`, or without the database.
    let prefix: String
    let first: RecordKey
    var last: RecordKey
    var count = 1

    func takes(_ key: RecordKey) -> Bool { isWithin(key.text, prefix) }
  }

  init(_ group: PackGroup, scratchDirectory: String) throws {
    self.group = group
    archive = try TarWriter(scratchDirectory: scratchDirectory)
  }

  mutating func append(_ record: Record) throws {
    if run?.takes(record.key) == true {
      run?.last = record.key
      run?.count += 1
    } else {
      try endMember()
      run = try begin(record.key)
    }
    RecordLine.append(record, to: &lines)
  }

  private func begin(_ key: RecordKey) throws -> Run {
    let prefix = group.keyPrefix(service: key.service, kind: key.kindName)
    let run = Run(
      service: key.service, kind: key.kindName, prefix: prefix, first: key, last: key)
    guard run.takes(key) else {
      throw ArchiveError(.conflict, "\(key) does not belong to \(group)")
    }
    return run
  }

  private mutating func endMember() throws {
    guard let run else { return }
    let path = group.memberPath(
      service: run.service, kind: run.kind, firstKey: run.first.text)
    members.append(
      ManifestMember(
        path: path, kind: Kind(run.service, run.kind), records: run.count, bytes: lines.count,
        digest: SHA256.digest(lines), firstKey: run.first, lastKey: run.last))
    try archive.add(path, lines)
    lines.removeAll(keepingCapacity: true)
    self.run = nil
  }

  /// - Throws: `ArchiveError` (`.io`).
  consuming func finish() throws -> BuiltPack {
    try endMember()
    let (file, digest) = try archive.finish()
    let description = ManifestPack(
      digest: digest, bytes: file.size, group: group, members: members)
    return BuiltPack(file: file, description: description)
  }
}
