/// A place in the file; both count from 1, columns in characters.
struct Mark: Sendable, Equatable {
  var line: Int
  var column: Int

  static let start = Mark(line: 1, column: 1)
}

/// A problem at a place, before it is known which file it is in.
struct Complaint: Error {
  let mark: Mark
  let message: String

  init(_ mark: Mark, _ message: String) {
    self.mark = mark
    self.message = message
  }
}

/// A value of the YAML document with the place where it begins.
struct YAMLNode {
  enum Content {
    case scalar(String, plain: Bool)
    case list([YAMLNode])
    case map([Entry])
  }

  struct Entry {
    let key: String
    let keyMark: Mark
    let value: YAMLNode
  }

  let mark: Mark
  let content: Content

  /// Whether nothing was written: `key:`, `key: ~` or `key: null`.
  var isNull: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What was found, for messages.
  var found: String {
    switch content {
    case _ where isNull: "nothing"
    case .scalar(let text, _): "\"\(shortened(text))\""
    case .list: "a list"
    case .map: "a mapping"
    }
  }
}

/// A text fit for one line of a message: cut when long, control characters made visible.
func shortened(_ text: String) -> String {
  let limit = 60
  let head = text.unicodeScalars.prefix(limit).map { scalar in
    scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return head.joined() + (text.unicodeScalars.count > limit ? "…" : "")
}
