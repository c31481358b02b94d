extension JSON {
  /// The canonical form: members sorted by the code points of their names, no white space, the
  /// shortest escapes. Equal values give equal bytes.
  public var canonicalBytes: [UInt8] {
    var writer = JSONWriter(indent: nil)
    writer.write(self, depth: 0)
    return writer.bytes
  }

  /// The canonical form as text.
  public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

  /// The same, indented by two spaces, for people. Ends without a line feed.
  public var prettyText: String {
    var writer = JSONWriter(indent: 2)
    writer.write(self, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  /// Spaces for each level; nil writes everything on one line.
  let indent: Int?
  var bytes: [UInt8] = []

  init(indent: Int?) {
    self.indent = indent
  }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let token): bytes += token.utf8
    case .string(let text): writeString(text)
    case .unpaired(let token): writeToken(token)
    case .array(let elements):
      writeList(elements, between: "[]", depth: depth) { writer, element in
        writer.write(element, depth: depth + 1)
      }
    case .object(let members):
      // Swift orders strings by normalised characters; the canonical form by code points, which is
      // the order of their UTF-8.
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      writeList(sorted, between: "{}", depth: depth) { writer, member in
        writer.writeString(member.key)
        writer.bytes += (writer.indent == nil ? ":" : ": ").utf8
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func writeList<Element>(
    _ elements: [Element], between brackets: StaticString, depth: Int,
    _ writeElement: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(brackets.utf8Start[0])
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(depth + 1)
      writeElement(&self, element)
    }
    if !elements.isEmpty { breakLine(depth) }
    bytes.append(brackets.utf8Start[1])
  }

  private mutating func breakLine(_ depth: Int) {
    guard let indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: indent * depth)
  }

  private mutating func writeToken(_ token: String) {
    bytes.append(UInt8(ascii: "\""))
    bytes += token.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 0x08: bytes += "\\b".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes += "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
