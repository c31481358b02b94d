/// What is tried again, how often, and after which pauses.
public struct RetryPolicy: Sendable {
  /// Tries of one call, the first included: `AWS_MAX_ATTEMPTS`.
  public var maxAttempts = 10
  /// Seconds after its beginning at which a call is no longer repeated.
  public var bound = 300.0
  /// Upper ends of the first pause, which doubles from try to try up to `longest`. Seconds.
  public var firstPause = 0.1
  /// The same after a throttled try.
  public var firstPauseWhenThrottled = 0.5
  /// What no doubled pause exceeds. Seconds.
  public var longestPause = 20.0
  /// A service that asks for more than this is asked again sooner. Seconds.
  public var longestRetryAfter = 60.0

  /// Ten tries within five minutes.
  public init() {}

  /// Full jitter: anything between nothing and the doubled pause, never less than the service
  /// asks for. `random` lies in 0..<1.
  public func pause(
    before attempt: Int, category: AWSFailure.Category, retryAfter: Double?, random: Double
  ) -> Double {
    let first = category == .throttled ? firstPauseWhenThrottled : firstPause
    var longest = first
    for _ in 2..<max(3, min(attempt, 40)) { longest *= 2 }
    if attempt <= 2 { longest = first }
    return max(min(longest, longestPause) * random, min(retryAfter ?? 0, longestRetryAfter))
  }
}

/// The tries of one call so far, and what to do after the next failure.
struct RetryState {
  enum Decision {
    case fail(AWSFailure)
    case again(after: Double)
    /// The failure says that an earlier try was carried out.
    case done
  }

  let policy: RetryPolicy
  let operation: AWSOperation
  let begin: Double
  private(set) var attempts = 1
  private(set) var lostAnswer = false
  private var renewals = 0

  init(policy: RetryPolicy, operation: AWSOperation, begin: Double) {
    self.policy = policy
    self.operation = operation
    self.begin = begin
  }

  /// - Parameters:
  ///   - now: Seconds on the clock of `begin`.
  ///   - random: Something in 0..<1.
  mutating func decide(_ failure: AWSFailure, now: Double, random: Double) -> Decision {
    if lostAnswer, saysDone(failure) { return .done }
    let lost = failure.mayHaveHappened && operation.effect != .read
    var final = failure
    final.attempts = attempts
    final.mayHaveHappened = failure.mayHaveHappened || lostAnswer
    guard mayRepeat(failure, lost: lost), attempts < policy.maxAttempts else {
      return .fail(final)
    }
    let pause = pause(failure, random: random)
    guard now - begin + pause <= policy.bound else { return .fail(final) }
    attempts += 1
    lostAnswer = lostAnswer || lost
    return .again(after: pause)
  }

  /// A creation that exists already, a removal of what is gone: our own lost try did it. Batches
  /// tell the same for each entry, and are looked through by whoever sent them.
  private func saysDone(_ failure: AWSFailure) -> Bool {
    guard operation.batch == nil else { return false }
    if operation.refusesTwins, failure.isAlreadyExists { return true }
    return failure.isNotFound
      && ["Delete", "Deregister", "Revoke"].contains(where: operation.name.hasPrefix)
  }

  private mutating func mayRepeat(_ failure: AWSFailure, lost: Bool) -> Bool {
    switch failure.category {
    case .final: return false
    case .throttled: return true
    case .transient: return !lost || operation.effect == .idempotentWrite || operation.refusesTwins
    case .clockSkew, .expiredCredentials:
      renewals += 1
      return renewals <= 3
    }
  }

  private func pause(_ failure: AWSFailure, random: Double) -> Double {
    switch failure.category {
    case .clockSkew, .expiredCredentials: 0
    default:
      policy.pause(
        before: attempts + 1, category: failure.category, retryAfter: failure.retryAfter,
        random: random)
    }
  }
}
