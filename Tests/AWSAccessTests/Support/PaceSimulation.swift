@testable import AWSAccess

/// Many callers that always want more, against a service that allows `limit` calls a second from
/// a bucket of tokens: in simulated time.
struct PaceSimulation {
  /// Calls a second that the service allows at a time in seconds.
  var limit: (Double) -> Double
  /// Seconds of calls that the bucket holds.
  var bucket = 1.0
  var latency = 0.03
  /// Calls a second that the service can work through, allowed or not: one after the other.
  var capacity = Double.infinity
  /// Calls that can be under way at once.
  var callers = Int.max
  var model = PaceModel()

  struct Outcome {
    var good = 0
    var throttled = 0
    var rateAtEnd = 0.0

    var throttledShare: Double { Double(throttled) / Double(max(1, good + throttled)) }
  }

  private struct Call {
    let sent: Double
    let answered: Double
    let generation: Int
    let waited: Bool
    let good: Bool
  }

  /// Counts the answers to calls that are sent between `warmUp` and `end`.
  func run(warmUp: Double, end: Double) -> Outcome {
    var model = model
    var outcome = Outcome()
    var tokens = limit(0) * bucket
    var filled = 0.0
    var time = 0.0
    var worked = 0.0
    // Nothing was sent before: so many may go at once.
    var ready = model.burst
    var flight: [Call] = []
    var first = 0
    while time < end {
      // With no caller free, the turn of the next one comes and nobody takes it.
      let isIdle = flight.count - first >= callers
      if isIdle { time = max(time, flight[first].answered) }
      while first < flight.count, flight[first].answered <= time {
        answer(flight[first], to: &model)
        first += 1
      }
      let allowed = limit(time)
      worked = max(worked, time) + 1 / capacity
      tokens = min(max(1, allowed * bucket), tokens + (worked - filled) * allowed)
      filled = worked
      let good = tokens >= 1
      if good { tokens -= 1 }
      if time >= warmUp { good ? (outcome.good += 1) : (outcome.throttled += 1) }
      let generation = model.sent(now: time)
      flight.append(
        Call(
          sent: time, answered: worked + latency, generation: generation, waited: !isIdle,
          good: good))
      let step = ready >= 1 ? 0 : 1 / model.rate
      ready -= 1
      if !isIdle { model.use(seconds: step) }
      time += step
    }
    outcome.rateAtEnd = model.rate
    return outcome
  }

  private func answer(_ call: Call, to model: inout PaceModel) {
    if call.good {
      model.succeeded(waited: call.waited, latency: call.answered - call.sent)
    } else {
      model.throttled(generation: call.generation, now: call.answered)
    }
  }
}
