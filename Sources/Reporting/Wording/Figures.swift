/// How numbers are written for people. Nothing here depends on the machine's locale.
enum Figures {
  /// A count with its thousands set apart: `1,512`.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number with one decimal at most: `4.2`, `4`.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "?" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, tenth) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return tenth == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(tenth)"
  }

  /// A size in decimal units: `812 B`, `1.2 MB`.
  static func bytes(_ value: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var size = Double(value)
    var unit = 0
    while abs(size) >= 999.95, unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    return unit == 0 ? "\(value) B" : "\(decimal(size)) \(units[unit])"
  }

  /// A share of a whole in words that never claim more than is true: `<1%`, `42%`, `>99%`.
  static func percent(_ part: Double, of whole: Double) -> String {
    guard whole > 0, part.isFinite, whole.isFinite, part >= 0 else { return "?" }
    let share = part / whole * 100
    if share > 0, share < 1 { return "<1%" }
    if share > 99, share < 100 { return ">99%" }
    return share < 1e6 ? "\(Int(share.rounded()))%" : ">1000000%"
  }
}

// MARK: - Durations

extension Figures {
  /// A length of time in two units at most: `850 ms`, `4.2 s`, `3 min 12 s`, `1 h 04 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "unknown" }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 59.95 { return "\(decimal(seconds)) s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return units(whole, 60, "min", 1, "s") }
    if whole < 48 * 3600 { return units(whole + 30, 3600, "h", 60, "min") }
    return units(whole + 1800, 86400, "d", 3600, "h")
  }

  private static func units(
    _ value: Int, _ large: Int, _ largeName: String, _ small: Int, _ smallName: String
  ) -> String {
    let rest = value % large / small
    let head = "\(value / large) \(largeName)"
    guard rest > 0 else { return head }
    return "\(head) \(rest < 10 ? "0" : "")\(rest) \(smallName)"
  }
}
