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
  /// How far below the plateau the last cut went, as a part of it.
  private var depth = 0.0
  /// Seconds of use since the last cut.
  private var used = 0.0
  private var lastCut = -Double.infinity
  private var streak = 0

  /// Cuts that follow close upon one another become deeper.
  private static let cuts = [0.92, 0.9, 0.8, 0.65, 0.5]
  private static let slowest = 0.2
  private static let fastest = 5_000.0

  /// `start` in calls a second.
  public init(start: Double = 20) {
    rate = start
  }

  /// Calls that may go out at once after a pause, beside the one whose turn it is.
  public var burst: Double { rate / 20 }

  /// Time in which callers waited for this pacer. Seconds.
  public mutating func use(seconds: Double) {
    guard let plateau else { return }
    used += min(seconds, 1)
    let recovery = max(3, 80 / plateau)
    let distance = (used - recovery) / recovery
    let part = distance < 0 ? depth : 0.05
    rate = bounded(plateau * (1 + part * distance * distance * distance))
  }

  /// A good answer to a call that had to wait for its turn.
  public mutating func succeeded() {
    if plateau == nil { rate = bounded(rate + 2) }
  }

  /// A throttled answer to a call of `generation`. `now` in seconds.
  public mutating func throttled(generation: Int, now: Double) {
    guard generation == self.generation else { return }
    streak = now - lastCut < max(0.3, 3 / rate) ? min(streak + 1, Self.cuts.count - 1) : 0
    let before = rate
    rate = bounded(rate * Self.cuts[streak])
    // The limit lies between the two; close above the lower one when it was met slowly.
    plateau = streak == 0 ? max(rate, before * 0.96) : before
    depth = 1 - rate / (plateau ?? before)
    used = 0
    lastCut = now
    self.generation += 1
  }

  private func bounded(_ rate: Double) -> Double {
    min(max(rate, Self.slowest), Self.fastest)
  }
}
