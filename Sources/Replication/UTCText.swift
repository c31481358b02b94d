import Foundation

/// Times as texts, to the second.
enum UTCText {
  /// `2026-11-24T02:00:00Z`.
  /// - Parameter seconds: since 1970.
  static func text(_ seconds: Double) -> String {
    var time = time_t(seconds.rounded(.down))
    var parts = tm()
    gmtime_r(&time, &parts)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map(padded)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded)
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":"))Z"
  }

  private static func padded(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
