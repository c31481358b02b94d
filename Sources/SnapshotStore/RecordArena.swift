import MeshModel

/// Records in memory, in the batches in which they came.
struct RecordArena: Sendable {
  private struct Batch: Sendable {
    var records: RecordBatch
    let listing: UInt32
  }

  /// One record and the beginning of its key, behind what all keys have in common.
  private struct Entry: Sendable {
    let order: UInt64
    let batch: UInt32
    let index: UInt32
  }

  private var batches: [Batch] = []
  private var entries: [Entry] = []
  /// What it takes in memory, in bytes, or near to it.
  private(set) var size = 0
  private static let smallBatch = 64 << 10

  var count: Int { entries.count }
  var isEmpty: Bool { batches.isEmpty }

  mutating func append(_ batch: RecordBatch, listing: UInt32) {
    guard !batch.spans.isEmpty else { return }
    batches.append(Batch(records: batch, listing: listing))
    size += batch.size
  }

  mutating func append(_ record: Record, listing: UInt32) {
    let last = batches.count - 1
    if last < 0 || batches[last].listing != listing
      || batches[last].records.bodies.count > Self.smallBatch
    {
      var batch = RecordBatch()
      batch.append(record)
      return append(batch, listing: listing)
    }
    size -= batches[last].records.size
    batches[last].records.append(record)
    size += batches[last].records.size
  }

  /// Puts the records into the order of their keys, and those under one key into that of their
  /// bodies. Until then there are none to read.
  mutating func sort() {
    let common = commonPrefix()
    var entries: [Entry] = []
    entries.reserveCapacity(batches.reduce(0) { $0 + $1.records.spans.count })
    for (number, batch) in batches.enumerated() {
      batch.records.keys.withUnsafeBufferPointer { keys in
        for (index, span) in batch.records.spans.enumerated() {
          entries.append(
            Entry(
              order: Self.order(keys, span.key.dropFirst(common)), batch: UInt32(number),
              index: UInt32(index)))
        }
      }
    }
    entries.sort { left, right in
      left.order == right.order
        ? RawRecord.precedes(record(left), record(right)) : left.order < right.order
    }
    self.entries = entries
  }

  /// How many bytes all keys begin with alike.
  private func commonPrefix() -> Int {
    guard let first = batches.first, let span = first.records.spans.first else { return 0 }
    let pattern = first.records.keys[span.key]
    var common = pattern.count
    for batch in batches {
      for span in batch.records.spans {
        let key = batch.records.keys[span.key]
        if key.count >= common, key.prefix(common) == pattern.prefix(common) { continue }
        common = zip(key, pattern).prefix(common).prefix { $0 == $1 }.count
      }
    }
    return common
  }

  /// Up to eight bytes as a number that compares as they do.
  private static func order(_ keys: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
    var order: UInt64 = 0
    for offset in 0..<8 {
      let index = range.lowerBound + offset
      order = order << 8 | (index < range.upperBound ? UInt64(keys[index]) : 0)
    }
    return order
  }

  private func record(_ entry: Entry) -> RawRecord {
    let batch = batches[Int(entry.batch)]
    let span = batch.records.spans[Int(entry.index)]
    return RawRecord(
      keys: batch.records.keys, span.key, bodies: batch.records.bodies, span.body,
      listing: batch.listing)
  }

  /// After `sort`.
  subscript(index: Int) -> RawRecord { record(entries[index]) }
}
