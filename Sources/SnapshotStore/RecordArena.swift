import CanonicalJSON
import MeshModel

/// Records in memory, in the batches in which they came.
struct RecordArena: Sendable {
  private struct Batch: Sendable {
    let page: RecordPage
    let spans: [RecordBatch.Span]
    let listing: UInt32

    init(_ batch: RecordBatch, listing: UInt32) {
      page = RecordPage(keys: batch.keys, bodies: batch.bodies)
      spans = batch.spans
      self.listing = listing
    }
  }

  /// One record and the beginning of its key, behind what all keys of its batch have in common.
  private struct Entry: Sendable {
    let order: UInt64
    let index: UInt32
  }

  private var batches: [Batch] = []
  /// Single records of one listing, until they are many.
  private var open = RecordBatch()
  private var openListing: UInt32 = 0
  /// Of each batch, its records in their order.
  private var orders: [[UInt32]] = []
  private static let openLimit = 64 << 10

  /// What it takes in memory, in bytes, or near to it.
  private(set) var size = 0

  mutating func append(_ batch: RecordBatch, listing: UInt32) {
    guard !batch.spans.isEmpty else { return }
    size += batch.size
    batches.append(Batch(batch, listing: listing))
  }

  mutating func append(_ record: Record, listing: UInt32) {
    if listing != openListing || open.size > Self.openLimit { close() }
    openListing = listing
    let before = open.size
    open.append(record)
    size += open.size - before
  }

  private mutating func close() {
    guard !open.spans.isEmpty else { return }
    batches.append(Batch(open, listing: openListing))
    open = RecordBatch()
  }

  /// Puts each batch into the order of its keys, and records under one key into that of their bodies.
  /// To be called once, when all are there.
  mutating func sort() {
    close()
    orders = batches.map(sorted)
  }

  private func sorted(_ batch: Batch) -> [UInt32] {
    let (keys, bodies) = (batch.page.keys.bytes, batch.page.bodies.bytes)
    func key(_ entry: Entry) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: keys[batch.spans[Int(entry.index)].key])
    }
    func body(_ entry: Entry) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: bodies[batch.spans[Int(entry.index)].body])
    }
    let common = commonPrefix(batch)
    var entries = batch.spans.enumerated().map { index, span in
      Entry(order: Self.order(keys, span.key.dropFirst(common)), index: UInt32(index))
    }
    entries.sort { left, right in
      if left.order != right.order { return left.order < right.order }
      let order = compareBytes(key(left), key(right))
      return order == 0 ? compareBytes(body(left), body(right)) < 0 : order < 0
    }
    return entries.map(\.index)
  }

  /// How many bytes all keys of a batch begin with alike.
  private func commonPrefix(_ batch: Batch) -> Int {
    guard let first = batch.spans.first else { return 0 }
    let keys = batch.page.keys.bytes
    var common = first.key.count
    for span in batch.spans {
      var same = 0
      while same < min(common, span.key.count),
        keys[first.key.lowerBound + same] == keys[span.key.lowerBound + same]
      {
        same += 1
      }
      common = same
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

  /// Each batch as a sorted source. After `sort`.
  var sources: [ArenaCursor] {
    zip(batches, orders).map { batch, order in
      ArenaCursor(page: batch.page, spans: batch.spans, order: order, listing: batch.listing)
    }
  }
}

/// Walks the sorted records of one batch.
struct ArenaCursor: Sendable {
  private let page: RecordPage
  private let spans: [RecordBatch.Span]
  private let order: [UInt32]
  private let listing: UInt32
  private var position = 0

  fileprivate init(
    page: RecordPage, spans: [RecordBatch.Span], order: [UInt32], listing: UInt32
  ) {
    self.page = page
    self.spans = spans
    self.order = order
    self.listing = listing
  }

  mutating func next() -> RawRecord? {
    guard position < order.count else { return nil }
    let span = spans[Int(order[position])]
    position += 1
    return RawRecord(page, key: span.key, body: span.body, listing: listing)
  }
}
