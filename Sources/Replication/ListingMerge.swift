import AWSAccess
import Foundation

/// An object of the source that the replica has not, or has otherwise.
public struct PendingObject: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    /// The replica has nothing under its key.
    case missing
    /// The replica has another size under its key.
    case stale
    /// The replica has the same size with another ETag and another time: an older version, or the
    /// same one, copied or encrypted otherwise. A listing can't tell.
    case unclear
  }

  public var key: String
  /// Without quotes.
  public var etag: String
  /// Bytes.
  public var size: Int
  /// Seconds since 1970.
  public var modified: Double
  public var kind: Kind
}

/// What two listings side by side came to. Tallies of parts of a prefix can be added up.
public struct ListingTally: Sendable {
  /// Objects of the source, and their bytes.
  public var objects = 0
  public var bytes = 0
  /// Objects that the replica has.
  public var same = 0
  /// Of those, such with the same size and time but another ETag: encrypted or put together anew.
  public var reencrypted = 0
  public var missing = 0
  public var stale = 0
  public var unclear = 0
  public var pendingBytes = 0
  /// Objects of the replica that the source has not: deleted there, or written here by others.
  public var extra = 0
  /// The keys of the first of them, where they were asked for.
  public private(set) var extraKeys: [String] = []
  /// The oldest of the missing and stale ones, oldest first.
  public private(set) var oldest: [PendingObject] = []
  /// The oldest of the unclear ones, oldest first.
  public private(set) var oldestUnclear: [PendingObject] = []
  /// The youngest objects of the source, youngest first: keys, and when they were written.
  public private(set) var youngest: [PendingObject] = []
  /// When the youngest object of the replica was written; seconds since 1970.
  public var youngestReplica: Double?
  /// Whether everything was compared, to the end of both listings.
  public var isWhole = true

  /// How many objects of each sort are kept by name.
  public static let kept = 32
  static let keptYoungest = 8
  /// How many of the replica's own objects are kept by name, where they are asked for.
  public static let keptExtra = 512

  public init() {}

  public var pending: Int { missing + stale }

  mutating func add(_ object: PendingObject) {
    switch object.kind {
    case .missing: missing += 1
    case .stale: stale += 1
    case .unclear:
      unclear += 1
      Self.keep(object, in: &oldestUnclear, Self.kept) { $0.modified < $1.modified }
      return
    }
    pendingBytes += object.size
    Self.keep(object, in: &oldest, Self.kept) { $0.modified < $1.modified }
  }

  mutating func addExtra(_ keys: some Sequence<String>) {
    extraKeys += keys.prefix(Self.keptExtra - extraKeys.count)
  }

  mutating func addYoungest(_ object: PendingObject) {
    Self.keep(object, in: &youngest, Self.keptYoungest) { $0.modified > $1.modified }
  }

  /// Adds what another part of the prefix came to.
  public mutating func add(_ other: ListingTally) {
    objects += other.objects
    bytes += other.bytes
    same += other.same
    reencrypted += other.reencrypted
    missing += other.missing
    stale += other.stale
    unclear += other.unclear
    pendingBytes += other.pendingBytes
    extra += other.extra
    addExtra(other.extraKeys)
    isWhole = isWhole && other.isWhole
    for object in other.oldest {
      Self.keep(object, in: &oldest, Self.kept) { $0.modified < $1.modified }
    }
    for object in other.oldestUnclear {
      Self.keep(object, in: &oldestUnclear, Self.kept) { $0.modified < $1.modified }
    }
    for object in other.youngest { addYoungest(object) }
    youngestReplica = [youngestReplica, other.youngestReplica].compactMap(\.self).max()
  }

  private static func keep(
    _ object: PendingObject, in list: inout [PendingObject], _ most: Int,
    _ precedes: (PendingObject, PendingObject) -> Bool
  ) {
    if list.count == most, let last = list.last, !precedes(object, last) { return }
    let place = list.firstIndex { precedes(object, $0) } ?? list.endIndex
    list.insert(object, at: place)
    if list.count > most { list.removeLast() }
  }
}

/// Walks two listings side by side, a page of each at a time. It holds two pages, whatever the
/// length of the listings, and calls nobody.
struct ListingMerge {
  enum Side { case source, replica }

  /// What it needs to go on.
  enum Need { case page(Side), nothing }

  private(set) var tally = ListingTally()
  private var source = Cursor()
  private var replica = Cursor()
  /// Only keys up to this one count; nil for all.
  private let through: [UInt8]?
  private let namesExtra: Bool

  private struct Cursor {
    var page: S3ObjectPage?
    var at = 0
    /// Behind the last entry that counts.
    var end = 0
    /// Whether nothing that counts comes behind this page.
    var isLast = false

    var isEmpty: Bool { at >= end }
  }

  /// - Parameter namesExtra: whether objects that only the replica has are kept by name.
  init(through: String? = nil, namesExtra: Bool = false) {
    self.through = through.map { Array($0.utf8) }
    self.namesExtra = namesExtra
  }

  /// The next page of a side; nil at the end of its listing.
  mutating func add(_ page: S3ObjectPage?, to side: Side) throws {
    let end = page.map(countOfWanted) ?? 0
    let cursor = Cursor(
      page: page, at: 0, end: end, isLast: page.map { end < $0.entries.count } ?? true)
    if let page, let youngest = page.youngest(of: ..<end) {
      switch side {
      case .source: try tally.addYoungest(youngest, of: page)
      case .replica:
        tally.youngestReplica = max(tally.youngestReplica ?? 0, try page.modified(youngest))
      }
    }
    switch side {
    case .source: source = cursor
    case .replica: replica = cursor
    }
  }

  /// Goes as far as the pages reach.
  /// - Throws: `JSONError` for a time that can't be read.
  mutating func run() throws -> Need {
    while true {
      if source.isEmpty && !source.isLast { return .page(.source) }
      if replica.isEmpty && !replica.isLast { return .page(.replica) }
      if let page = source.page, !source.isEmpty {
        if let other = replica.page, !replica.isEmpty {
          try merge(page, other)
        } else {
          try rest(of: page)
        }
      } else {
        guard let other = replica.page, !replica.isEmpty else { return .nothing }
        tally.extra += replica.end - replica.at
        if namesExtra {
          tally.addExtra(other.entries[replica.at..<replica.end].lazy.map(other.key))
        }
        replica.at = replica.end
      }
    }
  }

  /// Until one of the pages ends.
  private mutating func merge(_ left: S3ObjectPage, _ right: S3ObjectPage) throws {
    var (at, there) = (source.at, replica.at)
    let (end, endThere) = (source.end, replica.end)
    try left.bytes.withUnsafeBufferPointer { leftBytes in
      try right.bytes.withUnsafeBufferPointer { rightBytes in
        while at < end, there < endThere {
          let (entry, other) = (left.entries[at], right.entries[there])
          let order = compareKeys(leftBytes, entry, rightBytes, other)
          if order > 0 {
            tally.extra += 1
            if namesExtra { tally.addExtra(CollectionOfOne(right.key(other))) }
            there += 1
            continue
          }
          tally.objects += 1
          tally.bytes += entry.size
          at += 1
          if order < 0 {
            tally.add(try left.object(entry, .missing))
            continue
          }
          there += 1
          if entry.size == other.size, equal(leftBytes, entry.etag, rightBytes, other.etag) {
            tally.same += 1
          } else {
            try compare(left, entry, right, other)
          }
        }
      }
    }
    (source.at, replica.at) = (at, there)
  }

  /// Two objects of one key whose ETags or sizes differ.
  private mutating func compare(
    _ left: S3ObjectPage, _ entry: S3ObjectPage.Entry, _ right: S3ObjectPage,
    _ other: S3ObjectPage.Entry
  ) throws {
    // A replica keeps the time of its source. Its ETag is another one where it was encrypted with
    // another key.
    if entry.size != other.size {
      tally.add(try left.object(entry, .stale))
    } else if try left.modified(entry) == right.modified(other) {
      tally.same += 1
      tally.reencrypted += 1
    } else {
      tally.add(try left.object(entry, .unclear))
    }
  }

  /// What the source has behind the replica's last object.
  private mutating func rest(of page: S3ObjectPage) throws {
    for entry in page.entries[source.at..<source.end] {
      tally.objects += 1
      tally.bytes += entry.size
      tally.add(try page.object(entry, .missing))
    }
    source.at = source.end
  }

  /// How many entries of a page are not behind the last key that counts: they are in order.
  private func countOfWanted(_ page: S3ObjectPage) -> Int {
    guard let through else { return page.entries.count }
    var (low, high) = (0, page.entries.count)
    while low < high {
      let middle = (low + high) / 2
      if through.lexicographicallyPrecedes(page.bytes[page.entries[middle].key]) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  @inline(__always)
  private func equal(
    _ left: UnsafeBufferPointer<UInt8>, _ leftRange: Range<Int>,
    _ right: UnsafeBufferPointer<UInt8>, _ rightRange: Range<Int>
  ) -> Bool {
    guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return false }
    return leftRange.count == rightRange.count
      && memcmp(
        leftBase + leftRange.lowerBound, rightBase + rightRange.lowerBound, leftRange.count) == 0
  }
}

extension S3ObjectPage {
  func object(_ entry: Entry, _ kind: PendingObject.Kind) throws -> PendingObject {
    PendingObject(
      key: key(entry), etag: etag(entry), size: entry.size, modified: try modified(entry),
      kind: kind)
  }

  /// The texts of times that S3 writes are in the order of the times.
  func youngest(of range: PartialRangeUpTo<Int>) -> Entry? {
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, var best = entries[range].first else { return nil }
      for entry in entries[range] {
        let (left, right) = (best.modified, entry.modified)
        // Most objects of a page are of the hour of their neighbours.
        if left.count == 24, right.count == 24,
          same(base + left.lowerBound, base + right.lowerBound)
        {
          continue
        }
        let count = min(left.count, right.count)
        if memcmp(base + left.lowerBound, base + right.lowerBound, count) < 0 { best = entry }
      }
      return best
    }
  }
}

/// Whether two texts of 24 bytes, the length of S3's times, are the same.
@inline(__always)
private func same(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>) -> Bool {
  let (one, other) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
  func word(_ text: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
  return word(one, 16) == word(other, 16) && word(one, 8) == word(other, 8)
    && word(one, 0) == word(other, 0)
}

extension ListingTally {
  /// Counts a page of the source of which nothing is compared.
  mutating func addYoungest(of page: S3ObjectPage) throws {
    guard let youngest = page.youngest(of: ..<page.entries.count) else { return }
    try addYoungest(youngest, of: page)
  }

  /// Keeps an object by name where it is among the youngest.
  mutating func addYoungest(_ entry: S3ObjectPage.Entry, of page: S3ObjectPage) throws {
    let modified = try page.modified(entry)
    if youngest.count == Self.keptYoungest, let last = youngest.last, modified <= last.modified {
      return
    }
    addYoungest(try page.object(entry, .missing))
  }
}
