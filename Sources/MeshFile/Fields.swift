import Spelling

/// The values of a mapping whose keys are known beforehand.
struct Fields {
  private let mark: Mark
  private let section: String?
  private let values: [String: YAMLNode]

  /// Refuses a key that is not among the known ones.
  ///
  /// - Parameter section: what errors call the mapping; nil for the file itself.
  init(_ node: YAMLNode, section: String?, keys: [String]) throws(Complaint) {
    mark = node.mark
    self.section = section
    guard !node.isNull else {
      values = [:]
      return
    }
    guard case .map(let entries) = node.content else {
      let name = section.map { "\"\($0)\"" } ?? "a mesh file"
      throw Complaint(
        node.mark, "\(name) must be a mapping (\(keys[0]): …), not \(node.found)")
    }
    for entry in entries where !keys.contains(entry.key) {
      throw Self.unknown(entry, section: section, keys: keys)
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private static func unknown(
    _ entry: YAMLNode.Entry, section: String?, keys: [String]
  ) -> Complaint {
    let place = section.map { " in \"\($0)\"" } ?? ""
    let hint =
      nearestName(to: entry.key, among: keys).map { "did you mean \"\($0)\"?" }
      ?? "known here: \(keys.joined(separator: ", "))"
    return Complaint(entry.keyMark, "unknown key \"\(shortened(entry.key))\"\(place); \(hint)")
  }

  /// The key's value; nil if the key is not there.
  subscript(key: String) -> YAMLNode? { values[key] }

  /// The key's value; refuses a mapping without the key, and a key without a value.
  func required(_ key: String) throws(Complaint) -> YAMLNode {
    guard let node = values[key] else {
      let place = section.map { " in \"\($0)\"" } ?? ""
      throw Complaint(mark, "key \"\(key)\" is missing\(place)")
    }
    guard !node.isNull else { throw Complaint(node.mark, "\"\(key)\" has no value") }
    return node
  }

  /// What `read` makes of the key's value; nil if the key is not there.
  func optional<Value>(
    _ key: String, _ read: (YAMLNode, String) throws(Complaint) -> Value
  ) throws(Complaint) -> Value? {
    guard let node = values[key] else { return nil }
    return try read(node, key)
  }
}

extension YAMLNode {
  /// A text of one line that is not blank.
  ///
  /// - Parameter name: what errors call the value.
  func text(_ name: String) throws(Complaint) -> String {
    guard !isNull else { throw Complaint(mark, "\"\(name)\" has no value") }
    guard case .scalar(let text, _) = content else {
      throw Complaint(mark, "\"\(name)\" must be a text, not \(found)")
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw Complaint(mark, "\"\(name)\" is blank")
    }
    let controls = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    guard !controls else { throw Complaint(mark, "\"\(name)\" must be one line of text") }
    return text
  }

  /// A whole number that is not negative, written without quotes.
  func count(_ name: String) throws(Complaint) -> Int {
    guard case .scalar(let text, plain: true) = content, let number = Int(text),
      (0...100_000).contains(number), String(number) == text
    else { throw Complaint(mark, "\"\(name)\" must be a number such as 7, not \(found)") }
    return number
  }

  /// The nodes of a list; none where nothing was written.
  func elements(_ name: String) throws(Complaint) -> [YAMLNode] {
    if isNull { return [] }
    guard case .list(let nodes) = content else {
      throw Complaint(mark, "\"\(name)\" must be a list ([…]), not \(found)")
    }
    return nodes
  }

  /// The texts of a list, each once.
  func texts(
    _ name: String, check: (YAMLNode, String) throws(Complaint) -> Void = { _, _ in }
  ) throws(Complaint) -> [String] {
    var texts: [String] = []
    for node in try elements(name) {
      let text = try node.text(name)
      try check(node, text)
      if texts.contains(text) {
        throw Complaint(node.mark, "\"\(shortened(text))\" stands twice in \"\(name)\"")
      }
      texts.append(text)
    }
    return texts
  }

  /// Texts by texts; none where nothing was written.
  ///
  /// - Parameter check: is given the node to complain about, and a key or a value.
  func pairs(
    _ name: String, check: (Mark, String) throws(Complaint) -> Void
  ) throws(Complaint) -> [String: String] {
    if isNull { return [:] }
    guard case .map(let entries) = content else {
      throw Complaint(mark, "\"\(name)\" must be a mapping (from: to), not \(found)")
    }
    var pairs: [String: String] = [:]
    for entry in entries {
      let value = try entry.value.text(shortened(entry.key))
      try check(entry.keyMark, entry.key)
      try check(entry.value.mark, value)
      pairs[entry.key] = value
    }
    return pairs
  }
}
