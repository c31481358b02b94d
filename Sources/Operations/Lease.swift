import CanonicalJSON
import SnapshotStore
import Synchronization

/// Holds a region for one run, across machines, in a store of blobs that are written once.
///
/// It is a sequence of entries, `leases/REGION/000001.json` and so on, of which the newest counts.
/// Whoever claims the next number holds the region until the time that the entry says; it claims
/// another before that time comes, and one that ends the lease when it is done. A holder that died
/// writes none, and its last entry runs out. The clocks of two machines may differ by `margin`: a
/// holder stops that much before its time, and nobody takes over until that much behind it.
final class Lease: Sendable {
  /// Seconds for which one entry holds.
  static let length = 180.0
  /// Seconds between two entries.
  static let interval = 40.0
  /// Seconds by which clocks may differ.
  static let margin = 30.0

  /// Who holds a region.
  struct Holder: Sendable, Hashable {
    var run: String
    /// The machine and the process, for people, and to tell that the process is gone.
    var host: String
    var process: Int
    /// Tells apart two holders that are alike otherwise.
    var nonce: String
  }

  private struct Entry {
    var number: Int
    var holder: Holder
    var until: UTCTime
    var ended: Bool
  }

  private struct State {
    var number: Int
    var until: UTCTime
    var isLost = false
  }

  private let store: any BlobStore
  private let region: String
  private let holder: Holder
  private let now: @Sendable () -> String
  private let state: Mutex<State>

  /// Takes the region.
  /// - Parameters:
  ///   - now: the time of day, RFC 3339 in UTC.
  ///   - isGone: whether a process of this machine has ended: its lease need not run out.
  /// - Throws: `CommandFailure` where another run holds it, `ArchiveError`.
  init(
    _ region: String, in store: any BlobStore, holder: Holder,
    now: @escaping @Sendable () -> String,
    isGone: (Int) -> Bool
  ) async throws {
    self.store = store
    self.region = region
    self.holder = holder
    self.now = now
    let newest = try await Self.newest(region, store)
    let moment = try Self.moment(now)
    if let newest, !newest.ended, newest.until.adding(Self.margin) > moment {
      let isDead = newest.holder.host == holder.host && isGone(newest.holder.process)
      guard isDead else { throw Self.refusal(newest, region) }
    }
    let first = State(number: (newest?.number ?? 0) + 1, until: moment.adding(Self.length))
    state = Mutex(first)
    guard try await claim(first.number, until: first.until, ended: false) else {
      guard let other = try await Self.newest(region, store) else {
        throw ArchiveError(.conflict, "another run took \(region) at the same moment")
      }
      throw Self.refusal(other, region)
    }
  }

  /// Whether the region may be somebody else's by now: nothing may be changed any more.
  var isLost: Bool {
    guard let moment = try? Self.moment(now) else { return true }
    return state.withLock { $0.isLost || moment.adding(Self.margin) > $0.until }
  }

  /// Holds the region for another while. A store that fails may be tried again until `isLost`.
  /// - Throws: `ArchiveError`.
  func renew() async throws {
    let next = state.withLock { $0.number + 1 }
    let until = try Self.moment(now).adding(Self.length)
    let isMine = try await claim(next, until: until, ended: false)
    state.withLock { state in
      if isMine {
        state.number = next
        state.until = until
      } else {
        state.isLost = true
      }
    }
  }

  /// Lets the region go.
  /// - Throws: `ArchiveError`.
  func end() async throws {
    let (number, isLost) = state.withLock { ($0.number, $0.isLost) }
    guard !isLost, try await claim(number + 1, until: Self.moment(now), ended: true) else { return }
    state.withLock { $0.number = number + 1 }
  }

  /// Clears away the entries of a lease that has ended which count no more.
  /// - Throws: `ArchiveError`.
  func clear() async throws {
    let (number, isLost) = state.withLock { ($0.number, $0.isLost) }
    guard !isLost else { return }
    for blob in try await store.list(prefix: Self.prefix(region)) {
      if let old = Self.number(blob.name, region), old < number {
        try await store.delete(blob.name)
      }
    }
  }

  /// Writes the entry of a number, unless somebody else has. A call whose answer was lost is told
  /// from that by what is there.
  private func claim(_ number: Int, until: UTCTime, ended: Bool) async throws -> Bool {
    let document: JSON = [
      "run": .string(holder.run), "host": .string(holder.host), "process": JSON(holder.process),
      "nonce": .string(holder.nonce), "until": .string(until.description), "ended": .bool(ended),
    ]
    let bytes = Array((document.prettyText + "\n").utf8)
    let name = Self.name(number, region)
    if try await store.claim(name, bytes) { return true }
    return try await store.read(name) == bytes
  }
}

// MARK: - Entries

extension Lease {
  private static func prefix(_ region: String) -> String { "leases/\(region)/" }

  private static func name(_ number: Int, _ region: String) -> String {
    let digits = String(number)
    return prefix(region) + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      + ".json"
  }

  private static func number(_ name: String, _ region: String) -> Int? {
    Int(name.dropFirst(prefix(region).count).prefix { $0 != "." })
  }

  private static func newest(_ region: String, _ store: any BlobStore) async throws -> Entry? {
    let numbers = try await store.list(prefix: prefix(region)).compactMap {
      number($0.name, region)
    }
    guard let number = numbers.max() else { return nil }
    let name = name(number, region)
    let document = try? JSON(parsing: try await store.read(name))
    guard let document, let until = document["until"]?.string.flatMap({ UTCTime($0) }) else {
      throw ArchiveError(.damaged, "\(name), which says who restores there, can't be read")
    }
    let holder = Holder(
      run: document["run"]?.string ?? "", host: document["host"]?.string ?? "",
      process: document["process"]?.integer ?? 0, nonce: document["nonce"]?.string ?? "")
    return Entry(
      number: number, holder: holder, until: until, ended: document["ended"]?.bool ?? false)
  }

  private static func moment(_ now: @Sendable () -> String) throws -> UTCTime {
    guard let moment = UTCTime(now()) else {
      throw ArchiveError(.io, "the clock gives no time: \(now())")
    }
    return moment
  }

  private static func refusal(_ entry: Entry, _ region: String) -> CommandFailure {
    CommandFailure(
      .failed,
      "another restore in \(region) is under way: \(entry.holder.run), process "
        + "\(entry.holder.process) on \(entry.holder.host). If that one died, the region is free "
        + "after \(entry.until.adding(margin)). Nothing was changed")
  }
}

extension UTCTime {
  func adding(_ seconds: Double) -> UTCTime {
    UTCTime(milliseconds: milliseconds + Int64(seconds * 1000))
  }
}
