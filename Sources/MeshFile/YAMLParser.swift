import CYAML

/// Reads one YAML document into nodes through libyaml's events.
///
/// Anchors, aliases, tags, merge keys and further documents are refused: a mesh file needs none
/// of them, and each can make a file mean something other than it seems to.
struct YAMLParser: ~Copyable {
  private static let deepest = 16
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let handle: OpaquePointer
  private let bytes: [UInt8]
  private var event = cyaml_event()

  /// - Parameter bytes: the file's content, valid UTF-8.
  init(_ bytes: [UInt8]) throws(Complaint) {
    let content = bytes.starts(with: Self.byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    guard let handle = cyaml_parser_new(content, content.count) else {
      throw Complaint(.start, "memory is out")
    }
    self.handle = handle
    self.bytes = content
  }

  deinit { cyaml_parser_free(handle) }

  /// The file's only document. To be called once.
  mutating func document() throws(Complaint) -> YAMLNode {
    try advance()
    guard event.kind == CYAML_DOCUMENT else { throw Complaint(.start, "the file is empty") }
    try advance()
    let node = try self.node(depth: 0)
    try advance()  // the document's end
    try advance()
    guard event.kind == CYAML_STREAM_END else {
      throw Complaint(mark, "a second document begins here; a mesh file holds one")
    }
    return node
  }

  private var mark: Mark { Mark(line: event.line + 1, column: event.column + 1) }

  private mutating func advance() throws(Complaint) {
    guard cyaml_parser_next(handle, &event) else { throw syntaxComplaint() }
  }

  private mutating func node(depth: Int) throws(Complaint) -> YAMLNode {
    try refuseSurprises(depth: depth)
    let mark = self.mark
    switch event.kind {
    case CYAML_LIST:
      return YAMLNode(mark: mark, content: .list(try list(depth: depth)))
    case CYAML_MAP:
      return YAMLNode(mark: mark, content: .map(try map(depth: depth)))
    default:
      return YAMLNode(mark: mark, content: .scalar(scalarText, plain: event.plain))
    }
  }

  private var scalarText: String {
    String(decoding: UnsafeBufferPointer(start: event.bytes, count: event.count), as: UTF8.self)
  }

  private mutating func list(depth: Int) throws(Complaint) -> [YAMLNode] {
    var nodes: [YAMLNode] = []
    try advance()
    while event.kind != CYAML_LIST_END {
      nodes.append(try node(depth: depth + 1))
      try advance()
    }
    return nodes
  }

  private mutating func map(depth: Int) throws(Complaint) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    try advance()
    while event.kind != CYAML_MAP_END {
      let (key, keyMark) = try self.key()
      if let line = lines.updateValue(keyMark.line, forKey: key) {
        throw Complaint(keyMark, "key \"\(shortened(key))\" stands twice, first in line \(line)")
      }
      try advance()
      entries.append(.init(key: key, keyMark: keyMark, value: try node(depth: depth + 1)))
      try advance()
    }
    return entries
  }

  private func key() throws(Complaint) -> (String, Mark) {
    try refuseSurprises(depth: 0)
    guard event.kind == CYAML_SCALAR else { throw Complaint(mark, "a key must be a plain text") }
    let key = scalarText
    if key == "<<" && event.plain {
      throw Complaint(mark, "merge keys (<<) are not for mesh files; write the values out")
    }
    return (key, mark)
  }

  private func refuseSurprises(depth: Int) throws(Complaint) {
    if event.anchored || event.kind == CYAML_ALIAS {
      throw Complaint(
        mark,
        "anchors and aliases (& and *) are not for mesh files; write the value out, "
          + "in quotes if it begins with one of these characters")
    }
    if event.tagged {
      throw Complaint(mark, "tags (!) are not for mesh files; write the value without one")
    }
    if depth > Self.deepest { throw Complaint(mark, "nested more than \(Self.deepest) deep") }
  }

  private func syntaxComplaint() -> Complaint {
    let problem = cyaml_parser_problem(handle)
    let end = Mark(of: bytes.count, in: bytes)
    var mark = Mark(line: problem.line + 1, column: problem.column + 1)
    if problem.at_offset { mark = Mark(of: problem.offset, in: bytes) }
    // libyaml sees the end of a file without a last line feed on a line of its own.
    if mark.line > end.line { mark = end }
    var message = String(cString: problem.message)
    if let context = problem.context {
      let line = problem.context_line + 1
      let begun = line == mark.line ? "" : ", begun in line \(line)"
      message += " (\(String(cString: context))\(begun))"
    }
    if byte(at: mark) == UInt8(ascii: "\t") { message += "; YAML is indented by spaces, not tabs" }
    return Complaint(mark, "not YAML: \(message)")
  }

  private func byte(at mark: Mark) -> UInt8? {
    let lines = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: mark.line, omittingEmptySubsequences: false)
    guard mark.line <= lines.count else { return nil }
    return String(decoding: lines[mark.line - 1], as: UTF8.self)
      .unicodeScalars.dropFirst(mark.column - 1).first.flatMap { UInt8(exactly: $0.value) }
  }
}

extension Mark {
  /// The place of the byte at an offset.
  init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    let feed = UInt8(ascii: "\n")
    let lineStart = before.lastIndex(of: feed).map { $0 + 1 } ?? 0
    let onLine = String(decoding: before[lineStart...], as: UTF8.self)
    self.init(
      line: before.count { $0 == feed } + 1, column: onLine.unicodeScalars.count + 1)
  }
}
