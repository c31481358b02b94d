/// A moment, to the millisecond. The caller reads the clock: nothing here does.
public struct UTCTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since the beginning of 1970, UTC, without leap seconds.
  public let milliseconds: Int64

  /// - Parameter milliseconds: since the beginning of 1970, UTC.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Reads `2026-11-23T02:00:00.000Z`. Seconds and their fraction may be left out, digits beyond
  /// the millisecond are dropped, and an offset such as `+01:00` may stand for the `Z`.
  /// - Returns: nil for any other text, and for dates that no calendar has.
  public init?(_ text: String) {
    var scanner = Scanner(rest: Array(text.utf8)[...])
    guard let milliseconds = scanner.moment() else { return nil }
    self.milliseconds = milliseconds
  }

  /// Reads `20261123T020000Z`, as ids of snapshots begin.
  init?(compact text: String) {
    let digits = text.map(String.init)
    guard digits.count == 16, digits[8] == "T", digits[15] == "Z" else { return nil }
    func part(_ range: Range<Int>) -> String { digits[range].joined() }
    self.init(
      "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T"
        + "\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
  }

  /// Whether `left` is earlier.
  public static func < (left: UTCTime, right: UTCTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// `2026-11-23T02:00:00.000Z`.
  public var description: String {
    let day = self.day
    let date = "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    let (hour, minute, second) = clock
    let millisecond = milliseconds - milliseconds.flooredDivision(by: 1000) * 1000
    return "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
      + ".\(padded(Int(millisecond), 3))Z"
  }

  /// `20261123T020000Z`, as ids of snapshots begin.
  var compact: String {
    let day = self.day
    let (hour, minute, second) = clock
    return padded(day.year, 4) + padded(day.month, 2) + padded(day.day, 2) + "T"
      + padded(hour, 2) + padded(minute, 2) + padded(second, 2) + "Z"
  }

  /// Whole days since the beginning of 1970.
  var dayNumber: Int { Int(milliseconds.flooredDivision(by: 86_400_000)) }

  /// The date in the Gregorian calendar.
  var day: (year: Int, month: Int, day: Int) { civil(fromDay: dayNumber) }

  private var clock: (hour: Int, minute: Int, second: Int) {
    let seconds = Int(milliseconds.flooredDivision(by: 1000)) - dayNumber * 86_400
    return (seconds / 3600, seconds / 60 % 60, seconds % 60)
  }
}

private struct Scanner {
  var rest: ArraySlice<UInt8>

  mutating func moment() -> Int64? {
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
      skip("T") || skip("t") || skip(" "), let hour = number(2), skip(":"),
      let minute = number(2), let (second, millisecond) = seconds(), let offset = zone(),
      rest.isEmpty, hour < 24, minute < 60, second < 60
    else { return nil }
    let days = dayNumber(year: year, month: month, day: day)
    guard civil(fromDay: days) == (year, month, day) else { return nil }
    let minutes = Int64(days) * 1440 + Int64(hour * 60 + minute - offset)
    return minutes * 60_000 + Int64(second * 1000 + millisecond)
  }

  private mutating func seconds() -> (Int, Int)? {
    guard skip(":") else { return (0, 0) }
    guard let second = number(2) else { return nil }
    guard skip(".") else { return (second, 0) }
    var digits = 0
    var millisecond = 0
    while let digit = number(1) {
      if digits < 3 { millisecond = millisecond * 10 + digit }
      digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in min(digits, 3)..<3 { millisecond *= 10 }
    return (second, millisecond)
  }

  /// Minutes east of Greenwich.
  private mutating func zone() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let east = skip("+")
    guard east || skip("-"), let hours = number(2), skip(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    return (east ? 1 : -1) * (hours * 60 + minutes)
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func number(_ digits: Int) -> Int? {
    let text = rest.prefix(digits)
    let all = text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard text.count == digits, all else { return nil }
    rest.removeFirst(digits)
    return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}

/// Days since the beginning of 1970. The year is taken to begin in March, so that the leap day
/// is its last.
private func dayNumber(year: Int, month: Int, day: Int) -> Int {
  let shifted = month > 2 ? year : year - 1
  let era = shifted.flooredDivision(by: 400)
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDay number: Int) -> (year: Int, month: Int, day: Int) {
  let shifted = number + 719_468
  let era = shifted.flooredDivision(by: 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension BinaryInteger {
  /// Rounded towards minus infinity.
  func flooredDivision(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor != 0 && (self < 0) != (divisor < 0) ? quotient - 1 : quotient
  }
}
