import CanonicalJSON

/// Tries calls again, where that can help and can do no harm.
struct RetryingSender: AWSSender {
  let next: any AWSSender
  let policy: RetryPolicy
  let clock: any AWSClock
  /// Gives something in 0..<1.
  let random: @Sendable () -> Double

  func send(_ call: AWSCall) async throws -> AWSReply {
    var state = RetryState(policy: policy, operation: call.operation, begin: clock.now())
    while true {
      do {
        return counted(try await next.send(call), state)
      } catch let failure as AWSFailure {
        switch state.decide(failure, now: clock.now(), random: random()) {
        case .fail(let failure): throw failure
        case .done: return counted(AWSReply(content: .value([:])), state)
        case .again(let seconds): try await clock.sleep(seconds: seconds)
        }
      }
    }
  }

  private func counted(_ reply: AWSReply, _ state: RetryState) -> AWSReply {
    var reply = reply
    reply.attempts = state.attempts
    reply.followsLostAnswer = state.lostAnswer
    return reply
  }
}
