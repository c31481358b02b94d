import Foundation

/// The time and the passing of it, given from outside so that tests need not wait.
public protocol AWSClock: Sendable {
  /// Seconds since some fixed instant, never going back.
  func now() -> Double
  /// Seconds since 1970, as the system has it: may be wrong and may jump.
  func wallTime() -> Double
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  func sleep(seconds: Double) async throws
}

/// The system's clocks.
public struct SystemClock: AWSClock {
  /// Holds no state.
  public init() {}

  /// `CLOCK_MONOTONIC`.
  public func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// `CLOCK_REALTIME`.
  public func wallTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// `Task.sleep`; nothing for negative times.
  public func sleep(seconds: Double) async throws {
    try await Task.sleep(for: .seconds(max(0, seconds)))
  }
}
