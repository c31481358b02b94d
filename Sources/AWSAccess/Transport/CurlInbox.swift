import CCurl

/// What other threads ask of the transfer thread, and the only state that they share.
final class CurlInbox: Sendable {
  struct Job: Sendable {
    let id: UInt64
    let request: HTTPRequest
    let continuation: CheckedContinuation<HTTPResponse, any Error>

    /// Answers a request that will not be carried.
    func refuse() {
      continuation.resume(
        throwing: HTTPFailure(
          code: 0, message: "the transport is shut down", mayHaveBeenSent: false, canPass: false))
    }
  }

  enum Command: Sendable {
    case start(Job)
    case cancel(UInt64)
    /// There is room for answers that had none.
    case resume
  }

  private struct State {
    var commands: [Command] = []
    var closed = false
    var finished = false
    var lastID: UInt64 = 0
  }

  // The pointer never changes, and `curl_multi_wakeup`, its only use from other threads, is made
  // for that. It is freed by the last reference, when the transfer thread has ended.
  nonisolated(unsafe) let multi: UnsafeMutableRawPointer?
  private let state = Locked(State())

  init() {
    multi = curl_multi_init()
  }

  deinit {
    curl_multi_cleanup(multi)
  }

  func nextID() -> UInt64 {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  func add(_ command: Command) {
    let taken = state.withLock { state in
      if !state.finished { state.commands.append(command) }
      return !state.finished
    }
    if taken {
      curl_multi_wakeup(multi)
    } else if case .start(let job) = command {
      job.refuse()
    }
  }

  func close() {
    state.withLock { $0.closed = true }
    curl_multi_wakeup(multi)
  }

  /// The commands since the last time; nil when the inbox is closed. After nil nothing more is
  /// taken, and what was waiting is refused.
  func take() -> [Command]? {
    let (commands, closed) = state.withLock { state in
      defer { state.commands.removeAll() }
      state.finished = state.closed
      return (state.commands, state.closed)
    }
    guard closed else { return commands }
    for case .start(let job) in commands { job.refuse() }
    return nil
  }
}
