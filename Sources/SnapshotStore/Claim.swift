import CanonicalJSON
import Synchronization

/// Word in the store that something is under way: a snapshot that relies on packs which no manifest
/// names yet, or a prune that removes packs. Whoever writes one then looks for the others', so of
/// two that begin at once at least one sees the other.
///
/// A claim ends by itself some time after the moment in its name: a killed process leaves nothing
/// that a person would have to remove.
final class Claim: Sendable {
  enum Purpose: Hashable {
    case snapshot(String)
    case prune

    fileprivate var text: String {
      switch self {
      case .snapshot(let id): "snapshot-\(id)"
      case .prune: "prune"
      }
    }

    /// How long a claim holds, in seconds. That of a prune is much longer than the
    /// age at which it is renewed: a call that hangs for a while still ends before others stop waiting.
    fileprivate var lease: Int64 {
      switch self {
      case .snapshot: 24 * 3600
      case .prune: 15 * 60
      }
    }

    /// From which age on, in seconds, a claim is renewed when there is an occasion.
    fileprivate var renewal: Int64 {
      switch self {
      case .snapshot: 3600
      case .prune: 60
      }
    }
  }

  private struct State {
    var name: String
    var since: UTCTime
  }

  private let store: any BlobStore
  private let purpose: Purpose
  private let clock: StoreClock
  private let state: Mutex<State>

  private init(_ store: any BlobStore, _ purpose: Purpose, _ clock: StoreClock, _ state: State) {
    self.store = store
    self.purpose = purpose
    self.clock = clock
    self.state = Mutex(state)
  }

  /// Writes a claim that holds from now on.
  /// - Throws: `ArchiveError` (`.io`).
  static func take(
    _ purpose: Purpose, in store: any BlobStore, clock: StoreClock
  ) async throws -> Claim {
    Claim(store, purpose, clock, try await write(purpose, store, clock))
  }

  private static func write(
    _ purpose: Purpose, _ store: any BlobStore, _ clock: StoreClock
  ) async throws -> State {
    let now = clock.now()
    let suffix = UInt32.random(in: 0...UInt32.max)
    let digits = String(suffix, radix: 16)
    let padding = String(repeating: "0", count: 8 - digits.count)
    let name = "claims/\(purpose.text).\(now.compact).\(padding)\(digits).json"
    let content: JSON = ["claim": .string(purpose.text), "since": .string(now.description)]
    _ = try await store.put(name, .bytes(content.canonicalBytes + [UInt8(ascii: "\n")]))
    return State(name: name, since: now)
  }

  /// Renews the claim if it has become old, or in any case if `always`: the new one is there before
  /// the old one goes.
  /// - Throws: `ArchiveError` (`.io`).
  func renew(always: Bool = false) async throws {
    let old = state.withLock(\.self)
    let age = (clock.now().milliseconds - old.since.milliseconds) / 1000
    guard always || age >= purpose.renewal || age < 0 else { return }
    let new = try await Self.write(purpose, store, clock)
    state.withLock { $0 = new }
    if new.name != old.name { try await store.delete(old.name) }
  }

  /// Takes the claim back.
  /// - Throws: `ArchiveError` (`.io`).
  func release() async throws {
    try await store.delete(state.withLock(\.name))
  }

  func waitForPrunes() async throws { try await Self.waitForPrunes(in: store, clock: clock) }

  /// Waits until no prune is under way, or the last one that was must have been killed.
  /// - Throws: `ArchiveError` (`.io`), `CancellationError`.
  static func waitForPrunes(in store: any BlobStore, clock: StoreClock) async throws {
    var isTold = false
    while true {
      let prunes = try await found(in: store).filter {
        $0.purpose == .prune && $0.holds(at: clock.now())
      }
      guard let prune = prunes.first else { return }
      if !isTold {
        clock.isWaiting(
          "waiting for the prune that began at \(prune.since), for a quarter of an hour at most")
      }
      isTold = true
      try await clock.sleep(2)
    }
  }
}

/// A claim as the store lists it.
struct FoundClaim: Hashable {
  let name: String
  let purpose: Claim.Purpose
  let since: UTCTime

  /// Whether whoever wrote it may still be at work. One from the future is of a clock that is ahead.
  func holds(at now: UTCTime) -> Bool {
    now.milliseconds - since.milliseconds < purpose.lease * 1000
  }

  /// - Returns: nil for the names of other things.
  fileprivate init?(blob name: String) {
    guard name.hasPrefix("claims/"), name.hasSuffix(".json") else { return nil }
    let parts = name.dropFirst("claims/".count).split(separator: ".").map(String.init)
    guard parts.count == 4, let since = UTCTime(compact: parts[1]) else { return nil }
    if parts[0] == "prune" {
      purpose = .prune
    } else if parts[0].hasPrefix("snapshot-") {
      let id = String(parts[0].dropFirst("snapshot-".count))
      guard SnapshotID.isValid(id) else { return nil }
      purpose = .snapshot(id)
    } else {
      return nil
    }
    self.name = name
    self.since = since
  }
}

extension Claim {
  /// All claims in the store, those that no longer hold among them. Their names tell everything.
  static func found(in store: any BlobStore) async throws -> [FoundClaim] {
    try await store.list(prefix: "claims/").compactMap { FoundClaim(blob: $0.name) }
  }
}
