import MeshModel
import Synchronization

/// Makes one sorted stream of records that come in any order, in bounded memory: an external
/// merge sort. Not for two threads at once.
///
/// The order in which records are added never shows in the result.
public final class RecordSpool {
  /// Makes one record of two with the same key. It is called from the lesser body to the greater,
  /// the first argument being what was made so far.
  public typealias Merge = @Sendable (Record, Record) throws -> Record

  private let directory: String
  private let memory: SpoolMemory
  private let voided: VoidListings
  private let merge: Merge?
  private var arena = RecordArena()
  /// Sorted runs on disk; those of level n + 1 were merged of `fanIn` of level n.
  private var levels: [[SpoolRun]] = []
  /// What all records that were added take in memory or did before they went to disk, in bytes.
  public private(set) var size = 0
  /// More runs than this are merged at once, so that neither files nor buffers grow in number.
  private static let fanIn = 32

  /// - Parameters:
  ///   - directory: for temporary files, which have no names and vanish with the process.
  ///   - memory: what all spools together may hold before they go to disk.
  ///   - voided: listings whose records are to be left out.
  ///   - merge: what becomes of different bodies under one key; without it they are an error.
  ///     Equal bodies under one key are always kept once.
  public init(
    directory: String, memory: SpoolMemory = SpoolMemory(), voided: VoidListings = VoidListings(),
    merge: Merge? = nil
  ) {
    self.directory = directory
    self.memory = memory
    self.voided = voided
    self.merge = merge
  }

  deinit {
    memory.release(arena.size)
  }

  /// - Parameter listing: the number of the listing that the record comes from, for `voided`.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  public func add(_ record: Record, listing: UInt32 = 0) throws {
    try grow { $0.append(record, listing: listing) }
  }

  /// Adds many records without copying them.
  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  public func add(_ batch: RecordBatch, listing: UInt32 = 0) throws {
    try grow { $0.append(batch, listing: listing) }
  }

  private func grow(_ change: (inout RecordArena) -> Void) throws {
    let before = arena.size
    change(&arena)
    let grown = arena.size - before
    size += grown
    if memory.take(grown, holding: arena.size) { try spill() }
  }

  /// Ends the adding and empties the spool.
  /// - Throws: `ArchiveError` (`.io`). A key with two bodies is found in reading.
  public func finish() throws -> SpooledRecords {
    arena.sort()
    let lease = SpoolLease(memory, arena.size)
    let sources = arena.sources.map(SpoolSource.memory) + levels.joined().map(SpoolSource.file)
    arena = RecordArena()
    levels = []
    return try SpooledRecords(sources, voided: voided.numbers, lease: lease, merge: merge)
  }

  private func spill() throws {
    let size = arena.size
    arena.sort()
    let writer = try SpoolRunWriter(directory: directory)
    var merger = try SpoolMerger(arena.sources.map(SpoolSource.memory))
    while let record = try merger.next() { try writer.append(record) }
    arena = RecordArena()
    memory.release(size)
    try add(writer.finish(), level: 0)
  }

  private func add(_ run: SpoolRun, level: Int) throws {
    if level == levels.count { levels.append([]) }
    levels[level].append(run)
    guard levels[level].count == Self.fanIn else { return }
    var merger = try SpoolMerger(levels[level].map(SpoolSource.file))
    let writer = try SpoolRunWriter(directory: directory)
    while let record = try merger.next() { try writer.append(record) }
    levels[level] = []
    try add(writer.finish(), level: level + 1)
  }
}

/// The records of a finished spool, in the order of their keys. Copies are read independently.
public struct SpooledRecords: RecordStream, Sendable {
  private let sources: [SpoolSource]
  private let voided: Set<UInt32>
  private let lease: SpoolLease
  private let merge: RecordSpool.Merge?
  private var merger: SpoolMerger
  private var ahead: RawRecord?

  init(
    _ sources: [SpoolSource], voided: Set<UInt32>, lease: SpoolLease, merge: RecordSpool.Merge?
  ) throws {
    self.sources = sources
    self.voided = voided
    self.lease = lease
    self.merge = merge
    merger = try SpoolMerger(sources)
    try advance()
  }

  /// The same records from the beginning.
  /// - Throws: `ArchiveError` (`.io`).
  public func makeStream() throws -> SpooledRecords {
    try SpooledRecords(sources, voided: voided, lease: lease, merge: merge)
  }

  /// - Throws: `ArchiveError` (`.conflict` for a key with two bodies, naming it; `.io`), and what
  ///   the merging of records throws.
  public mutating func next() throws -> Record? {
    try nextRaw()?.record()
  }

  private mutating func advance() throws {
    ahead = try merger.next()
    if voided.isEmpty { return }
    while let record = ahead, voided.contains(record.listing) { ahead = try merger.next() }
  }

  private func merged(_ record: Record, _ other: Record) throws -> Record {
    guard let merge else {
      throw ArchiveError(.conflict, "\(record.key) was found twice with different contents")
    }
    return try merge(record, other)
  }
}

extension SpooledRecords: RawRecordStream {
  mutating func nextRaw() throws -> RawRecord? {
    guard let first = ahead else { return nil }
    try advance()
    guard ahead?.hasKey(of: first) == true else { return first }
    var last = first
    var result: Record?
    while let other = ahead, other.hasKey(of: first) {
      // Equal bodies come next to each other.
      if !other.hasBody(of: last) {
        result = try merged(result ?? first.record(), other.record())
      }
      last = other
      try advance()
    }
    return result.map(RawRecord.init) ?? first
  }
}
