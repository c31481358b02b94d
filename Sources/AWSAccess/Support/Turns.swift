/// A number of places that tasks take in turn: those of the lowest rank first, and of one rank first
/// come, first served.
public final class Turns: Sendable {
  /// The rank of this task and those that it starts. Work that was begun earlier is ended earlier
  /// when it has the lower one, and so what it holds is given back earlier.
  @TaskLocal public static var rank = 0

  private struct Waiter {
    let id: Int
    let rank: Int
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var free: Int
    var waiters: [Waiter] = []
    var lastID = 0
    /// Cancelled before they had begun to wait.
    var cancelled: Set<Int> = []

    /// Behind all of its rank.
    mutating func insert(_ waiter: Waiter) {
      let index = waiters.lastIndex { $0.rank <= waiter.rank }.map { $0 + 1 } ?? 0
      waiters.insert(waiter, at: index)
    }
  }

  private let state: Locked<State>
  /// Whether another place may be taken although it is free.
  private let admits: @Sendable (_ taken: Int) -> Bool
  private let places: Int

  /// - Parameters:
  ///   - places: how many may be taken at once.
  ///   - admits: whether there is room for one more beside those that are taken. Asked again
  ///     whenever a place is given back; with none taken there always is.
  public init(_ places: Int, admits: @escaping @Sendable (_ taken: Int) -> Bool = { _ in true }) {
    self.places = places
    self.admits = admits
    state = Locked(State(free: places))
  }

  /// Runs `body` while it holds a place. Not to be nested: two that wait for each other's place
  /// would wait for ever.
  /// - Throws: what `body` throws, and `CancellationError` while it waits.
  public func run<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    try await take()
    defer { giveBack() }
    return try await body()
  }

  /// Whether a place is free that nobody waits for.
  public var isFree: Bool {
    state.withLock { $0.waiters.isEmpty && isFree($0) }
  }

  /// Asks again whether a place may be taken: to be called where that can have changed without one
  /// being given back.
  public func reconsider() { serve() }

  private func take() async throws {
    try Task.checkCancellation()
    let id = state.withLock { state -> Int? in
      if state.waiters.isEmpty, isFree(state) {
        state.free -= 1
        return nil
      }
      state.lastID += 1
      return state.lastID
    }
    guard let id else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enqueue(Waiter(id: id, rank: Self.rank, continuation: continuation))
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func enqueue(_ waiter: Waiter) {
    let isCancelled = state.withLock { state in
      let isCancelled = state.cancelled.remove(waiter.id) != nil
      if !isCancelled { state.insert(waiter) }
      return isCancelled
    }
    if isCancelled {
      waiter.continuation.resume(throwing: CancellationError())
    } else {
      serve()
    }
  }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(throwing: CancellationError())
  }

  private func giveBack() {
    state.withLock { $0.free += 1 }
    serve()
  }

  private func serve() {
    while let waiter = next() { waiter.continuation.resume() }
  }

  private func next() -> Waiter? {
    state.withLock { state in
      guard !state.waiters.isEmpty, isFree(state) else { return nil }
      state.free -= 1
      return state.waiters.removeFirst()
    }
  }

  private func isFree(_ state: State) -> Bool {
    let taken = places - state.free
    return state.free > 0 && (taken == 0 || admits(taken))
  }
}
