/// Text from elsewhere, made safe to show.
enum Printable {
  /// The text on one line, without anything that a terminal or a browser would obey: control
  /// characters, and marks that turn the direction of writing.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: mustGo) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": clean.append(" ")
      case "\r": continue
      default: clean.append(mustGo(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(clean)
  }

  private static func mustGo(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// How many columns of a terminal a text takes.
  static func columns(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + columns($1) }
  }

  /// How many columns a character takes: two for those of East Asia and for emoji.
  static func columns(_ character: Character) -> Int {
    character.unicodeScalars.map(columns).max() ?? 0
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// The text, cut to so many columns with an ellipsis where it is longer.
  static func cut(_ text: String, to width: Int) -> String {
    let text = clean(text)
    guard columns(text) > width else { return text }
    var kept = ""
    var used = 0
    for character in text {
      used += columns(character)
      guard used < width else { break }
      kept.append(character)
    }
    return width > 0 ? kept + "…" : ""
  }

  /// The text with blanks up to so many columns.
  static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - columns(text)))
    return right ? blanks + text : text + blanks
  }
}
