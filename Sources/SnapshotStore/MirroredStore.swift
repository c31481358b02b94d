import Synchronization

/// Several stores with the same content: what is written is written to all of them, what is read
/// comes from the first that has it whole.
///
/// A snapshot is for all or for none: a store that can't be reached makes the writing of what
/// belongs to snapshots fail. What a restore keeps beside them (its journal, its result, who holds
/// the region) goes to those that can be reached: a restore must not need the store that was lost.
/// Reads pass over what is missing, damaged or out of reach; a store that is out of reach is not
/// asked again by the same run.
public final class MirroredStore: BlobStore {
  /// One of the stores.
  public struct Copy: Sendable {
    let store: any BlobStore
    let isLast: @Sendable () async -> Bool

    /// - Parameter isLast: whether it is read only where the others have failed: one in a region
    ///   that may be lost. Asked once, before the first read.
    public init(
      _ store: any BlobStore, isLast: @escaping @Sendable () async -> Bool = { false }
    ) {
      self.store = store
      self.isLast = isLast
    }
  }

  public var copies: [any BlobStore] { stores }
  let stores: [any BlobStore]
  private let order: ReadingOrder
  private let note: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var unreachable: Set<Int> = []
    var told: Set<String> = []
  }

  /// - Parameters:
  ///   - copies: at least one, in the order in which they are read.
  ///   - note: is given a sentence for each copy that is passed over, each once, on any thread.
  public init(_ copies: [Copy], note: @escaping @Sendable (String) -> Void) {
    precondition(!copies.isEmpty, "a mirror of no store")
    stores = copies.map(\.store)
    order = ReadingOrder(copies)
    self.note = note
  }

  /// All of them.
  public var place: String { stores.map(\.place).joined(separator: " and ") }

  /// Packs go into all stores at once: what bears their name is the same everywhere. Of other blobs
  /// the first store decides what the others get, should two be written at once.
  /// - Returns: `written` for a pack that was new to any of them, another blob that was new to the
  ///   first.
  public func put(_ name: String, _ content: BlobContent) async throws -> PutOutcome {
    guard packDigest(name) == nil else {
      let outcomes = try await everywhere(name) { try await $0.put(name, content) }
      return outcomes.contains(.written) ? .written : .alreadyThere
    }
    let first = try await firstPut(name, content)
    let decided =
      first.outcome == .written ? content : .bytes(try await stores[first.index].read(name))
    _ = try await everywhere(name, besides: first.index) { try await $0.put(name, decided) }
    return first.outcome
  }

  private func firstPut(
    _ name: String, _ content: BlobContent
  ) async throws -> (index: Int, outcome: PutOutcome) {
    try checkBlobName(name)
    for index in stores.indices where !isPassedOver(index, name) {
      do {
        return (index, try await stores[index].put(name, content))
      } catch let error as ArchiveError where error.code == .io && !isOfSnapshots(name) {
        pass(index, error)
      }
    }
    throw noneLeft(name)
  }

  /// One store after the other, always in the same order: of two callers at once, one gets the
  /// first and goes on.
  public func claim(_ name: String, _ bytes: [UInt8]) async throws -> Bool {
    try checkBlobName(name)
    var isAsked = false
    for index in stores.indices where !isPassedOver(index, name) {
      do {
        guard try await stores[index].claim(name, bytes) else { return false }
        isAsked = true
      } catch let error as ArchiveError where error.code == .io && !isOfSnapshots(name) {
        pass(index, error)
      }
    }
    guard isAsked else { throw noneLeft(name) }
    return true
  }

  public func read(_ name: String) async throws -> [UInt8] {
    try await first(name) { store in
      let bytes = try await store.read(name)
      try checkIntegrity(of: name, bytes)
      return bytes
    }
  }

  /// Reads the blob to know that it is whole: later there is no other copy to turn to.
  public func local(_ name: String) async throws -> LocalBlob {
    try await first(name) { store in
      let blob = try await store.local(name)
      try checkIntegrity(of: name, blob.bytes())
      return blob
    }
  }

  public func exists(_ name: String) async throws -> Bool {
    do {
      return try await first(name) { store in
        guard try await store.exists(name) else {
          throw ArchiveError(.notFound, "\(name) is not in \(store.place)")
        }
        return true
      }
    } catch let error as ArchiveError where error.code == .notFound {
      return false
    }
  }

  /// What any of the stores that can be reached has, each name once.
  public func list(prefix: String) async throws -> [BlobInfo] {
    var found: [String: BlobInfo] = [:]
    var isListed = false
    for index in await order.indices() where !isUnreachable(index) {
      do {
        for blob in try await stores[index].list(prefix: prefix) where found[blob.name] == nil {
          found[blob.name] = blob
        }
        isListed = true
      } catch let error as ArchiveError where error.code == .io {
        pass(index, error)
      }
    }
    guard isListed else { throw noneLeft("\(prefix)*") }
    return found.values.sorted { $0.name < $1.name }
  }

  /// Nowhere, where one of the stores still keeps it: otherwise the copies would differ.
  public func delete(_ name: String) async throws {
    if let until = try await lockedUntil(name) {
      throw ArchiveError(.locked, "\(name) is locked until \(until)")
    }
    _ = try await everywhere(name) { try await $0.delete(name) }
  }

  /// The latest of all.
  public func lockedUntil(_ name: String) async throws -> UTCTime? {
    try await everywhere(name) { try await $0.lockedUntil(name) }.compactMap(\.self).max()
  }

  public func removeLeftovers() async throws -> Int {
    var count = 0
    for store in stores { count += try await store.removeLeftovers() }
    return count
  }
}

extension MirroredStore {
  /// Runs `body` for all stores at once, and lets none be cut short by the failure of another.
  private func everywhere<Result: Sendable>(
    _ name: String, besides first: Int? = nil,
    _ body: @escaping @Sendable (any BlobStore) async throws -> Result
  ) async throws -> [Result] {
    try checkBlobName(name)
    let indices = stores.indices.filter { $0 != first && !isPassedOver($0, name) }
    let results =
      await mapAll(indices) { index in
        do { return .success(try await body(self.stores[index])) } catch { return .failure(error) }
      } as [Swift.Result<Result, any Error>]
    var done: [Result] = []
    for (index, result) in zip(indices, results) {
      switch result {
      case .success(let value): done.append(value)
      case .failure(let error as ArchiveError) where error.code == .io && !isOfSnapshots(name):
        pass(index, error)
      case .failure(let error): throw error
      }
    }
    guard !done.isEmpty || first != nil else { throw noneLeft(name) }
    return done
  }

  private func mapAll<Result: Sendable>(
    _ indices: [Int], _ body: @escaping @Sendable (Int) async -> Result
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      for index in indices { group.addTask { (index, await body(index)) } }
      var results: [Int: Result] = [:]
      for await (index, result) in group { results[index] = result }
      return indices.compactMap { results[$0] }
    }
  }

  /// What the first store gives that has it whole.
  /// - Throws: the damage, where a copy is damaged and no other whole; `.notFound` where none of
  ///   those that can be reached has it.
  private func first<Result: Sendable>(
    _ name: String, _ body: (any BlobStore) async throws -> Result
  ) async throws -> Result {
    try checkBlobName(name)
    var worst: ArchiveError?
    for index in await order.indices() where !isUnreachable(index) {
      do {
        let result = try await body(stores[index])
        if let worst, worst.code == .damaged { tell("\(worst.description); another copy is used") }
        return result
      } catch let error as ArchiveError where error.code == .io {
        pass(index, error)
        if worst == nil { worst = error }
      } catch let error as ArchiveError where [.damaged, .notFound].contains(error.code) {
        if worst?.code != .damaged { worst = error }
      }
    }
    throw worst ?? noneLeft(name)
  }

  private func isPassedOver(_ index: Int, _ name: String) -> Bool {
    !isOfSnapshots(name) && isUnreachable(index)
  }

  private func isUnreachable(_ index: Int) -> Bool {
    state.withLock { $0.unreachable.contains(index) }
  }

  private func pass(_ index: Int, _ error: ArchiveError) {
    state.withLock { _ = $0.unreachable.insert(index) }
    tell("\(stores[index].place) is passed over: \(error.description)")
  }

  func tell(_ sentence: String) {
    let isNew = state.withLock { $0.told.insert(sentence).inserted }
    if isNew { note(sentence) }
  }

  private func noneLeft(_ name: String) -> ArchiveError {
    ArchiveError(.io, "none of \(place) can be reached for \(name)")
  }
}

/// In which order the copies are read: found out once.
private actor ReadingOrder {
  private let copies: [MirroredStore.Copy]
  private var search: Task<[Int], Never>?

  init(_ copies: [MirroredStore.Copy]) {
    self.copies = copies
  }

  func indices() async -> [Int] {
    let search =
      self.search
      ?? Task { [copies] in
        var first: [Int] = []
        var last: [Int] = []
        for (index, copy) in copies.enumerated() {
          if await copy.isLast() { last.append(index) } else { first.append(index) }
        }
        return first + last
      }
    self.search = search
    return await search.value
  }
}
