import Foundation

/// Learns how many calls a second a service allows: the arithmetic alone, without clock or queue.
///
/// It grows sevenfold a second until the first throttling, then keeps near the rate at which that happened: a
/// little below it at first, back to it along a cubic, and past it ever faster, so that a raised
/// limit is found. Time counts only while callers wait, for a rate that nobody uses proves
/// nothing.
public struct PaceModel: Sendable {
  /// Calls a second that may be sent now.
  public private(set) var rate: Double
  /// Counts the cuts. A call carries the generation in which it was sent: what was on its way
  /// when the rate was cut must not cut it again.
  public private(set) var generation = 0

  /// The rate to come back to; nil before the first throttling.
  private var plateau: Double?
  /// How often in a row a limit was met where the one before had been. The better a limit is known, the
  /// more seldom it is looked for.
  private var sightings = 0
  /// How far below the plateau the last cut went, as a part of it.
  private var depth = 0.0
  /// Seconds of use since the last cut.
  private var used = 0.0
  private var lastCut = -Double.infinity
  private var streak = 0
  /// What was really sent lately; nil while too little was. Calls a second.
  private var sending: Double?
  private var windowStart = -Double.infinity
  private var sentInWindow = 0.0
  /// How long an answer takes, smoothed. Seconds.
  private var latency = 0.0

  /// Cuts that follow close upon one another become deeper.
  private static let cuts = [0.92, 0.9, 0.8, 0.65, 0.5]
  private static let firstBurst = 10.0
  private static let mostSightings = 3
  /// Limits that differ by so much are taken for one.
  private static let sameLimit = 0.06
  private static let slowest = 0.2
  private static let fastest = 5_000.0

  /// `start` in calls a second.
  public init(start: Double = 20) {
    rate = start
  }

  /// Calls that may go out at once after a pause, beside the one whose turn it is. Services keep some
  /// in store for a caller who was quiet; until one refuses, that is made use of.
  public var burst: Double { plateau == nil ? max(Self.firstBurst, rate / 20) : rate / 20 }

  /// A call goes out. `now` in seconds.
  ///
  /// What may be sent and what is sent differ where the callers, the line or the service are slower
  /// than the rate allows: a limit is met at the latter.
  /// - Returns: the generation to report its answer with.
  public mutating func sent(now: Double) -> Int {
    if now - windowStart > 5 {
      windowStart = now
      sentInWindow = 0
    }
    sentInWindow += 1
    let elapsed = now - windowStart
    if elapsed >= 0.5, sentInWindow >= 10 {
      sending = sentInWindow / elapsed
      windowStart = now
      sentInWindow = 0
    }
    // Until the calls from before a cut are answered, those behind them are no proof against it.
    return now - lastCut < latency ? generation - 1 : generation
  }

  /// Time in which callers waited for this pacer. Seconds.
  public mutating func use(seconds: Double) {
    guard let plateau else { return }
    used += min(seconds, 1)
    let recovery = max(3, 80 / plateau) * (1 + Double(sightings) / 2)
    let distance = (used - recovery) / recovery
    let part = distance < 0 ? depth : 0.05
    rate = bounded(plateau * (1 + part * distance * distance * distance))
  }

  /// A good answer, `latency` seconds after its call went out.
  ///
  /// - Parameter waited: whether the call had to wait for its turn.
  public mutating func succeeded(waited: Bool, latency: Double) {
    self.latency += (latency - self.latency) / 16
    if plateau == nil, waited { rate = bounded(rate + 2) }
  }

  /// A throttled answer to a call of `generation`. `now` in seconds.
  public mutating func throttled(generation: Int, now: Double) {
    guard generation == self.generation else { return }
    let soon = max(0.3, 3 / rate) + latency
    streak = now - lastCut < soon ? min(streak + 1, Self.cuts.count - 1) : 0
    let before = min(rate, sending.map { $0 * 1.05 } ?? rate)
    rate = bounded(before * Self.cuts[streak])
    // The limit lies between the two; close above the lower one when it was met slowly.
    let met = streak == 0 ? max(rate, before * 0.96) : before
    let isSame = plateau.map { abs($0 - met) <= $0 * Self.sameLimit } ?? false
    sightings = streak == 0 && isSame ? min(sightings + 1, Self.mostSightings) : 0
    plateau = met
    depth = 1 - rate / met
    used = 0
    lastCut = now
    self.generation += 1
    sending = nil
    windowStart = -.infinity
  }

  private func bounded(_ rate: Double) -> Double {
    min(max(rate, Self.slowest), Self.fastest)
  }
}
