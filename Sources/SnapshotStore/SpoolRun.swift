import CanonicalJSON

/// Sorted records on disk: for each the lengths of its key and of its body and the number of its
/// listing, as 32-bit numbers of this machine, then the bytes.
struct SpoolRun: Sendable {
  fileprivate let file: ScratchFile
}

final class SpoolRunWriter {
  private let file: ScratchFile
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  private var count = 0

  init(directory: String) throws {
    file = try ScratchFile(in: directory)
  }

  deinit {
    buffer.deallocate()
  }

  func append(_ record: RawRecord) throws {
    let lengths = (
      UInt32(record.keyBytes.count), UInt32(record.bodyBytes.count), record.listing
    )
    try withUnsafeBytes(of: lengths) { try append($0) }
    try append(UnsafeRawBufferPointer(record.keyBytes))
    try append(UnsafeRawBufferPointer(record.bodyBytes))
  }

  private func append(_ bytes: UnsafeRawBufferPointer) throws {
    if bytes.count > buffer.count - count { try flush() }
    guard bytes.count <= buffer.count else { return try file.append(bytes) }
    UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  private func flush() throws {
    try file.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    count = 0
  }

  func finish() throws -> SpoolRun {
    try flush()
    return SpoolRun(file: file)
  }
}

/// Sorted records, wherever they are.
enum SpoolSource: Sendable {
  case memory(ArenaCursor)
  case file(SpoolRun)
}

/// A place in a source. Copies go on independently.
struct SpoolCursor: Sendable {
  private var memory: ArenaCursor?
  private let run: SpoolRun?
  /// An offset in a file.
  private var position = 0
  private var buffer = ByteBuffer([]) {
    didSet { page = RecordPage(keys: buffer, bodies: buffer) }
  }
  private var page = RecordPage(keys: ByteBuffer([]), bodies: ByteBuffer([]))
  private var taken = 0
  private static let bufferSize = 128 << 10
  private static let headerSize = 12

  init(_ source: SpoolSource) {
    switch source {
    case .memory(let batch): (memory, run) = (batch, nil)
    case .file(let file): (memory, run) = (nil, file)
    }
  }

  mutating func next() throws -> RawRecord? {
    guard let run else { return memory?.next() }
    if try available(Self.headerSize, run.file) == 0 { return nil }
    let key = number(at: taken)
    let body = number(at: taken + 4)
    let listing = UInt32(number(at: taken + 8))
    let count = Self.headerSize + key + body
    guard try available(count, run.file) >= count else {
      throw ArchiveError(.io, "a temporary file ends too early")
    }
    let start = taken + Self.headerSize
    taken += count
    return RawRecord(
      page, key: start..<(start + key), body: (start + key)..<taken, listing: listing)
  }

  private func number(at offset: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(buffer.bytes)
    return Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Reads on if fewer than `count` bytes are there.
  /// - Returns: how many there are, which is fewer only at the end.
  private mutating func available(_ count: Int, _ file: ScratchFile) throws -> Int {
    if buffer.count - taken >= count { return buffer.count - taken }
    let rest = ByteSlice(buffer, taken..<buffer.count)
    // Records that were handed out keep the old buffer.
    buffer = try ByteBuffer(capacity: max(count, Self.bufferSize)) { target in
      target.copyBytes(from: rest)
      let room = UnsafeMutableRawBufferPointer(rebasing: target[rest.count...])
      return rest.count + (try file.read(at: position, into: room))
    }
    position += buffer.count - rest.count
    taken = 0
    return buffer.count
  }
}

/// Merges sorted sources into one, by key, then by body. Keys that are equal all come out.
struct SpoolMerger: @unchecked Sendable {
  // What the pointers point into never changes.

  /// The next record of a source, as far as it is compared. `heads` keeps it.
  private struct Entry {
    let key: UnsafeBufferPointer<UInt8>
    let body: UnsafeBufferPointer<UInt8>
    let source: Int

    init(_ record: RawRecord, source: Int) {
      key = record.keyBytes
      body = record.bodyBytes
      self.source = source
    }

    func precedes(_ other: Entry) -> Bool {
      let order = compareBytes(key, other.key)
      return order == 0 ? compareBytes(body, other.body) < 0 : order < 0
    }
  }

  /// A binary heap with the least record at its top.
  private var heap: [Entry] = []
  private var cursors: [SpoolCursor] = []
  private var heads: [RawRecord] = []

  init(_ sources: [SpoolSource]) throws {
    for source in sources {
      var cursor = SpoolCursor(source)
      guard let record = try cursor.next() else { continue }
      heap.append(Entry(record, source: cursors.count))
      cursors.append(cursor)
      heads.append(record)
    }
    for index in heap.indices.reversed() { sink(index) }
  }

  mutating func next() throws -> RawRecord? {
    guard let source = heap.first?.source else { return nil }
    let least = heads[source]
    if let record = try cursors[source].next() {
      heads[source] = record
      heap[0] = Entry(record, source: source)
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
      for child in (2 * index + 1)..<(2 * index + 3) where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
