import Foundation

/// Times as AWS and HTTP write them. Seconds since 1970 throughout.
enum Timestamps {
  /// `20260102T030405Z`, the form of `X-Amz-Date`.
  static func basic(_ seconds: Double) -> String {
    let parts = calendar(seconds)
    return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
      + "T" + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2) + "Z"
  }

  /// `2026-01-02T03:04:05Z`, to the second.
  static func seconds(_ seconds: Double) -> String {
    let parts = calendar(seconds)
    let day = [parts.tm_mon + 1, parts.tm_mday].map { digits($0, 2) }
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits($0, 2) }
    return "\(digits(parts.tm_year + 1900, 4))-\(day.joined(separator: "-"))"
      + "T\(clock.joined(separator: ":"))Z"
  }

  /// `20260102`, the day of a signature's scope.
  static func day(_ seconds: Double) -> String {
    let parts = calendar(seconds)
    return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
  }

  /// Reads `Mon, 02 Jan 2026 03:04:05 GMT`; nil for anything else.
  static func http(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
      let day = Int(parts[1]), let year = Int(parts[3])
    else { return nil }
    return seconds(year, month + 1, day, clock: parts[4].split(separator: ":").map(String.init))
  }

  /// Reads `2026-01-02T03:04:05Z`, with fractions and offsets such as `+01:00`; `UTC` at the end
  /// is taken as well, as old versions of the AWS CLI write it.
  static func iso8601(_ text: String) -> Double? {
    let halves = text.replacingOccurrences(of: "UTC", with: "Z").split(separator: "T")
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-").compactMap { Int($0) }
    guard date.count == 3 else { return nil }
    var clock = String(halves[1])
    var offset = 0.0
    if clock.hasSuffix("Z") {
      clock.removeLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = clock[clock.index(after: sign)...].filter(\.isNumber).compactMap(
        \.wholeNumberValue)
      guard digits.count == 4 else { return nil }
      let minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
      offset = Double(minutes * 60) * (clock[sign] == "-" ? -1 : 1)
      clock = String(clock[..<sign])
    }
    return seconds(date[0], date[1], date[2], clock: clock.split(separator: ":").map(String.init))
      .map { $0 - offset }
  }

  /// Reads `2026-01-02T03:04:05.678Z`, as S3's listings have it, from its bytes, at once; nil for any
  /// other form.
  static func listed(_ text: ArraySlice<UInt8>) -> Double? {
    let form: StaticString = "0000-00-00T00:00:00.000Z"
    guard text.count == form.utf8CodeUnitCount else { return nil }
    var numbers = (0, 0, 0, 0, 0, 0)
    for (offset, byte) in text.enumerated() {
      guard form.utf8Start[offset] == UInt8(ascii: "0") else {
        guard byte == form.utf8Start[offset] else { return nil }
        continue
      }
      let digit = Int(byte) - 0x30
      guard (0...9).contains(digit) else { return nil }
      switch offset {
      case ..<4: numbers.0 = numbers.0 * 10 + digit
      case ..<7: numbers.1 = numbers.1 * 10 + digit
      case ..<10: numbers.2 = numbers.2 * 10 + digit
      case ..<13: numbers.3 = numbers.3 * 10 + digit
      case ..<16: numbers.4 = numbers.4 * 10 + digit
      default: numbers.5 = numbers.5 * 10 + digit
      }
    }
    let (year, month, day, hour, minute, milliseconds) = numbers
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    // Days since 1970, by years that begin in March.
    let (shifted, place) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * place + 2) / 5 + day - 1
      - 719_468
    return Double((days * 24 + hour) * 60 * 60 + minute * 60) + Double(milliseconds) / 1000
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func calendar(_ seconds: Double) -> tm {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    return parts
  }

  private static func seconds(_ year: Int, _ month: Int, _ day: Int, clock: [String]) -> Double? {
    guard clock.count == 3, let hour = Int32(clock[0]), let minute = Int32(clock[1]),
      let second = Double(clock[2]), (1...12).contains(month), (1...31).contains(day),
      (1970...9999).contains(year)
    else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = hour
    parts.tm_min = minute
    return Double(timegm(&parts)) + second
  }

  /// The number's last `width` digits, at most eight, with zeros in front.
  private static func digits(_ number: Int32, _ width: Int) -> String {
    String(unsafeUninitializedCapacity: 8) { text in
      var rest = number
      for place in (0..<width).reversed() {
        text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      return width
    }
  }
}
