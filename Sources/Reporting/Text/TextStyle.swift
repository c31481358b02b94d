/// How text is laid out for whoever reads it.
public struct TextStyle: Sendable, Hashable {
  /// Whether tones are shown by ANSI colours. Nothing is said by colour alone.
  public var color: Bool
  /// No line is longer than this many columns.
  public var width: Int

  /// - Parameter width: taken as 80 where it is not positive, and never below 20.
  public init(color: Bool, width: Int) {
    self.color = color
    self.width = width > 0 ? max(20, width) : 80
  }
}

/// What a piece of text means, which colour may underline.
enum Tone: Sendable, Hashable {
  case plain, strong, faint, good, warning, bad

  /// The numbers of the ANSI sequence.
  fileprivate var code: String? {
    switch self {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .warning: "33"
    case .bad: "1;31"
    }
  }
}

/// A piece of text in one tone.
struct Ink: Sendable, Hashable, ExpressibleByStringInterpolation {
  var text: String
  var tone: Tone

  init(_ text: String, _ tone: Tone = .plain) {
    self.text = Printable.clean(text)
    self.tone = tone
  }

  init(stringLiteral value: String) { self.init(value) }

  func painted(in style: TextStyle) -> String {
    guard style.color, let code = tone.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
