import Synchronization

/// What many spools hold in memory together. Safe from any thread.
public final class SpoolMemory: Sendable {
  /// In bytes.
  public let limit: Int
  private let held = Atomic<Int>(0)

  /// - Parameter limit: in bytes; when it is reached, those that grow go to disk.
  public init(limit: Int = 48 << 20) {
    self.limit = limit
  }

  /// In bytes.
  public var size: Int { held.load(ordering: .relaxed) }

  /// A small spool gives little room and makes a small file; so it may grow while others do not.
  private var smallest: Int { limit / 32 }

  /// Counts what a spool has grown by.
  /// - Returns: whether it is to go to disk.
  func take(_ bytes: Int, holding: Int) -> Bool {
    let all = held.add(bytes, ordering: .relaxed).newValue
    return all > limit && (holding > smallest || all > limit + limit / 4)
  }

  func release(_ bytes: Int) {
    held.subtract(bytes, ordering: .relaxed)
  }
}

/// Memory that is given back with the last reference.
final class SpoolLease: Sendable {
  private let memory: SpoolMemory
  private let bytes: Int

  init(_ memory: SpoolMemory, _ bytes: Int) {
    self.memory = memory
    self.bytes = bytes
  }

  deinit {
    memory.release(bytes)
  }
}

/// Listings that had to begin again: what they had given before is left out of every spool that
/// is finished afterwards. Safe from any thread.
public final class VoidListings: Sendable {
  private struct State {
    var last: UInt32 = 0
    var voided: Set<UInt32> = []
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of a new listing.
  public func begin() -> UInt32 {
    state.withLock { state in
      state.last += 1
      return state.last
    }
  }

  /// Voids all records of a listing.
  public func void(_ listing: UInt32) {
    state.withLock { _ = $0.voided.insert(listing) }
  }

  var numbers: Set<UInt32> { state.withLock(\.voided) }
}
