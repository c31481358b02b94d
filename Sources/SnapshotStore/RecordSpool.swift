import MeshModel

/// Makes one sorted stream of records that come in any order, in bounded memory: an external
/// merge sort. Not for two threads at once.
///
/// The order in which records are added never shows in the result.
public final class RecordSpool {
  /// Makes one record of two with the same key. It is called from the lesser body to the greater,
  /// the first argument being what was made so far.
  public typealias Merge = @Sendable (Record, Record) throws -> Record

  private let directory: String
  private let memoryLimit: Int
  private let merge: Merge?
  private var arena = RecordArena()
  /// Sorted runs on disk; those of level n + 1 were merged of `fanIn` of level n.
  private var levels: [[SpoolRun]] = []
  /// More runs than this are merged at once, so that neither files nor buffers grow in number.
  private static let fanIn = 32

  /// - Parameters:
  ///   - directory: for temporary files, which have no names and vanish with the process.
  ///   - memoryLimit: how many bytes of records are held before they go to disk.
  ///   - merge: what becomes of different bodies under one key; without it they are an error.
  ///     Equal bodies under one key are always kept once.
  public init(directory: String, memoryLimit: Int = 16 << 20, merge: Merge? = nil) {
    self.directory = directory
    self.memoryLimit = memoryLimit
    self.merge = merge
  }

  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  public func add(_ record: Record) throws {
    arena.append(record)
    if arena.size >= memoryLimit { try spill() }
  }

  /// Ends the adding and empties the spool.
  /// - Throws: `ArchiveError` (`.io`). A key with two bodies is found in reading.
  public func finish() throws -> SpooledRecords {
    arena.sort()
    let sources = [SpoolSource.memory(arena)] + levels.joined().map(SpoolSource.file)
    arena = RecordArena()
    levels = []
    return try SpooledRecords(sources, merge: merge)
  }

  private func spill() throws {
    arena.sort()
    var writer = try SpoolRunWriter(directory: directory)
    try arena.forEach { try writer.append($0) }
    arena.removeAll()
    try add(writer.finish(), level: 0)
  }

  private func add(_ run: SpoolRun, level: Int) throws {
    if level == levels.count { levels.append([]) }
    levels[level].append(run)
    guard levels[level].count == Self.fanIn else { return }
    var merger = try SpoolMerger(levels[level].map(SpoolSource.file))
    var writer = try SpoolRunWriter(directory: directory)
    while let record = try merger.next() { try writer.append(record) }
    levels[level] = []
    try add(writer.finish(), level: level + 1)
  }
}

/// The records of a finished spool, in the order of their keys. Copies are read independently.
public struct SpooledRecords: RecordStream, Sendable {
  private let sources: [SpoolSource]
  private let merge: RecordSpool.Merge?
  private var merger: SpoolMerger
  private var ahead: SpooledRecord?

  init(_ sources: [SpoolSource], merge: RecordSpool.Merge?) throws {
    self.sources = sources
    self.merge = merge
    merger = try SpoolMerger(sources)
    ahead = try merger.next()
  }

  /// The same records from the beginning.
  /// - Throws: `ArchiveError` (`.io`).
  public func makeStream() throws -> SpooledRecords {
    try SpooledRecords(sources, merge: merge)
  }

  /// - Throws: `ArchiveError` (`.conflict` for a key with two bodies, naming it; `.io`), and what
  ///   the merging of records throws.
  public mutating func next() throws -> Record? {
    guard let first = ahead else { return nil }
    var last = first
    ahead = try merger.next()
    guard ahead?.hasKey(of: first) == true else { return try first.record() }
    var result = try first.record()
    while let other = ahead, other.hasKey(of: first) {
      // Equal bodies come next to each other.
      if !other.hasBody(of: last) { result = try merged(result, other.record()) }
      last = other
      ahead = try merger.next()
    }
    return result
  }

  private func merged(_ record: Record, _ other: Record) throws -> Record {
    guard let merge else {
      throw ArchiveError(.conflict, "\(record.key) was found twice with different contents")
    }
    return try merge(record, other)
  }
}
