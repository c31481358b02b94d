import FileFormats

/// Locations as Delta's actions give them.
enum DeltaPath {
  /// A path is relative to the table, or a URI, and percent-encoded.
  static func location(_ path: String?, in root: String) throws -> String {
    guard let path, let decoded = decoded(path) else {
      throw FormatError("it has an action without a readable path")
    }
    return decoded.contains("://") ? decoded : "\(root)/\(decoded)"
  }

  /// The file of a deletion vector; nil where it stands in the log itself.
  static func vector(_ vector: DeltaVector, in root: String) throws -> String? {
    let text = vector.text
    switch vector.kind {
    case "i": return nil
    case "p": return try location(text, in: root)
    case "u" where text.utf8.count >= 20:
      let prefix = String(text.dropLast(20))
      guard let name = uuid(text.suffix(20)) else { break }
      return "\(root)/\(prefix.isEmpty ? "" : prefix + "/")deletion_vector_\(name).bin"
    default: break
    }
    throw FormatError("it has a deletion vector of an unknown form")
  }

  private static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let alphabet = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  /// A UUID of 16 bytes in Z85.
  private static func uuid(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: 20, by: 5) {
      var value: UInt64 = 0
      for character in Array(text.utf8)[start..<start + 5] {
        guard let digit = alphabet.firstIndex(of: character) else { return nil }
        value = value * 85 + UInt64(digit)
      }
      guard value <= UInt64(UInt32.max) else { return nil }
      for shift in [24, 16, 8, 0] {
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
      }
    }
    let digits = bytes.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { digits[$0].joined() }
      .joined(separator: "-")
  }
}
