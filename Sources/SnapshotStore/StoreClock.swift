/// The time of day and a way to wait, from whoever calls: nothing here reads a clock.
public struct StoreClock: Sendable {
  /// The time of day.
  public let now: @Sendable () -> UTCTime
  /// Waits so many seconds. Throws `CancellationError`.
  public let sleep: @Sendable (Double) async throws -> Void
  /// Is told, once, why something waits.
  public let isWaiting: @Sendable (String) -> Void

  /// - Parameter isWaiting: takes one sentence, for people.
  public init(
    now: @escaping @Sendable () -> UTCTime,
    sleep: @escaping @Sendable (Double) async throws -> Void,
    isWaiting: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.now = now
    self.sleep = sleep
    self.isWaiting = isWaiting
  }
}
