/// What a record is called: `111122223333/glue/table/sales/orders`.
///
/// It is the account, the service, the kind's name and the record's path, joined by `/`. In each
/// part `%`, `/` and control characters are percent-encoded, so that any name AWS allows can be
/// told from its neighbours. Keys are compared byte by byte, not as Swift compares strings.
public struct RecordKey: Sendable, CustomStringConvertible {
  public let text: String

  public init(account: String, kind: Kind, path: [String]) {
    let parts = [account, kind.service, kind.name] + path
    text = parts.map(Self.encode).joined(separator: "/")
  }

  /// A key as it was printed or archived; nil if it has no account, service and kind.
  public init?(_ text: String) {
    guard text.utf8.lazy.filter({ $0 == UInt8(ascii: "/") }).count >= 2 else { return nil }
    self.text = text
  }

  public var account: String { String(part(0)) }
  public var service: String { String(part(1)) }
  /// The kind's name, without its service.
  public var kindName: String { String(part(2)) }

  /// The decoded parts behind the kind.
  public var path: [String] {
    text.utf8.split(separator: Self.slash, omittingEmptySubsequences: false).dropFirst(3)
      .map { Self.decode(Substring($0)) }
  }

  public var description: String { text }

  /// The path for people: its parts, joined by dots.
  public var name: String { path.joined(separator: ".") }

  private static let slash = UInt8(ascii: "/")

  /// One of the parts before the path. It is asked for very often, so no character is looked at.
  private func part(_ index: Int) -> Substring {
    var rest = text.utf8[...]
    for _ in 0..<index {
      rest = rest[rest.index(after: rest.firstIndex(of: Self.slash) ?? rest.startIndex)...]
    }
    return Substring(rest.prefix { $0 != Self.slash })
  }

  private static func mustBeEncoded(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "%") || byte == UInt8(ascii: "/") || byte < 0x20 || byte == 0x7F
  }

  private static func encode(_ part: String) -> String {
    guard part.utf8.contains(where: mustBeEncoded) else { return part }
    var bytes: [UInt8] = []
    for byte in part.utf8 {
      if mustBeEncoded(byte) {
        let digits = String(byte, radix: 16, uppercase: true)
        bytes += "%\(digits.count == 1 ? "0" : "")\(digits)".utf8
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a part of a path as it stands in a key.
  public static func append(_ part: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) {
    guard part.contains(where: mustBeEncoded) else {
      key.append(contentsOf: part)
      return
    }
    key += encode(String(decoding: part, as: UTF8.self)).utf8
  }

  private static func decode(_ part: Substring) -> String {
    guard part.utf8.contains(UInt8(ascii: "%")) else { return String(part) }
    var bytes: [UInt8] = []
    var rest = part.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension RecordKey: Hashable, Comparable {
  public static func == (left: RecordKey, right: RecordKey) -> Bool {
    left.bytes(with: right) { $0.elementsEqual($1) }
  }

  public static func < (left: RecordKey, right: RecordKey) -> Bool {
    left.bytes(with: right) { $0.lexicographicallyPrecedes($1) }
  }

  private func bytes(
    with other: RecordKey,
    _ compare: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    let found = text.utf8.withContiguousStorageIfAvailable { own in
      other.text.utf8.withContiguousStorageIfAvailable { compare(own, $0) }
    }
    if let found, let found { return found }
    // A string that is not Swift's own.
    return Array(text.utf8).withUnsafeBufferPointer { own in
      Array(other.text.utf8).withUnsafeBufferPointer { compare(own, $0) }
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(text)
  }
}
