/// When it is time to say how far a run is: ten times a second on a terminal, where lines are drawn over
/// one another, and once a minute elsewhere, where each stays.
public struct ProgressPace: Sendable {
  private let isTerminal: Bool
  private var last: Double

  /// - Parameter start: in seconds, on the clock of `isDue`. Nothing is due before an interval has passed.
  public init(isTerminal: Bool, start: Double) {
    self.isTerminal = isTerminal
    last = start
  }

  /// Whether to say it now; the next time counts from then.
  /// - Parameter isNews: whether something has come to an end, which a terminal shows at once.
  public mutating func isDue(at seconds: Double, isNews: Bool = false) -> Bool {
    guard seconds - last >= (isTerminal ? 0.1 : 60) || (isNews && isTerminal) else { return false }
    last = seconds
    return true
  }
}
