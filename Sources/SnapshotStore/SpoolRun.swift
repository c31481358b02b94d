/// Sorted records on disk: for each the length of its key and of both together, as 32-bit numbers
/// of this machine, then the bytes.
struct SpoolRun: Sendable {
  fileprivate let file: ScratchFile
}

struct SpoolRunWriter: ~Copyable {
  private let file: ScratchFile
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 20

  init(directory: String) throws {
    file = try ScratchFile(in: directory)
  }

  mutating func append(_ record: SpooledRecord) throws {
    withUnsafeBytes(of: UInt32(record.keyCount)) { buffer += $0 }
    withUnsafeBytes(of: UInt32(record.bytes.count)) { buffer += $0 }
    buffer += record.bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private mutating func flush() throws {
    try buffer.withUnsafeBytes { try file.append($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  consuming func finish() throws -> SpoolRun {
    try flush()
    return SpoolRun(file: file)
  }
}

/// Sorted records, wherever they are.
enum SpoolSource: Sendable {
  case memory(RecordArena)
  case file(SpoolRun)
}

/// A place in a source. Copies go on independently.
struct SpoolCursor: Sendable {
  private let source: SpoolSource
  /// An index in memory, an offset in a file.
  private var position = 0
  private var buffer: [UInt8] = []
  private var taken = 0
  private static let bufferSize = 64 << 10
  private static let headerSize = 8

  init(_ source: SpoolSource) {
    self.source = source
  }

  mutating func next() throws -> SpooledRecord? {
    switch source {
    case .memory(let arena):
      guard position < arena.count else { return nil }
      position += 1
      return arena[position - 1]
    case .file(let run):
      if try available(Self.headerSize, run.file) == 0 { return nil }
      let keyCount = number(at: taken)
      let count = number(at: taken + 4)
      guard try available(Self.headerSize + count, run.file) >= Self.headerSize + count else {
        throw ArchiveError(.io, "a temporary file ends too early")
      }
      let start = taken + Self.headerSize
      taken = start + count
      return SpooledRecord(bytes: Array(buffer[start..<taken]), keyCount: keyCount)
    }
  }

  private func number(at offset: Int) -> Int {
    buffer.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  }

  /// Reads on if fewer than `count` bytes are there.
  /// - Returns: how many there are, which is fewer only at the end.
  private mutating func available(_ count: Int, _ file: ScratchFile) throws -> Int {
    if buffer.count - taken >= count { return buffer.count - taken }
    let rest = buffer[taken...]
    let offset = position
    let size = max(count, Self.bufferSize)
    buffer = try [UInt8](unsafeUninitializedCapacity: size) { target, filled in
      _ = target.update(fromContentsOf: rest)
      filled = rest.count
      let all = UnsafeMutableRawBufferPointer(target)
      let room = UnsafeMutableRawBufferPointer(rebasing: all[filled...])
      filled += try file.read(at: offset, into: room)
    }
    position += buffer.count - rest.count
    taken = 0
    return buffer.count
  }
}

/// Merges sorted sources into one, by key, then by body. Keys that are equal all come out.
struct SpoolMerger: Sendable {
  private struct Head {
    var record: SpooledRecord
    var cursor: SpoolCursor
  }

  /// A binary heap with the least record at its top.
  private var heap: [Head] = []

  init(_ sources: [SpoolSource]) throws {
    for source in sources {
      var cursor = SpoolCursor(source)
      if let record = try cursor.next() { heap.append(Head(record: record, cursor: cursor)) }
    }
    for index in heap.indices.reversed() { sink(index) }
  }

  mutating func next() throws -> SpooledRecord? {
    guard let least = heap.first?.record else { return nil }
    if let record = try heap[0].cursor.next() {
      heap[0].record = record
    } else {
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    sink(0)
    return least
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if SpooledRecord.precedes(heap[child].record, heap[least].record) { least = child }
      }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
