@testable import AWSAccess

/// Many callers that always want more, against a service that allows `limit` calls a second from
/// a bucket of tokens: in simulated time.
struct PaceSimulation {
  /// Calls a second that the service allows at a time in seconds.
  var limit: (Double) -> Double
  /// Seconds of calls that the bucket holds.
  var bucket = 1.0
  var latency = 0.03
  var model = PaceModel()

  struct Outcome {
    var good = 0
    var throttled = 0
    var rateAtEnd = 0.0

    var throttledShare: Double { Double(throttled) / Double(max(1, good + throttled)) }
  }

  /// Counts the answers to calls that are sent between `warmUp` and `end`.
  func run(warmUp: Double, end: Double) -> Outcome {
    var model = model
    var outcome = Outcome()
    var tokens = limit(0) * bucket
    var filled = 0.0
    var time = 0.0
    var flight: [(answered: Double, generation: Int, good: Bool)] = []
    var first = 0
    while time < end {
      while first < flight.count, flight[first].answered <= time {
        if flight[first].good {
          model.succeeded()
        } else {
          model.throttled(generation: flight[first].generation, now: flight[first].answered)
        }
        first += 1
      }
      let allowed = limit(time)
      tokens = min(max(1, allowed * bucket), tokens + (time - filled) * allowed)
      filled = time
      let good = tokens >= 1
      if good { tokens -= 1 }
      if time >= warmUp { good ? (outcome.good += 1) : (outcome.throttled += 1) }
      flight.append((time + latency, model.generation, good))
      let step = 1 / model.rate
      model.use(seconds: step)
      time += step
    }
    outcome.rateAtEnd = model.rate
    return outcome
  }
}
