/// Lets callers pass at the rate that its model has learned, first come, first served.
final class Pacer: Sendable {
  /// Leave for one call.
  struct Permit: Sendable {
    let generation: Int
    let waited: Bool
    /// Seconds, by the pacer's clock.
    let granted: Double
  }

  private struct Waiter {
    let id: Int
    let continuation: CheckedContinuation<Permit, any Error>
  }

  private struct State {
    var model: PaceModel
    var nextSlot = -Double.infinity
    var lastGrant = 0.0
    var waiters: [Waiter] = []
    var first = 0
    var lastID = 0
    var pumping = false

    var isEmpty: Bool { first == waiters.count }

    mutating func grant(now: Double, waited: Bool) -> Permit {
      if waited { model.use(seconds: now - lastGrant) }
      lastGrant = now
      // Late timers are made up for, long pauses are not.
      nextSlot = max(nextSlot, now - model.burst / model.rate) + 1 / model.rate
      return Permit(generation: model.sent(now: now), waited: waited, granted: now)
    }

    mutating func pop() -> Waiter {
      defer {
        first += 1
        if first > 256 || first == waiters.count {
          waiters.removeFirst(first)
          first = 0
        }
      }
      return waiters[first]
    }

    mutating func remove(_ id: Int) -> Waiter? {
      guard let index = waiters[first...].firstIndex(where: { $0.id == id }) else { return nil }
      return waiters.remove(at: index)
    }
  }

  private let state: Locked<State>
  private let clock: any AWSClock

  init(model: PaceModel = PaceModel(), clock: any AWSClock) {
    state = Locked(State(model: model))
    self.clock = clock
  }

  /// Calls a second that are let through now.
  var rate: Double { state.withLock { $0.model.rate } }

  /// Waits for its turn.
  /// - Throws: `CancellationError`.
  func acquire() async throws -> Permit {
    try Task.checkCancellation()
    let (immediate, id) = state.withLock { state -> (Permit?, Int) in
      state.lastID += 1
      let now = clock.now()
      guard state.isEmpty, state.nextSlot <= now else { return (nil, state.lastID) }
      return (state.grant(now: now, waited: false), state.lastID)
    }
    if let immediate { return immediate }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enqueue(Waiter(id: id, continuation: continuation))
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  /// Tells how a call with leave went.
  func report(_ permit: Permit, throttled: Bool) {
    let now = clock.now()
    state.withLock { state in
      if throttled {
        state.model.throttled(generation: permit.generation, now: now)
      } else {
        state.model.succeeded(waited: permit.waited, latency: now - permit.granted)
      }
    }
  }

  private func enqueue(_ waiter: Waiter) {
    let begins = state.withLock { state in
      state.waiters.append(waiter)
      defer { state.pumping = true }
      return !state.pumping
    }
    if begins { Task { await pump() } }
  }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { $0.remove(id) }
    waiter?.continuation.resume(throwing: CancellationError())
  }

  /// Serves the queue until it is empty. One runs at a time, and nobody cancels it.
  private func pump() async {
    while let delay = serve() {
      if delay > 0 { try? await clock.sleep(seconds: delay) }
    }
  }

  /// Serves all whose time has come. Gives the seconds until the next; nil when none waits.
  private func serve() -> Double? {
    while true {
      let step = state.withLock { state -> (Waiter, Permit)? in
        let now = clock.now()
        guard !state.isEmpty, state.nextSlot <= now else { return nil }
        return (state.pop(), state.grant(now: now, waited: true))
      }
      guard let (waiter, permit) = step else { break }
      waiter.continuation.resume(returning: permit)
    }
    return state.withLock { state in
      state.pumping = !state.isEmpty
      return state.isEmpty ? nil : max(0, state.nextSlot - clock.now())
    }
  }
}
