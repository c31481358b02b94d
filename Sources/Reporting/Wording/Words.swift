/// What things are called in reports.
enum Words {
  private static let kinds: [String: (one: String, many: String)] = [
    "settings": ("settings", "settings"),
    "location": ("registered location", "registered locations"),
    "lf-tag": ("LF-Tag", "LF-Tags"),
    "lf-tag-expression": ("LF-Tag expression", "LF-Tag expressions"),
    "opt-in": ("opt-in", "opt-ins"),
    "identity-center": ("IAM Identity Center", "IAM Identity Centers"),
    "partition-index": ("partition index", "partition indexes"),
    "encryption-settings": ("encryption settings", "encryption settings"),
    "resource-policy": ("resource policy", "resource policies"),
    "share-policy": ("share policy", "share policies"),
    "database-tags": ("database's AWS tags", "databases' AWS tags"),
    "user-defined-function": ("user-defined function", "user-defined functions"),
    "column-statistics": ("column statistic", "column statistics"),
    "partition-statistics": ("partition column statistic", "partition column statistics"),
    "data-cells-filter": ("data cells filter", "data cells filters"),
    "policy": ("policy", "policies"),
    "registry": ("schema registry", "schema registries"),
    "named-query": ("named query", "named queries"),
    "data-catalog": ("Athena data catalog", "Athena data catalogs"),
  ]

  /// A kind of record, in the singular or the plural.
  static func kind(_ name: String, count: Int = 1) -> String {
    if let known = kinds[name] { return count == 1 ? known.one : known.many }
    let words = name.split(separator: "-").joined(separator: " ")
    return count == 1 ? words : "\(words)s"
  }

  /// A count with its noun: `1 table`, `1,512 partitions`.
  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(Figures.count(count)) \(count == 1 ? one : many ?? "\(one)s")"
  }

  /// The text with its blanks such that no line ends at them.
  static func whole(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "\u{A0}")
  }

  /// An account as its id and name.
  static func account(_ id: String, _ names: [String: String]) -> String {
    names[id].map { "\(id) \($0)" } ?? id
  }

  /// The first few of some texts, and how many more there are.
  static func first(_ limit: Int, of texts: [String]) -> String {
    let shown = texts.prefix(limit).joined(separator: ", ")
    return texts.count > limit ? "\(shown) and \(Figures.count(texts.count - limit)) more" : shown
  }

  /// A moment as people read it: `2026-11-23 02:00:12 UTC`. A text of another form stays.
  static func moment(_ text: String) -> String {
    guard text.utf8.count >= 20, text.hasSuffix("Z") else { return text.isEmpty ? "unknown" : text }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }

  /// Seconds since 1970 of a time in RFC 3339 and UTC; nil for another text.
  static func seconds(of text: String) -> Double? {
    guard text.hasSuffix("Z"), text.utf8.count >= 20 else { return nil }
    let fields = text.dropLast().prefix(19)
      .split(whereSeparator: { "-T:".contains($0) }).compactMap { Int($0) }
    guard fields.count == 6, (1...12).contains(fields[1]) else { return nil }
    let days = daysSince1970(year: fields[0], month: fields[1], day: fields[2])
    return Double(((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5])
  }

  /// Counts by whole years, which begin in March so that the leap day comes last.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719468
  }
}
