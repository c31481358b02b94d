/// By how much the services' clocks are ahead of the system's, learned from their refusals.
final class ClockSkew: Sendable {
  private let offsets = Locked<[String: Double]>([:])
  private let log: AWSLog

  init(log: AWSLog) {
    self.log = log
  }

  /// Seconds to add to the system's time for requests to a host; 0 until its clock is known.
  func offset(of host: String) -> Double {
    offsets.withLock { $0[host] ?? 0 }
  }

  /// The offset that lies farthest from 0: every AWS service keeps good time, so this is ours.
  var largest: Double {
    offsets.withLock { $0.values.max { abs($0) < abs($1) } ?? 0 }
  }

  /// Takes the time of a refusal, and warns once for each host.
  /// - Parameter used: The offset that the refused request was signed with. Another refusal may have
  ///   taught a better one since.
  /// - Returns: Whether the time differs from what the request was signed with, so that signing
  ///   again can help.
  func learn(
    _ failure: AWSFailure, from host: String, used: Double, clock: any AWSClock
  ) -> Bool {
    guard let serverTime = failure.serverTime else { return false }
    let offset = serverTime - clock.wallTime()
    let before = offsets.withLock { offsets in
      defer { offsets[host] = offset }
      return offsets[host]
    }
    if before == nil, abs(offset) >= 60 {
      let direction = offset < 0 ? "ahead" : "behind"
      log.warn(
        "the system clock is \(Int(abs(offset))) seconds \(direction) of \(host): corrected for")
    }
    return abs(offset - used) >= 30
  }
}
